"""Links to the hidden tests, to the solution, round in circles, and pipes that never end.

Earns: 0
Class: 8 15
Form: build
Repeat: without root
"""

import os


def build(folder, files):
    del files["shapes/area.py"]
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    shapes = folder / "shapes"
    (shapes / "area.py").symlink_to(folder.parent / "solution" / "shapes" / "area.py")
    (shapes / "rubric").symlink_to(folder.parent / "course" / "assignment" / "tiny" / "rubric")
    (shapes / "round").symlink_to(".")
    (shapes / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(shapes / "pipe.py")
    with open(shapes / "hole.txt", "wb") as file:
        file.truncate(2**40)
    (shapes / "hole.txt").unlink()
    return folder
