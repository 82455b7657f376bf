"""Entries with .., absolute paths, drives, backslashes and links.

Earns: 2
Class: 15
Form: build
"""

import stat
import zipfile


def build(folder, files):
    mark = folder.parent.name.split("-")[0]
    with zipfile.ZipFile(folder / "attack.zip", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        for name in (f"../../{mark}.py", f"/tmp/{mark}.py", f"shapes/../../{mark}.py",
                     f"C:\\{mark}.py", f"..\\{mark}.py", f"shapes/./../..//{mark}.py"):  # fmt: skip
            archive.writestr(name, "raise SystemExit")
        for name, target in (("shapes/secret.py", "/etc/passwd"), ("shapes/up", "../..")):
            link = zipfile.ZipInfo(name)
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, target)
        archive.writestr(f"shapes/up/{mark}.py", "raise SystemExit")
    return folder / "attack.zip"
