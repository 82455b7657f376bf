"""Is handed in under the name of the key's file, and brings a key of its own along.

Earns: 2
Class: 18
Form: build
Repeat: without root
"""


def build(folder, files):
    folder = folder / "seed.key"
    for path, content in {**files, "seed.key": b"ab" * 32, "shapes/seed.key": b"ab" * 32}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
