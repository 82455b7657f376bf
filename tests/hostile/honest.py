"""What an attack hands in besides: one wrong part and right ones, for each of the assignments."""

import json
import re

FUNCTIONS = {
    "square": "\n\ndef square(x):\n    return 2 * x\n",
    "row_sums": "\n\ndef row_sums(X):\n    return X.sum(axis=1)\n",
}
RIGHT_AREA = "\n\ndef square(x):\n    return x * x\n" + FUNCTIONS["row_sums"]

PARAMETERS = "import matplotlib.pyplot as plt\nimport numpy as np\n\nSTEPS = 8\n"
WRONG_MEAN = "def mean_of(values):\n    return float(np.sum(values))\n"
RIGHT_FIGURE = """\
numbers_to_square = np.arange(STEPS)
plt.plot(numbers_to_square, numbers_to_square**2)
plt.title("Squares of whole numbers")
plt.xlabel("number")
plt.ylabel("square")
plt.show()
"""


def completed(text):
    """An attack's module, with the functions that it does not define."""
    for function, source in FUNCTIONS.items():
        if not re.search(rf"^(def {function}\(|{function} = )", text, re.MULTILINE):
            text += source
    return text


def cells_of(text):
    """An attack's notebook: the cells of its text, and around them what it does not define."""
    body = text.split('"""', 2)[2].strip("\n")
    parts = re.split(r"^# %%( .*|)\n", f"# %%\n{body}\n", flags=re.MULTILINE)[1:]
    cells = [_cell(head, lines) for head, lines in zip(parts[::2], parts[1::2], strict=True)]
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    own = [] if re.search(r"^def mean_of\(|^mean_of = ", code, re.MULTILINE) else [WRONG_MEAN]
    own += [] if "numbers_to_square" in code else [RIGHT_FIGURE]
    return [code_cell(PARAMETERS), *cells, *map(code_cell, own)]


def _cell(head, lines):
    lines = lines.strip("\n")
    markdown = head.strip() == "[markdown]"
    if markdown or lines.startswith("# %%"):  # all of a cell with a magic of its own, too
        lines = re.sub(r"^# ?", "", lines, flags=re.MULTILINE)
    if markdown:
        return {"cell_type": "markdown", "source": lines, "metadata": {}}
    return code_cell(re.sub(r"^# (?=[!%])", "", lines, flags=re.MULTILINE))


def code_cell(source):
    """A code cell that has not been run."""
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    return cell | {"execution_count": None}


def notebook(cells):
    """A notebook's file."""
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document).encode()
