"""Members with .., absolute paths, links and devices, and a header that claims to be huge.

Earns: 2
Class: 15
Form: build
Repeat: without root
"""

import io
import tarfile


def build(folder, files):
    mark = folder.parent.name.split("-")[0]
    with tarfile.open(folder / "attack.tar", "w") as archive:
        outside = [
            f"../../{mark}.py",
            f"/tmp/{mark}.py",
            f"shapes/../../{mark}.py",
            f"C:\\{mark}.py",
        ]
        for path, content in [*files.items(), *((name, "raise SystemExit") for name in outside)]:
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, kind, target in (
            ("shapes/secret.py", tarfile.SYMTYPE, "/etc/passwd"),
            ("shapes/up", tarfile.SYMTYPE, "../.."),
            ("shapes/hard.py", tarfile.LNKTYPE, "/etc/passwd"),
            ("shapes/pipe.py", tarfile.FIFOTYPE, ""),
            ("shapes/device.py", tarfile.CHRTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        info = tarfile.TarInfo(f"shapes/up/{mark}.py")
        archive.addfile(info)
    return folder / "attack.tar"
