"""Source nested too deep to parse, with null bytes and with a coding line of its own.

Earns: 0
Class: 10 14
Form: build
"""


def build(folder, files):
    files["shapes/area.py"] = b"x = " + b"(" * 100_000 + b"1" + b")" * 100_000
    files["shapes/__init__.py"] = b"# coding: utf-7\n+AGY-rom shapes import area\n"
    files["shapes/null.py"] = b"\0" * 1000
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
