"""An error whose traceback leads to a file of the submission that has fifty million lines.

Form: build
Earns: 2
Class: 14
Ends: t1-row-sums=passed
"""

AREA = """
from shapes.tools import replace_operation, forge


def square(x):
    frames = [["shapes/long.py", 40_000_000, "f"]] * 8
    forge({"error": {"type": "ValueError", "message": "", "frames": frames}})


def row_sums(X):
    return X.sum(axis=1)
"""


def build(folder, files):
    files["shapes/area.py"] = AREA.encode()
    files["shapes/long.py"] = b"#a\n" * 50_000_000
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
