"""Read a notebook's cells as text that can be changed and written back."""

import json
from typing import Any


class SourceCell:
    """One cell of a notebook.

    Args:
        node: its JSON object, which changes are written to.
    """

    def __init__(self, node: dict[str, Any]) -> None:
        self.node = node

    @property
    def is_code(self) -> bool:
        """Whether it is executed."""
        return bool(self.node["cell_type"] == "code")

    @property
    def source(self) -> str:
        """Its text; files store it as one string or as a list of lines."""
        return "".join(self.node["source"])

    @source.setter
    def source(self, text: str) -> None:
        as_lines = isinstance(self.node["source"], list)
        self.node["source"] = text.splitlines(keepends=True) if as_lines else text


class NotebookText:
    """A notebook of the complete solution, which is known to be valid.

    Args:
        data: the bytes of its file.
    """

    def __init__(self, data: bytes) -> None:
        self._document = json.loads(data)
        self.cells = [SourceCell(node) for node in self._document["cells"]]

    def to_bytes(self) -> bytes:
        """Return the notebook as a file in Jupyter's layout."""
        document = self._document | {"cells": [cell.node for cell in self.cells]}
        return (json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
