"""A build back end (PEP 517) that needs nothing but Python: it packs the folder src into a wheel.

Name and version are those of pyproject.toml. It lies in the project itself (backend-path), so that the project can be
installed where there is no package index.
"""

import base64
import hashlib
import pathlib
import re
import zipfile

MOMENT = (1980, 1, 1, 0, 0, 0)


def _project():
    text = pathlib.Path("pyproject.toml").read_text(encoding="utf-8")
    section = text.split("[project]", 1)[1].split("\n[", 1)[0]
    found = dict(re.findall(r'(?m)^(name|version)\s*=\s*"([^"]+)"', section))
    return found["name"].replace("-", "_"), found["version"]


def _requires():
    text = pathlib.Path("pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"(?m)^dependencies\s*=\s*\[([^\]]*)\]", text)
    return re.findall(r'"([^"]+)"', found.group(1)) if found else []


def get_requires_for_build_wheel(config_settings=None):
    return []


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name, version = _project()
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {it}\n" for it in _requires())
    files = {
        str(path.relative_to("src")): path.read_bytes()
        for path in sorted(pathlib.Path("src").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: plain_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = []
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(content)}\n")
            archive.writestr(zipfile.ZipInfo(path, MOMENT), content)
        record.append(f"{info}/RECORD,,\n")
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD", MOMENT), "".join(record))
    print(f"packed {len(files)} files into {wheel}")
    return wheel
