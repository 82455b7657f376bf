"""A zip in which a folder is a link to the solution, and files lie in that folder and behind it.

Earns: 2
Class: 8 15
Form: build
"""

import stat
import zipfile


def build(folder, files):
    solution = folder.parent / "solution" / "shapes"
    target = folder / "attack.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        for name, leads in (
            ("shapes/right", str(solution)),
            ("shapes/right.py", str(solution / "area.py")),
            ("right", "../solution"),
        ):
            link = zipfile.ZipInfo(name)
            link.create_system = 3
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, leads)
        archive.writestr("shapes/right/area.py", files["shapes/area.py"])
        archive.writestr("right/shapes/area.py", b"raise SystemExit")
        archive.writestr("right/shapes/__init__.py", b"")
    return target
