"""The report of an audit as one HTML page: no script, no request, and it prints well."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path, PurePosixPath

from autograder.audit.findings import KINDS, EntryVerdict, Finding
from autograder.audit.matrix import legend, matrix
from autograder.audit.report import AuditReport, rows
from autograder.audit.summary import summary

_HEAD = """\
<!doctype html>
<html lang="en">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1f24; background: #fff; }}
h1, h2 {{ line-height: 1.2; }} h2 {{ margin-top: 2.5rem; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0;
  border-bottom: 1px solid #d6dade; }}
td.number, th.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
code {{ font-size: .9em; overflow-wrap: anywhere; }}
.good {{ color: #0b5d2a; }} .bad {{ color: #a40e26; font-weight: 600; }}
figure {{ margin: 1rem 0; break-inside: avoid; overflow-x: auto; }}
figcaption {{ font-weight: 600; }}
svg .band {{ fill: #f2f4f6; }} svg text {{ fill: #1b1f24; }}
.caught, .unnamed {{ fill: #0f6e84; }} .kept {{ fill: #9aa2ab; }}
.missed {{ stroke: #a40e26; }} .blamed {{ fill: #b35900; }}
.legend {{ list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }}
.legend svg {{ vertical-align: -3px; }}
@media print {{
  body {{ max-width: none; margin: 0; font-size: 10pt; }}
  tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
  svg {{ max-width: 100%; height: auto; }}
  * {{ print-color-adjust: exact; }}
}}
</style>
"""


def write_page(folder: Path, report: AuditReport, document: str) -> None:
    """Write `audit.html` and `audit.json`.

    Args:
        folder: where; made if it is not there.
        report: the report.
        document: the same as JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.html").write_text(page(report), encoding="utf-8")
    (folder / "audit.json").write_text(f"{document}\n", encoding="utf-8")


def page(report: AuditReport) -> str:
    """Return the page."""
    title = f"Audit of {report.assignment.id}: {report.assignment.title}"
    parts = [
        _HEAD.format(title=escape(title)),
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(report.assignment.course)}. Seed {report.seed}, {report.seconds:.0f} s.</p>",
        _table(("What", "Outcome"), ((one, two) for one, two in summary(report))),
        *_findings(report.findings),
        *_list_of("Worth knowing", report.remarks),
        "<h2>Items</h2>",
        _items(report),
        "<h2>Mistakes by item</h2>",
        legend(),
        *_matrices(report),
        "<h2>Mistakes</h2>",
        _mistakes(report.of_kind("mistake")),
        "<h2>Variants</h2>",
        _variants(report.of_kind("variant", "rounded")),
        *_mutants(report),
        *_cheats(report),
        *_limits(report),
        *_silent(report),
        *_tests(report),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _findings(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return ['<p class="good"><strong>Nothing is wrong.</strong></p>']
    parts = [f'<h2 class="bad">Findings ({len(findings)})</h2>']
    for kind, words in KINDS.items():
        parts += _list_of(words, [finding for finding in findings if finding.kind == kind], "h3")
    return parts


def _list_of(title: str, findings: Sequence[Finding], heading: str = "h2") -> list[str]:
    if not findings:
        return []
    lines = [f"<li><code>{escape(one.about)}</code> {escape(one.words)}</li>" for one in findings]
    name = escape(title[0].upper() + title[1:])
    return [f"<{heading}>{name}</{heading}>", f"<ul>{''.join(lines)}</ul>"]


def _items(report: AuditReport) -> str:
    headings = ("Item", "Points", "Mistakes", "caught", "named", "blamed", "Variants", "refused",
                "Mutants", "killed", "explained", "Cheats", "stopped", "Seconds")  # fmt: skip
    return _table(
        headings,
        (
            (
                row.item, row.points, row.mistakes, row.caught, row.named, row.blamed, row.variants,
                row.refused, row.mutants, row.killed, row.explained, row.cheats,
                row.stopped, row.seconds,
            )
            for row in rows(report)
        ),
    )  # fmt: skip


def _matrices(report: AuditReport) -> Iterable[str]:
    """One picture for each file of the catalogue."""
    mistakes = [it for it in report.of_kind("mistake") if it.trial.entry is not None]
    items = [item for item in report.reference if any(item in it.outcomes for it in mistakes)]
    for source, several in groupby(mistakes, lambda it: it.trial.entry.source):  # type: ignore[union-attr]
        name = PurePosixPath(source).stem
        yield f"<figure><figcaption>{escape(name)}</figcaption>"
        yield matrix(name, list(several), items)
        yield "</figure>"


def _mistakes(mistakes: Sequence[EntryVerdict]) -> str:
    lines = []
    for it in mistakes:
        entry = it.trial.entry
        assert entry is not None
        told = [f"{item}: {it.outcomes[item].student_message}" for item in sorted(it.lost)]
        lines.append(
            (f"{entry.id}: {entry.title}", ", ".join(sorted(entry.costs)),
             ", ".join(sorted(it.lost)) or "nothing", "\n".join(told))
        )  # fmt: skip
    return _table(("Mistake", "should cost", "costs", "the student reads"), lines)


def _variants(variants: Sequence[EntryVerdict]) -> str:
    lines = [(it.trial.name, it.trial.title, ", ".join(sorted(it.lost))) for it in variants]
    return _table(("Variant", "what it is", "refused by"), lines)


def _mutants(report: AuditReport) -> list[str]:
    lines = []
    for it in report.of_kind("mutant"):
        mutant = it.trial.mutant
        assert mutant is not None
        state = ", ".join(sorted(it.lost)) or it.reason or "survived"
        lines.append((f"{mutant.file}:{mutant.line}", mutant.original, mutant.mutated, state))
    if not lines:
        return []
    return ["<h2>Mutants</h2>", _table(("Where", "line", "mutant", "killed by, or why not"), lines)]


def _cheats(report: AuditReport) -> list[str]:
    lines = []
    for it in report.of_kind("cheat"):
        for item_id, outcome in it.outcomes.items():
            passed = ", ".join(test.name for test in outcome.tests if test.status == "passed")
            score, honest = f"{outcome.score:g}", f"{it.trial.earns.get(item_id, 0.0):g}"
            lines.append((item_id, it.trial.title, score, honest, passed))
    if not lines:
        return []
    headings = ("Item", "cheat", "earns", "of it honest", "tests that pass")
    return ["<h2>Cheats</h2>", _table(headings, sorted(lines))]


def _limits(report: AuditReport) -> list[str]:
    if not report.limits:
        return []
    words = (
        "What the complete solution reached in the worst of some draws, and how far apart the "
        "draws were; of <code>close</code>, the share of its tolerance."
    )
    headings = ("Item", "Test", "Line", "Word", "Limit", "Worst", "Margin", "Spread", "Draws")
    lines = [
        (one.item, one.test, one.place, one.word, one.limit, one.worst, one.margin, one.spread,
         one.draws)
        for one in report.limits
    ]  # fmt: skip
    return ["<h2>Limits</h2>", f"<p>{words}</p>", _table(headings, lines)]


def _silent(report: AuditReport) -> list[str]:
    if not report.silent:
        return []
    lines = [(one.item, one.place, one.text) for one in report.silent]
    words = "No mistake and no mutant has been told these."
    table = _table(("Item", "Line", "Hint"), lines)
    return ["<h2>Hints that were never told</h2>", f"<p>{words}</p>", table]


def _tests(report: AuditReport) -> list[str]:
    lines = [
        (test.item, test.name, test.catches, test.alone, f"{test.seconds:.3f}")
        for test in sorted(report.tests, key=lambda test: (test.alone > 0, test.item))
    ]
    words = "Those that catch nothing that another test of their item does not catch come first."
    headings = ("Item", "Test", "catches", "alone", "Seconds")
    return ["<h2>Tests</h2>", f"<p>{words}</p>", _table(headings, lines)]


def _table(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "\n".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f'<td class="number">{value:g}</td>'
    return f"<td>{escape(str(value)).replace(chr(10), '<br>')}</td>"
