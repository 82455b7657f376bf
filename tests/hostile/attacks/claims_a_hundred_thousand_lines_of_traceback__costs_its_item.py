"""An error with far too many frames, each of which the grader looks up in a file of a megabyte.

Earns: 2
Class: 14
Form: build
Ends: t1-square=failed|crashed, t1-row-sums=passed
"""

AREA = b"""
from shapes.tools import forge


def square(x):
    frames = [["shapes/padding.py", 5, "square"]] * 50_000
    forge({"error": {"type": "ValueError", "message": "no", "frames": frames}})


def row_sums(X):
    return X.sum(axis=1)
"""


def build(folder, files):
    files["shapes/area.py"] = AREA
    files["shapes/padding.py"] = b"# nothing\n" * 100_000
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
