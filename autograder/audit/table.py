"""The report of an audit on a terminal, in 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.audit.findings import KINDS, Finding
from autograder.audit.report import AuditReport, rows
from autograder.audit.summary import summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_SHOWN = 40  # findings of one kind that are shown one by one
_SLOWEST = 5


def show_report(report: AuditReport, console: Console | None = None) -> None:
    """Print a report.

    Args:
        report: it.
        console: where to print; standard output by default.
    """
    from rich.console import Console
    from rich.text import Text

    console = console or Console(highlight=False)
    console.print(_items(report))
    console.print()
    console.print(_figures(report))
    for kind, words in KINDS.items():
        of_kind = [finding for finding in report.findings if finding.kind == kind]
        _print_findings(console, words, of_kind, "bold red")
    _print_findings(console, "Worth knowing", report.remarks, "bold")
    _print_tests(console, report)
    number = len(report.findings)
    sound = "nothing is wrong" if not report.is_partial else "no finding in what was tried"
    verdict = f"{number} finding{'' if number == 1 else 's'}" if number else sound
    console.print(Text(f"\n{verdict}", "bold green" if not number else "bold red"))


def _items(report: AuditReport) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Item", no_wrap=True, overflow="ellipsis")
    for heading in ("Of", "Caught", "Named", "Blamed", "Accepted", "Killed", "Cheats", "s"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows(report):
        killed = f"{row.killed + row.explained}/{row.mutants}" if row.mutants else ""
        table.add_row(
            Text(row.item),
            f"{'+' if report.assignment.item(row.item).extra else ''}{row.points:g}",
            _share(row.caught, row.mistakes, all_of_them=True),
            f"{row.named}/{row.mistakes}",
            Text(str(row.blamed), "red") if row.blamed else "",
            _share(row.variants - row.refused, row.variants, all_of_them=True),
            Text(killed, "red" if row.killed + row.explained < row.mutants else ""),
            _share(row.stopped, row.cheats, all_of_them=True) if row.cheats else "",
            f"{row.seconds:.2f}",
        )
    return table


def _share(number: int, total: int, all_of_them: bool) -> str | Text:
    from rich.text import Text

    return Text(f"{number}/{total}", "red" if all_of_them and number < total else "")


def _figures(report: AuditReport) -> Table:
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, words in summary(report):
        table.add_row(heading, words)
    return table


def _print_findings(console: Console, title: str, findings: Sequence[Finding], style: str) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if not findings:
        return
    console.print(Text(f"\n{title[0].upper()}{title[1:]} ({len(findings)})", style))
    for finding in findings[:_SHOWN]:
        line = Text(finding.about, "bold").append(f"  {finding.words}", "not bold")
        console.print(Padding(line, (0, 0, 0, 2)))
    if len(findings) > _SHOWN:
        console.print(Text(f"  and {len(findings) - _SHOWN} more, in the page", "dim"))


def _print_tests(console: Console, report: AuditReport) -> None:
    from rich.text import Text

    slowest = sorted(report.tests, key=lambda test: -test.seconds)[:_SLOWEST]
    words = ", ".join(f"{test.name} {test.seconds:.2f} s" for test in slowest)
    console.print(Text(f"\nSlowest tests: {words}", "dim"))
