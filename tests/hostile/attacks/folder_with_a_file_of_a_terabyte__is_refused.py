"""A file without a byte in it that says it is a terabyte long.

Earns: 0
Class: 14 15
Form: build
"""


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with open(folder / "shapes" / "hole.txt", "wb") as file:
        file.truncate(2**40)
    return folder
