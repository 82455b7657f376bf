"""A tar.gz of two hundred kilobytes that holds two hundred megabytes.

Earns: 0
Class: 14 15
Form: build
"""

import io
import tarfile


def build(folder, files):
    with tarfile.open(folder / "attack.tar.gz", "w:gz") as archive:
        for path, content in {**files, "shapes/data.txt": bytes(2 * 10**8)}.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return folder / "attack.tar.gz"
