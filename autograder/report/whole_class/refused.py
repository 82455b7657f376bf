"""Find what the sandbox refused, as far as records show it.

A record keeps what a test saw, not what the kernel did. Only what reached a message is therefore
found: an import that is banned, a limit that was exceeded, an operation that was not permitted.
Student code that catches the error hides it here, and gains nothing else by that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.results.record import SubmissionRecord

_KINDS = {
    "imported something that is banned": re.compile(
        r"(?:imports|uses) ([\w.]+)(?:, which may not be used|; \w+ may import )"
        r"|(?:ImportError|ModuleNotFoundError|BannedName): ([\w.]+) may not be used in this assign"
        r"|ImportError: (the files of a package) that may not be used"
    ),
    "used too much": re.compile(r"was stopped: it used more than (.+)"),
    "used up its processor time": re.compile(r"used up its (processor time)"),
    "ended or crashed its process": re.compile(r"\((exit code \d+|signal \w+)\)"),
    "sent an invalid answer": re.compile(
        r"sent (an invalid answer|something that is no answer)"  # the second: in older records
    ),
    "asked for what is not permitted": re.compile(
        r"raised ((?:PermissionError|ProcessRefused).*)|(Operation not permitted|Permission denied)"
    ),
}
_MOST = 200
"""How many characters are kept of what exactly it was."""


@dataclass(frozen=True)
class Refusal:
    """Something that the sandbox did not let submissions do.

    Attributes:
        kind: what it was, in words.
        what: what exactly; text that may come from student code.
        where: the submissions, and the items in which each tried it, by their ids.
    """

    kind: str
    what: str
    where: tuple[tuple[str, tuple[str, ...]], ...]


def refusals(records: Iterable[SubmissionRecord]) -> list[Refusal]:
    """Return what was refused, the most frequent first."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for record in records:
        for item in record.items:
            if item.status in ("passed", "not_attempted", "awaiting_manual"):
                continue
            for kind in dict.fromkeys(_kinds_in(item.message)):
                found.setdefault(kind, {}).setdefault(record.name, []).append(item.id)
    refused = [
        Refusal(kind, what, tuple((name, tuple(items)) for name, items in where.items()))
        for (kind, what), where in found.items()
    ]
    return sorted(refused, key=lambda one: (-len(one.where), one.kind, one.what))


def _kinds_in(message: str) -> Iterable[tuple[str, str]]:
    """Yield what an item's message shows; it contains the messages of all its tests."""
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(message):
            yield kind, match[match.lastindex or 0].strip()[:_MOST]
