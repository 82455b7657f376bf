"""Split a notebook that is written as text into its cells, and check where they begin.

The text is Python in jupytext's percent format: a comment line `# %%` begins a code cell, and
`# %% [markdown]` begins a cell whose lines are comments. The line may continue with
`tags=["..."]` and with one of these options:

    answer="<item-id>"      a markdown cell: the model answer of a written item
    check="<item-id>"       an empty code cell: the place of the item's check

jupytext reads the cells, so this module must agree with it on which lines begin a cell.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.errors import AssignmentErrors, Problem
from autograder.release.blocks import Comment
from autograder.release.magics import in_python

CODE, MARKDOWN = "code", "markdown"
HEAD = re.compile(r"# %%( .*)?")
LIKE_A_HEAD = re.compile(r"\s*#\s*(%%|<codecell>|In\[)")
MAGIC = re.compile(r"#\s?(%[A-Za-z]|![A-Za-z~./])")
MARKDOWN_HEAD = "# %% [markdown]"
OPTIONS = ("tags", "answer", "check")
PLACEMENT = "lines_to_next_cell"  # jupytext's note of blank lines, which does not matter here
# Without `comment_magics` a comment stays a comment, whatever text it begins with.
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}

Fault = tuple[int, str, str]  # line, what, remedy


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook.

    Attributes:
        kind: CODE or MARKDOWN.
        text: its source as a notebook shows it, without blank lines at its start and end.
        tags: its tags.
        answer: the written item that it answers, "" for none.
        check: the item whose check is placed here, "" for none.
        head: the line of the text that begins it.
        last: the last line of the text that belongs to it.
    """

    kind: str
    text: str
    tags: tuple[str, ...]
    answer: str
    check: str
    head: int
    last: int


def find_heads(
    file: str, lines: list[str], comments: Iterable[Comment]
) -> tuple[list[int], list[Problem]]:
    """Return the lines that begin cells, and a problem for each line that only resembles one.

    Args:
        file: the source's name in messages.
        lines: the source's lines.
        comments: the source's comments.
    """
    at_margin = {comment.line for comment in comments if comment.indent == ""}
    heads: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if HEAD.fullmatch(line) and number in at_margin:
            heads.append(number)
        elif LIKE_A_HEAD.match(line):
            what = f"'{line.strip()}' is nearly the beginning of a cell"
            remedy = "write '# %%' or '# %% [markdown]' at the margin, or reword it"
            problems.append(Problem(file, number, what, remedy))
        elif MAGIC.match(line) and number in at_margin and not _is_markdown(lines, heads):
            what = f"'{line}' looks like a magic, which would be a plain comment here"
            remedy = f"write {in_python(line)}, which does the same, or remove it"
            problems.append(Problem(file, number, what, remedy))
    return heads, problems


def _is_markdown(lines: list[str], heads: list[int]) -> bool:
    return bool(heads) and lines[heads[-1] - 1].startswith(MARKDOWN_HEAD)


def split_cells(text: str, file: str, heads: list[int]) -> list[Cell]:
    """Return the cells of a notebook's text.

    Args:
        text: the text.
        file: its name in messages.
        heads: the lines that begin cells; at least one.

    Raises:
        AssignmentErrors: a cell has options that are wrong.
    """
    lines = text.split("\n")[:-1]
    cells: list[Cell] = []
    problems: list[Problem] = []
    ends = [head - 1 for head in heads[1:]] + [len(lines)]
    for head, last in zip(heads, ends, strict=True):
        cell, faults = _read_cell(lines[head - 1 : last], head)
        problems += [Problem(file, *fault) for fault in faults]
        cells += [cell] if cell else []
    if problems:
        raise AssignmentErrors(problems)
    return cells


def _read_cell(lines: list[str], head: int) -> tuple[Cell | None, list[Fault]]:
    """Return the cell of some lines, the first of which is its head, or what is wrong with it."""
    import jupytext
    from nbformat import ValidationError

    if lines[0].startswith(MARKDOWN_HEAD):
        for number, line in enumerate(lines[1:], head + 1):
            if line.strip() and not line.startswith("#"):
                what = "a markdown cell that contains more than comments at the margin"
                remedy = "begin its lines with '# ', or begin a cell with '# %%'"
                return None, [(number, what, remedy)]
    try:
        read = jupytext.reads("\n".join(lines) + "\n", fmt=PERCENT).cells
    except ValidationError as error:
        what = f"a cell with options that nbformat refuses: {error.message}"
        return None, [(head, what, "correct them")]
    source = _without_blank_ends(read[0].source.split("\n"))
    options = {key: value for key, value in read[0].metadata.items() if key != PLACEMENT}
    faults = [(head, *fault) for fault in _option_faults(read[0].cell_type, options)]
    is_code = read[0].cell_type == CODE
    if len(read) != 1 or (is_code and source != _without_blank_ends(lines[1:])):
        faults.append(
            (head, "jupytext reads this cell differently", "please report it with the file")
        )
    if faults:
        return None, faults
    tags, answer, check = (options.get(name) for name in OPTIONS)
    last = head + len(lines) - 1
    kind = CODE if is_code else MARKDOWN
    return Cell(kind, source, tuple(tags or ()), answer or "", check or "", head, last), []


def _option_faults(kind: str, options: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a cell's kind and options, and what to write instead."""
    faults = []
    if kind not in (CODE, MARKDOWN):
        faults.append((f"a {kind} cell", "write '# %%' or '# %% [markdown]'"))
    for name in options:
        if name not in OPTIONS:
            said = options[name] if name in ("title", "incorrectly_encoded_metadata") else name
            remedy = 'write [markdown] first, then tags=["..."], answer="..." or check="..."'
            faults.append((f"a cell with the unknown option '{said}'", remedy))
    for name, right in (("answer", MARKDOWN), ("check", CODE)):
        value = options.get(name)
        if value is not None and not (isinstance(value, str) and value):
            faults.append((f"'{name}' names no item", f'write {name}="<item-id>"'))
        elif value is not None and kind != right:
            head = MARKDOWN_HEAD if right == MARKDOWN else "# %%"
            faults.append((f"'{name}' at a {kind} cell", f'write {head} {name}="{value}"'))
    return faults


def _without_blank_ends(lines: list[str]) -> str:
    written = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[written[0] : written[-1] + 1]) if written else ""
