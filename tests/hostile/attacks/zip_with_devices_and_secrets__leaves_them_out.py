"""Device files, pipes, sockets, set-uid bits, encrypted and oddly compressed entries.

Earns: 2
Class: 15
Form: build
Repeat: without root
"""

import stat
import zipfile


def build(folder, files):
    target = folder / "attack.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        for name, kind in (("dev", stat.S_IFCHR), ("disk", stat.S_IFBLK), ("pipe", stat.S_IFIFO),
                           ("socket", stat.S_IFSOCK), ("root", stat.S_IFREG | 0o6777)):  # fmt: skip
            entry = zipfile.ZipInfo(f"shapes/{name}")
            entry.external_attr = (kind | 0o777) << 16
            archive.writestr(entry, "x")
        archive.writestr("shapes/packed.txt", "x" * 1000, zipfile.ZIP_LZMA)
    data = bytearray(target.read_bytes())
    at = data.rindex(b"PK\1\2")
    data[at + 8] |= 1  # says that it is encrypted
    target.write_bytes(data)
    return target
