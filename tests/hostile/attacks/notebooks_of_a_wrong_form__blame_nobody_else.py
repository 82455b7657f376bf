"""Cells, sources, outputs and names of other types than the format has; halves of characters.

Form: notebook build
Earns: 4
Class: 11 14
Ends: n1-sums=passed
"""

import json


def build(folder, files):
    document = json.loads(files["squares.ipynb"])
    odd = [None, 7, "cell", [], {}, {"cell_type": 7}, {"cell_type": "code", "source": 7}]
    odd += [{"cell_type": "markdown", "source": ["**Your answer to `n1-why`**\n", 7, "\ud800"]}]
    odd += [{"cell_type": "code", "source": [], "outputs": {"a": 1}, "execution_count": "x"}]
    odd += [{"cell_type": "raw", "metadata": 7, "id": ["a"], "attachments": [1]}]
    odd += [
        {"cell_type": "markdown", "attachments": {"a": 7, "b": {"image/png": 7}}, "source": "x"}
    ]
    odd += [{"cell_type": "code", "source": "1", "outputs": [7, {"data": 7}, {"text": {}}]}]
    odd = [cell for cell in odd if cell != {"cell_type": "code", "source": 7}]
    document["cells"] = [*odd, *document["cells"], *odd]
    document["nbformat_minor"] = {"a": float("inf")}
    files["squares.ipynb"] = json.dumps(document).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
