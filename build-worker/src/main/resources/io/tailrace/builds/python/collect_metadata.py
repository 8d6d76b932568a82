"""Says what is in the environment, for people on standard output and for the worker in a file. Argument: that file."""

import importlib.metadata
import os
import platform
import sys


def size_of(folder):
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            total += os.lstat(os.path.join(root, name)).st_size
    return total


def main():
    packages = sorted(
        {(it.metadata["Name"] or "?", it.version or "?") for it in importlib.metadata.distributions()},
        key=lambda it: it[0].lower(),
    )
    print(f"Python {platform.python_version()} in {sys.prefix}")
    for name, version in packages:
        print(f"{name} {version}")
    print(f"{size_of(sys.prefix)} bytes")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        for name, version in packages:
            file.write(f"{name}\t{version}\n")
    return 0


sys.exit(main())
