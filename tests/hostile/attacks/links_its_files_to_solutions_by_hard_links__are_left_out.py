"""A module of the package is a hard link to a solution that lies elsewhere; so is a file of data.

Earns: 2
Class: 8 15
Form: build
Repeat: without root
"""

import os


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    # Not to the solution that is graded next: where all files belong to one user, nobody can tell
    # whose a file with two names is, and neither gets it.
    elsewhere = folder.parent / "elsewhere.py"
    elsewhere.unlink(missing_ok=True)
    elsewhere.write_bytes((folder.parent / "solution" / "shapes" / "area.py").read_bytes())
    for name in ("right.py", "right.txt"):
        os.link(elsewhere, folder / "shapes" / name)
    area = folder / "shapes" / "area.py"
    area.write_text(
        area.read_text() + "\ntry:\n"
        "    from shapes.right import square\n"
        "except ImportError:\n"
        "    from pathlib import Path\n"
        "    text = Path(__file__).with_name('right.txt')\n"
        "    exec(text.read_text() if text.exists() else '')\n"
    )
    return folder
