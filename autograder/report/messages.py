"""Split what the judge has said about a test into parts for a page.

    dL/db has shape (5, 3), expected (3,)            what was got, what was expected
      hint: not summed over the batch                the hint
      net/linear.py, line 12, in forward: Z   the student's own line

A message may contain text that student code has chosen. Student code can therefore forge its own
lines, but only on a page by which only this student is judged; nothing is ever looked up by the
text of a message.
"""

import re
from dataclasses import dataclass

_HINT = re.compile(r"(?:^|; )\s*hint: (.+)$")
_LINE = re.compile(r"  (\S.{0,500}), line (\d+)(?:, in (\w+))?(?:: (.*))?")
_BOTH = re.compile(r"(.*\S): got (.+), expected (.+)")
_EXPECTED = re.compile(r"(.*\S), expected (.+)")


@dataclass(frozen=True)
class CodeLine:
    """A line of the student's own code that a traceback names."""

    file: str
    line: int
    function: str
    code: str


@dataclass(frozen=True)
class Feedback:
    """The parts of a message.

    Attributes:
        text: what went wrong; "" where `got` and `expected` say all of it.
        got: what the student's code gave; "" where it was not compared.
        expected: what was expected instead.
        hint: the known mistake that it looks like; "" for none.
        lines: the student's own lines, outermost first.
    """

    text: str
    got: str
    expected: str
    hint: str
    lines: tuple[CodeLine, ...]


def read_message(message: str) -> Feedback:
    """Return the parts of a message."""
    rest, hints, lines = [], [], []
    for line in message.splitlines():
        named = _LINE.fullmatch(line)
        hint = _HINT.search(line)
        if named:
            file, number, function, code = named.groups(default="")
            lines.append(CodeLine(file, int(number[:9]), function, code))
        elif hint:
            hints.append(hint[1])
            rest.append(line[: hint.start()])
        else:
            rest.append(line)
    text = "\n".join(line for line in rest if line.strip())
    got = expected = ""
    if both := _BOTH.fullmatch(text):
        text, got, expected = both.groups()
    elif one := _EXPECTED.fullmatch(text):
        text, (got, expected) = "", one.groups()
    return Feedback(text, got, expected, "; ".join(hints), tuple(lines))
