"""An entry that says it is empty and is not, and a comment as long as comments can be.

Earns: 2
Class: 14 15
Form: build
"""

import struct
import zipfile


def build(folder, files):
    target = folder / "attack.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr("shapes/data.txt", b"x" * 10**6)
        archive.comment = b"FORGED" * 10_000
    data = bytearray(target.read_bytes())
    at = data.rindex(b"PK\1\2", 0, data.rindex(b"PK\5\6"))
    struct.pack_into("<I", data, at + 24, 0)
    target.write_bytes(data)
    return target
