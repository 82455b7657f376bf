"""Convert the report of an audit to a JSON document, for scripts."""

from typing import Any

from autograder.audit.findings import EntryVerdict
from autograder.audit.report import AuditReport, figures, rows

SCHEMA = "autograder.audit/1"


def document(report: AuditReport) -> dict[str, Any]:
    """Return the report as an `autograder.audit/1` document."""
    return {
        "schema": SCHEMA,
        "assignment": report.assignment.id,
        "quick": report.quick,
        "seed": report.seed,
        "seconds": round(report.seconds, 2),
        "figures": figures(report),
        "findings": [vars(finding) for finding in report.findings],
        "remarks": [vars(remark) for remark in report.remarks],
        "items": [vars(row) for row in rows(report)],
        "mistakes": [_mistake(it) for it in report.of_kind("mistake")],
        "variants": [_variant(it) for it in report.of_kind("variant", "rounded")],
        "mutants": [_mutant(it) for it in report.of_kind("mutant")],
        "cheats": [_cheat(it) for it in report.of_kind("cheat")],
        "tests": [vars(test) for test in report.tests],
        "never_told": [
            {"item": hint.item, "place": hint.place, "hint": hint.text} for hint in report.silent
        ],
        "limits": [vars(limit) | {"is_near": limit.is_near} for limit in report.limits],
    }


def _mistake(it: EntryVerdict) -> dict[str, Any]:
    entry = it.trial.entry
    assert entry is not None
    return {
        "id": entry.id,
        "title": entry.title,
        "source": entry.source,
        "costs": list(entry.costs),
        "lost": sorted(it.lost),
        "missed": sorted(it.missed),
        "blamed": sorted(it.blamed),
        "hint": entry.hint,
        "hint_named": it.hint_named,
        "messages": {item_id: it.outcomes[item_id].student_message for item_id in sorted(it.lost)},
    }


def _variant(it: EntryVerdict) -> dict[str, Any]:
    return {
        "id": it.trial.name,
        "title": it.trial.title,
        "generated": it.trial.kind == "rounded",
        "refused_by": sorted(it.lost),
    }


def _cheat(it: EntryVerdict) -> dict[str, Any]:
    entry = it.trial.entry
    return {
        "id": it.trial.name,
        "title": it.trial.title,
        "source": entry.source if entry is not None else "",
        "gained": sorted(it.gained),
        "items": [
            {
                "item": item_id,
                "score": outcome.score,
                "honest": it.trial.earns.get(item_id, 0.0),
                "passed": [test.name for test in outcome.tests if test.status == "passed"],
            }
            for item_id, outcome in it.outcomes.items()
        ],
    }


def _mutant(it: EntryVerdict) -> dict[str, Any]:
    mutant = it.trial.mutant
    assert mutant is not None
    state = "killed" if it.lost else "explained" if it.reason else "survived"
    return {
        "id": mutant.id,
        "item": mutant.region.item,
        "file": mutant.file,
        "line": mutant.line,
        "function": mutant.region.function,
        "original": mutant.original,
        "mutated": mutant.mutated,
        "state": state,
        "killed_by": sorted(it.lost),
        "reason": it.reason,
    }
