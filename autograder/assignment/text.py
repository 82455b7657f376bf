"""Read an author's text file: UTF-8, without invisible characters."""

import re
from pathlib import Path

from autograder.errors import AssignmentErrors, Problem

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


def decode_text(data: bytes, file: str) -> str:
    r"""Return the text of a file, with lines ending in "\n" and without a byte order mark.

    Args:
        data: the file's bytes.
        file: its name in messages.

    Raises:
        AssignmentErrors: it is not UTF-8 or contains control characters (NUL, form feed, a
            carriage return inside a line ...); the error names the line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AssignmentErrors(
            [
                Problem(
                    file,
                    line,
                    f"byte 0x{data[error.start]:02x} is not UTF-8",
                    "save the file as UTF-8",
                )
            ]
        ) from None
    text = text.replace("\r\n", "\n")
    found = CONTROL_CHARACTERS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise AssignmentErrors(
            [
                Problem(
                    file,
                    line,
                    f"control character {found[0]!a}",
                    "remove it, or write it as an escape sequence in a string",
                )
            ]
        )
    return text


def read_text(path: Path, file: str) -> str:
    """Return the text of the file at `path`; see `decode_text`."""
    return decode_text(path.read_bytes(), file)
