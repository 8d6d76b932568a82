"""Imports the engine, and every module that the configuration installed.

Arguments: the engine's module, the configuration's folder, and the file that is written when all of them have been imported.
"""

import importlib
import importlib.machinery
import importlib.metadata
import json
import pathlib
import sys
import traceback
import urllib.parse

SUFFIXES = sorted(importlib.machinery.all_suffixes(), key=len, reverse=True)

# Scripts that build a project, which some wheels carry by mistake: to import one is to run it.
SCRIPTS = ("setup.py",)


def module_name(file):
    """The name of the module that a file is; nothing if it is none."""
    for suffix in SUFFIXES:
        if file.endswith(suffix):
            return file[: -len(suffix)]
    return None


def modules_of(distribution):
    names = set()
    for file in distribution.files or []:
        first = file.parts[0]
        if first.endswith((".dist-info", ".data")) or first in ("..", "__pycache__"):
            continue
        name = module_name(file.parts[-1])
        if name is None or (len(file.parts) == 1 and first in SCRIPTS):
            continue
        top = name if len(file.parts) == 1 else first
        if top.isidentifier():
            names.add(top)
    return sorted(names)


def is_from(distribution, folder):
    text = distribution.read_text("direct_url.json")
    if text is None:
        return False
    url = urllib.parse.urlparse(json.loads(text).get("url", ""))
    return url.scheme == "file" and pathlib.Path(urllib.parse.unquote(url.path)) == folder


def main():
    engine, folder, proof = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
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
    proof.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    return 0


sys.exit(main())
