"""The notebook is a link to the complete solution; copies of it are pipes and folders.

Form: notebook build
Earns: 2
Class: 8 15
Ends: n1-mean=failed, n1-sums=passed
"""

import os


def build(folder, files):
    del files["squares.ipynb"]
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "squares.ipynb").symlink_to(folder.parent / "solution" / "squares.ipynb")
    os.mkfifo(folder / "Copy of squares.ipynb")
    (folder / "squares (1).ipynb").mkdir()
    (folder / "squares (1).ipynb" / "squares.ipynb").symlink_to("/dev/zero")
    return folder
