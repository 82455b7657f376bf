"""Find the line of each table, key and array element of a TOML document.

tomllib reads the values but keeps no positions. This index walks over the same text, which tomllib
has accepted, so it only needs to find where things begin and end.
"""

import tomllib

Path = tuple[str | int, ...]

BLANK = " \t\n"
QUOTES = ('"""', "'''", '"', "'")


class LineIndex:
    """The line of each path, such as `("item", 2, "points")`, in a TOML document."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._position = 0
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._read_document()

    def of(self, *path: str | int) -> int:
        """Return the line of `path`, or of its nearest parent that appears in the document."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read_document(self) -> None:
        table: Path = ()
        while self._skip_blank():
            if self._next() == "[":
                table = self._read_header()
            else:
                self._read_pair(table)

    def _read_header(self) -> Path:
        """Read `[table]` or `[[table]]`; return its path with the index of each array."""
        line, is_array = self._line(), self._text.startswith("[[", self._position)
        self._position += 2 if is_array else 1
        parts = self._read_key()
        self._position = self._text.index("]", self._position) + (2 if is_array else 1)
        path: Path = ()
        for number, part in enumerate(parts):
            path += (part,)
            if is_array and number == len(parts) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
                self._lines.setdefault(path, line)
            if path in self._counts:
                path += (self._counts[path] - 1,)
        self._lines.setdefault(path, line)
        return path

    def _read_pair(self, table: Path) -> None:
        line = self._line()
        parts = self._read_key()
        path = table
        for part in parts:
            path += (part,)
            self._lines.setdefault(path, line)
        self._position = self._text.index("=", self._position) + 1
        self._read_value(path)

    def _read_key(self) -> list[str]:
        """Read a dotted key; stop after its last part."""
        parts = []
        while True:
            self._skip_blank()
            start = self._position
            if self._next() in "\"'":
                self._skip_string()
                quoted = self._text[start : self._position]
                parts.append(next(iter(tomllib.loads(f"{quoted} = 0"))))
            else:
                while self._next().isalnum() or self._next() in ("-", "_"):
                    self._position += 1
                parts.append(self._text[start : self._position])
            while self._next() in (" ", "\t"):
                self._position += 1
            if self._next() != ".":
                return parts
            self._position += 1

    def _read_value(self, path: Path) -> None:
        self._skip_blank()
        opening = self._next()
        if opening in "\"'":
            self._skip_string()
        elif opening == "[":
            self._position += 1
            self._read_array(path)
        elif opening == "{":
            self._position += 1
            while self._skip_blank() and self._next() != "}":
                self._read_pair(path)
                self._skip_comma()
            self._position += 1
        else:
            while self._next() not in ("", ",", "]", "}", "#", "\n"):
                self._position += 1

    def _read_array(self, path: Path) -> None:
        number = 0
        while self._skip_blank() and self._next() != "]":
            self._lines[(*path, number)] = self._line()
            self._read_value((*path, number))
            self._skip_comma()
            number += 1
        self._position += 1

    def _skip_string(self) -> None:
        """Skip a string of any of TOML's four kinds."""
        quote = next(mark for mark in QUOTES if self._text.startswith(mark, self._position))
        self._position += len(quote)
        while not self._text.startswith(quote, self._position):
            self._position += 2 if quote[0] == '"' and self._next() == "\\" else 1
        self._position += len(quote)
        while len(quote) == 3 and self._next() == quote[0]:  # """ may end a string ending in "
            self._position += 1

    def _skip_comma(self) -> None:
        self._skip_blank()
        if self._next() == ",":
            self._position += 1

    def _skip_blank(self) -> bool:
        """Skip white space and comments; return whether anything is left."""
        while self._next() and self._next() in BLANK + "#":
            if self._next() == "#":
                end = self._text.find("\n", self._position)
                self._position = len(self._text) if end < 0 else end
            else:
                self._position += 1
        return self._position < len(self._text)

    def _next(self) -> str:
        """Return the character at the current position, "" at the end."""
        return self._text[self._position : self._position + 1]

    def _line(self) -> int:
        return self._text.count("\n", 0, self._position) + 1
