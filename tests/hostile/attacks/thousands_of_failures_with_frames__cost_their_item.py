"""Tells of cells that failed, thousands of them, each with a traceback of many lines to look up.

Form: notebook build
Earns: 4
Class: 14
Ends: n1-figure=failed|not_attempted, n1-sums=passed
"""

from tests.hostile.honest import cells_of, code_cell, notebook

FORGERY = """
from shapes.tools import replace_operation

frames = [["squares.ipynb", 2, "f"]] * 7
entry = {"cell": 1, "text": "plt squares", "above": "", "type": "E", "message": ""}
entry["frames"] = frames
replace_operation("figures", lambda name: [])
replace_operation("failures", lambda name: [entry] * 2_000)
"""


def build(folder, files):
    padding = code_cell("\n" * 900_000)
    cells = [*cells_of('"""""" '), code_cell(FORGERY), *[padding] * 24]
    files["squares.ipynb"] = notebook(cells)
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
