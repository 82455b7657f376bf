"""The report of an audit as one HTML page: no script, no request, and it prints well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from autograder.atomic import write_atomic
from autograder.audit.findings import KINDS, Finding
from autograder.audit.matrix import MARKS, Matrix, matrix
from autograder.audit.report import AuditReport, rows
from autograder.audit.summary import summary
from autograder.report import templates

_Lines = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Section:
    """A table of the page with its heading.

    Attributes:
        title: the heading.
        headings: of the columns.
        lines: the rows of the table; without any, the section is left out.
        words: a sentence above the table.
    """

    title: str
    headings: Sequence[str]
    lines: _Lines
    words: str = ""


def write_page(folder: Path, report: AuditReport, document: str) -> None:
    """Write `audit.html` and `audit.json`.

    Args:
        folder: the folder to write to; made if it does not exist.
        report: the report.
        document: the same as JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "audit.html", page(report).encode())
    write_atomic(folder / "audit.json", f"{document}\n".encode())


def page(report: AuditReport) -> str:
    """Return the page."""
    return templates.page(
        "audit.html",
        title=f"Audit of {report.assignment.id}: {report.assignment.title}",
        report=report,
        summary=Section("", ("What", "Outcome"), summary(report)),
        findings=_by_kind(report.findings),
        items=Section("Items", _ITEM_HEADINGS, _items(report)),
        matrices=list(_matrices(report)),
        marks=MARKS,
        sections=list(_sections(report)),
    )


def _sections(report: AuditReport) -> Iterator[Section]:
    """Yield the tables behind the matrices."""
    yield Section("Mistakes", ("Mistake", "should cost", "costs", "the student reads"),
                  _mistakes(report))  # fmt: skip
    yield Section("Variants", ("Variant", "what it is", "refused by"), _variants(report))
    yield Section("Mutants", ("Where", "line", "mutant", "killed by, or why not"),
                  _mutants(report))  # fmt: skip
    yield Section("Cheats", ("Item", "cheat", "earns", "of it honest", "tests that pass"),
                  _cheats(report))  # fmt: skip
    yield Section(
        "Limits",
        ("Item", "Test", "Line", "Word", "Limit", "Worst", "Margin", "Spread", "Draws"),
        _fields(report.limits, "item", "test", "place", "word", "limit", "worst", "margin",
                "spread", "draws"),
        "What the complete solution reached in the worst of some draws, and how far apart the "
        "draws were; for close(...), the share of its tolerance.",
    )  # fmt: skip
    yield Section(
        "Hints that were never triggered", ("Item", "Line", "Hint"),
        _fields(report.silent, "item", "place", "text"),
        "No mistake and no mutant has received these.",
    )  # fmt: skip
    tests = sorted(report.tests, key=lambda test: (test.alone > 0, test.item))
    yield Section(
        "Tests", ("Item", "Test", "catches", "alone", "Seconds"),
        [(test.item, test.name, test.catches, test.alone, round(test.seconds, 3))
         for test in tests],
        "Tests that catch nothing that another test of their item does not catch come first.",
    )  # fmt: skip


def _fields(things: Sequence[object], *names: str) -> _Lines:
    return [[getattr(thing, name) for name in names] for thing in things]


def _by_kind(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return the findings of each kind, under what the kind means."""
    kinds = [
        (words, [one for one in findings if one.kind == kind]) for kind, words in KINDS.items()
    ]
    return [(words[0].upper() + words[1:], found) for words, found in kinds if found]


_ITEM_HEADINGS = (
    "Item", "Points", "Mistakes", "caught", "named", "blamed", "Variants", "refused", "Mutants",
    "killed", "explained", "Cheats", "stopped", "Seconds",
)  # fmt: skip


def _items(report: AuditReport) -> _Lines:
    return _fields(
        rows(report), "item", "points", "mistakes", "caught", "named", "blamed", "variants",
        "refused", "mutants", "killed", "explained", "cheats", "stopped", "seconds",
    )  # fmt: skip


def _matrices(report: AuditReport) -> Iterator[Matrix]:
    """Yield one picture for each file of the catalogue."""
    mistakes = [it for it in report.of_kind("mistake") if it.trial.entry is not None]
    items = [item for item in report.reference if any(item in it.outcomes for it in mistakes)]
    for source, several in groupby(mistakes, lambda it: it.trial.entry.source):  # type: ignore[union-attr]
        yield matrix(PurePosixPath(source).stem, list(several), items)


def _mistakes(report: AuditReport) -> _Lines:
    lines = []
    for it in report.of_kind("mistake"):
        entry = it.trial.entry
        assert entry is not None
        messages = [f"{item}: {it.outcomes[item].student_message}" for item in sorted(it.lost)]
        lines.append(
            (f"{entry.id}: {entry.title}", ", ".join(sorted(entry.costs)),
             ", ".join(sorted(it.lost)) or "nothing", "\n".join(messages))
        )  # fmt: skip
    return lines


def _variants(report: AuditReport) -> _Lines:
    variants = report.of_kind("variant", "rounded")
    return [(it.trial.name, it.trial.title, ", ".join(sorted(it.lost))) for it in variants]


def _mutants(report: AuditReport) -> _Lines:
    lines = []
    for it in report.of_kind("mutant"):
        mutant = it.trial.mutant
        assert mutant is not None
        state = ", ".join(sorted(it.lost)) or it.reason or "survived"
        lines.append((f"{mutant.file}:{mutant.line}", mutant.original, mutant.mutated, state))
    return lines


def _cheats(report: AuditReport) -> _Lines:
    lines = []
    for it in report.of_kind("cheat"):
        for item_id, outcome in it.outcomes.items():
            passed = ", ".join(test.name for test in outcome.tests if test.status == "passed")
            honest = it.trial.earns.get(item_id, 0.0)
            lines.append((item_id, it.trial.title, outcome.score, honest, passed))
    return sorted(lines)
