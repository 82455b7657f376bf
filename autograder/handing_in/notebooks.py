"""Read a notebook as Jupyter, VS Code or Colab saved it, and tell how it was run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SHOWN = 3
"""The most cells of one kind that a message names; the others are counted."""


class NotebookError(ValueError):
    """The error for a file that is not a notebook; the text completes "`name` ..."."""


@dataclass(frozen=True)
class NotebookCell:
    """One cell of a notebook.

    Attributes:
        number: 1 for the first cell of the notebook, regardless of its kind.
        id: the id in the notebook's file, "" if it has none.
        kind: "code", "markdown" or "raw".
        source: its text.
        count: the kernel's execution count when it was run, None if it was not run.
        outputs: its outputs, as the notebook's format has them.
        node: the whole cell, as the notebook's format has it.
    """

    number: int
    id: str
    kind: str
    source: str
    count: int | None
    outputs: tuple[dict[str, Any], ...]
    node: dict[str, Any]

    @property
    def shown(self) -> str:
        """The cell's number and the beginning of its text."""
        lines = (line.strip() for line in self.source.splitlines())
        first = next((line for line in lines if line and not line.startswith("#")), "")
        return f"cell {self.number}, `{first[:40]}{'...' if len(first) > 40 else ''}`"


def read_notebook(data: bytes) -> list[NotebookCell]:
    """Return the cells of a notebook's file.

    Raises:
        NotebookError: the file is not a notebook.
    """
    try:
        document = json.loads(data.decode("utf-8-sig")) if data.strip() else None
    except (ValueError, RecursionError):
        raise NotebookError("is not a notebook: it is not JSON") from None
    if document is None:
        raise NotebookError("is empty")
    nodes = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(nodes, list):
        raise NotebookError("is not a notebook of format 4; open it in Jupyter and save it again")
    return [_cell(number, node) for number, node in enumerate(nodes, 1) if isinstance(node, dict)]


def without_words(data: bytes) -> bytes:
    """Return a notebook's content without the text and the pictures of its markdown cells.

    What a notebook does when it is run depends on this content alone. Content that is not a
    notebook is returned as it is.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
        for node in document["cells"]:
            if node["cell_type"] == "markdown":
                node.pop("attachments", None)
                node["source"] = ""
        return json.dumps(document, sort_keys=True).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return data


def text_of(value: object) -> str:
    """Return a text that the format stores as one string or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def printed(cells: list[NotebookCell]) -> str:
    """Return everything that a notebook printed."""
    return "".join(
        text_of(output.get("text"))
        for cell in cells
        for output in cell.outputs
        if output.get("output_type") == "stream"
    )


def complaints(cells: list[NotebookCell]) -> Iterator[str]:
    """Yield what is wrong with how a notebook was run; each text completes "`name` ..."."""
    code = [cell for cell in cells if cell.kind == "code" and cell.source.strip()]
    if not code:
        yield "has no code in it"
        return
    remedy = "restart the kernel, run all cells from the first to the last, and save it"
    run = [cell for cell in code if cell.count is not None]
    if not run:
        yield f"was not run, or saved without its outputs; {remedy}"
        return
    if len(run) < len(code):
        skipped = [cell for cell in code if cell.count is None]
        yield f"has {_named(skipped)} that was not run; {remedy}"
    early = next((pair for pair in pairwise(run) if _backwards(*pair)), None)
    if early:
        before, after = early
        yield f"was not run in order: {after.shown} was run before {before.shown}; {remedy}"
    elif len(run) == len(code) and [cell.count for cell in run] != [*range(1, len(run) + 1)]:
        yield f"was run in pieces, some cells more than once or others deleted since; {remedy}"
    if not any(cell.outputs for cell in code):
        yield f"has no outputs; {remedy}"
    failed = [cell for cell in code if any(_is_error(output) for output in cell.outputs)]
    if failed:
        names = sorted({str(output.get("ename", "an error"))[:80] for cell in failed
                        for output in cell.outputs if _is_error(output)})  # fmt: skip
        yield f"has {_named(failed)} that ended in {', '.join(names[:SHOWN])}"


def _cell(number: int, node: dict[str, Any]) -> NotebookCell:
    outputs = node.get("outputs")
    count = node.get("execution_count")
    metadata = node.get("metadata")
    inner_id = metadata.get("id") if isinstance(metadata, dict) else ""  # Colab stores it there
    return NotebookCell(
        number=number,
        id=text_of(node.get("id") or inner_id),
        kind=text_of(node.get("cell_type")),
        source=text_of(node.get("source")),
        count=count if isinstance(count, int) else None,
        outputs=tuple(one for one in outputs if isinstance(one, dict))
        if isinstance(outputs, list)
        else (),
        node=node,
    )


def _backwards(before: NotebookCell, after: NotebookCell) -> bool:
    return (before.count or 0) >= (after.count or 0)


def _is_error(output: dict[str, Any]) -> bool:
    return output.get("output_type") == "error"


def _named(cells: list[NotebookCell]) -> str:
    names = "; ".join(cell.shown for cell in cells[:SHOWN])
    more = len(cells) - SHOWN
    return (
        f"{len(cells)} cell{'s' * (len(cells) > 1)} ({names}{f'; {more} more' if more > 0 else ''})"
    )
