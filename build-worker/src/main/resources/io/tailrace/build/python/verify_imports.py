"""Imports the engine, and every module that the configuration installed. Arguments: the engine's module, the configuration's folder."""

import importlib
import importlib.metadata
import json
import pathlib
import sys
import traceback
import urllib.parse


def modules_of(distribution):
    names = set()
    for file in distribution.files or []:
        first = file.parts[0]
        if first.endswith((".dist-info", ".data", ".pth")) or first in ("..", "__pycache__"):
            continue
        name = first[:-3] if len(file.parts) == 1 and first.endswith(".py") else first
        if name.isidentifier():
            names.add(name)
    return sorted(names)


def is_from(distribution, folder):
    text = distribution.read_text("direct_url.json")
    if text is None:
        return False
    url = urllib.parse.urlparse(json.loads(text).get("url", ""))
    return url.scheme == "file" and pathlib.Path(urllib.parse.unquote(url.path)) == folder


def main():
    engine, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    wanted = [engine]
    for distribution in importlib.metadata.distributions():
        if is_from(distribution, folder):
            wanted += modules_of(distribution)
    for name in wanted:
        try:
            module = importlib.import_module(name)
        except BaseException:
            traceback.print_exc()
            print(f"cannot import {name}", file=sys.stderr)
            return 1
        print(f"imported {name} from {getattr(module, '__file__', None) or 'a namespace'}")
    return 0


sys.exit(main())
