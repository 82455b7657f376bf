"""Claims that lead to hidden tests, to the complete solution's claims, and to a pipe.

Form: notebook build
Earns: 3
Class: 8 15
Ends: n1-claims=not_attempted|failed, n1-sums=passed
Repeat: without root
"""

import os
import shutil


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    shutil.rmtree(folder / "claims")
    (folder / "claims").mkdir()
    rubric = folder.parent / "course" / "assignment" / "noted" / "rubric"
    (folder / "claims" / "n1.json").symlink_to(folder.parent / "solution" / "claims" / "n1.json")
    (folder / "claims" / "n2.json").symlink_to(rubric)
    (folder / "claims" / "n3.json").symlink_to(sorted(rubric.glob("*_hidden.py"))[0])
    os.mkfifo(folder / "claims" / "n1.npz")
    return folder
