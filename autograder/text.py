"""Make text from students harmless for terminals, JSON files and web pages."""

import re

TEXT_CAP = 4_000
"""The maximum number of characters of a message."""

_ANSI_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # window titles, hyperlinks
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_REVERSING = "\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u061c\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_MARKS = re.compile(f"[{_INVISIBLE}{_REVERSING}]")
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters except tab and newline
    f"{_INVISIBLE}{_REVERSING}"
    "\ud800-\udfff]"  # lone surrogates, which UTF-8 cannot encode
)


def plain_text(text: str, cap: int = TEXT_CAP) -> str:
    r"""Return `text` without terminal escapes and control characters, cut to `cap` characters.

    Colour sequences are removed, line ends become `\n`, tabs four spaces, and every other
    character that is invisible or could affect a terminal is escaped (`\x1b`). The function is
    idempotent.
    """
    clean = _ANSI_SEQUENCE.sub("", text[: 4 * cap])
    clean = _LINE_END.sub("\n", clean).replace("\t", "    ")
    clean = _HARMFUL.sub(_spelt_out, clean)
    if len(clean) <= cap and len(text) <= 4 * cap:
        return clean
    mark = f"\n... (cut: {len(text):,} characters in all)"
    return clean[: max(cap - len(mark), 0)] + mark[:cap]


def without_marks(text: str) -> str:
    """Return `text` without invisible characters and those that reverse the text direction.

    Copying can insert them into names, so names are compared without them.
    """
    return _MARKS.sub("", text)


def reverses(text: str) -> bool:
    """Return whether `text` contains characters that reverse its direction."""
    return re.search(f"[{_REVERSING}]", text) is not None


def one_line(text: str, cap: int = 200) -> str:
    """Return `text` as `plain_text` does, on a single line: for names and titles."""
    clean = " ".join(plain_text(text, 4 * cap).split())
    return clean if len(clean) <= cap else clean[: cap - 3] + "..."


def _spelt_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
