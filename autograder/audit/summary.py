"""Summarise the figures of a report in words."""

from autograder.audit.report import AuditReport, figures


def summary(report: AuditReport) -> list[tuple[str, str]]:
    """Return the parts of the audit and their results, in reading order."""
    it = figures(report)
    mistakes, variants, mutants = it["mistakes"], it["variants"], it["mutants"]
    survived = mutants["total"] - mutants["killed"] - mutants["explained"]
    lines = [
        ("Reference", _points(it["reference"])),
        ("Release", _points(it["release"]) if report.release else "none"),
        ("Mistakes", _of(mistakes, "caught")),
        ("  at their items only", _of(mistakes, "exact")),
        ("  named to the student", _of(mistakes, "named")),
        ("Variants", f"{_of(variants, 'full')} keep full marks, {variants['generated']} generated"),
    ]
    cheats = it["cheats"]
    words = f"{cheats['stopped']} of {cheats['total']} earn their honest part at most"
    lines.append(("Cheats", f"{words}, {cheats['generated']} generated"))
    limits = it["limits"]
    if limits["total"]:
        words = f"{limits['total']}, {limits['near']} too near in {limits['draws']} draws"
        lines.append(("Limits", words))
    if report.quick:
        left_out = "mutants, rounded variants, most cheats, other draws, and a second grading"
        if any(item.notebook for item in report.assignment.auto_items):
            left_out += "; of items in notebooks everything but the solution and the release"
        return [*lines, ("Left out", f"{left_out}: --quick")]
    if report.only:
        left_out = f"everything but the solution and {', '.join(sorted(report.only))}: --only"
        return [*lines, ("Left out", left_out)]
    words = f"{mutants['killed']} killed, {mutants['explained']} explained, {survived} survived"
    alone = it["tests"]["total"] - it["tests"]["redundant"]
    return [
        *lines,
        ("Mutants", f"{mutants['total']}: {words}"),
        ("Tests", f"{alone} of {it['tests']['total']} catch what no other of their item catches"),
        ("Hints", f"{it['hints']['total']}, {it['hints']['never_told']} of them never triggered"),
    ]


def _points(it: dict[str, float]) -> str:
    extra = f", extra credit for up to {it['extra']:g} more" if it["extra"] else ""
    return f"{it['score']:g} of {it['possible']:g} points{extra}"


def _of(it: dict[str, float], what: str) -> str:
    return f"{it[what]} of {it['total']}" + (" caught" if what == "caught" else "")
