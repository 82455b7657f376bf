"""Bytecode and libraries that Python would take before or instead of the source.

Earns: 2
Class: 12 13
Form: build
"""

import marshal


def build(folder, files):
    evil = b"\0" * 16 + marshal.dumps(compile("import os; os._exit(0)", "x", "exec"))
    for name in ("shapes/__pycache__/area.cpython-311.pyc", "shapes/area.pyc", "shapes/area.so",
                 "shapes/area.cpython-311-x86_64-linux-gnu.so", "shapes/numpy.so"):  # fmt: skip
        files[name] = evil
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
