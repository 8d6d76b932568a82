"""The demo's engine: counts the words of a text, by the rules that a configuration brings."""

import collections
import re

__version__ = "1.2.0"


def count(text, ignored=frozenset()):
    """The words of a text and how often each occurs, the most frequent first; ignored ones are left out."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return collections.Counter(word for word in words if word not in ignored).most_common()
