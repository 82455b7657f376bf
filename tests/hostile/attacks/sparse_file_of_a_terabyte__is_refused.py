"""A module of the package is a file of a terabyte that takes no room on the disk.

Earns: 0
Class: 14 15
Form: build
"""


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    with open(folder / "shapes" / "huge.py", "wb") as file:
        file.truncate(1 << 40)
    return folder
