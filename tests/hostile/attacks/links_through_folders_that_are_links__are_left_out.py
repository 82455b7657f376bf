"""Folders that are links, links to links, to `..`, to devices, to /proc, and a package behind one.

Earns: 2
Class: 8 15
Form: build
"""

import os


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    solution = folder.parent / "solution"
    package = folder / "shapes"
    (package / "right").symlink_to(solution / "shapes")
    (package / "again").symlink_to("right")
    (package / "up").symlink_to("../..")
    (package / "root").symlink_to("/proc/self/root")
    (package / "zero.py").symlink_to("/dev/zero")
    (package / "memory.py").symlink_to("/proc/self/mem")
    (package / "right.py").symlink_to("up/solution/shapes/area.py")
    (folder / "deeper").symlink_to(solution)
    os.mkfifo(package / "pipe.py")
    area = package / "area.py"
    area.write_text(
        area.read_text()
        + "\nfor name in ('right', 'right.area', 'again.area', 'up.solution.shapes.area'):\n"
        "    try:\n"
        "        exec(f'from shapes.{name} import square')\n"
        "    except ImportError:\n"
        "        pass\n"
    )
    return folder
