"""Capture what cells print, by cell, up to a limit per notebook."""

import io

MAX_CELL = 64 * 1024
MAX_NOTEBOOK = 1024 * 1024
_CUT = "\n[the rest of the output is left out]\n"


class Output(io.TextIOBase):
    """A stand-in for `sys.stdout`."""

    def __init__(self) -> None:
        self.by_cell: dict[int, str] = {}
        self._parts: list[str] = []
        self._cell = 0
        self._left, self._left_in_all = 0, MAX_NOTEBOOK

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        text = str.__str__(text)  # a student's subclass may lie about its length
        if self._left > 0 and text:
            kept = text[: min(self._left, self._left_in_all)]
            self._parts.append(kept if len(kept) == len(text) else kept + _CUT)
            self._left_in_all -= len(kept)
            self._left = 0 if len(kept) < len(text) else self._left - len(kept)
        return len(text)

    def begin(self, cell: int) -> None:
        """Attribute the following output to this cell."""
        self.end()
        self._cell, self._left = cell, MAX_CELL

    def end(self) -> None:
        """Join the text of the current cell."""
        text = "".join(self._parts)
        self._parts.clear()
        self._left = 0
        if text:
            self.by_cell[self._cell] = self.by_cell.get(self._cell, "") + text


class Nowhere(io.TextIOBase):
    """A stand-in for `sys.stderr`: progress bars and warnings are discarded."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)
