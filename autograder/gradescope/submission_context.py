"""Add the due date, lateness and earlier submissions to the results document."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from autograder.gradescope.metadata import Metadata
from autograder.gradescope.seed import Seed

_LATER = "after_due_date"


def with_circumstances(
    document: Mapping[str, Any], metadata: Metadata, seed: Seed
) -> dict[str, Any]:
    """Return Gradescope's document with what its metadata says about the submission.

    If Gradescope knows no due date, what should be shown after it is shown when grades are
    published.
    """
    tests = [dict(entry) for entry in document["tests"]]
    lines = [document["output"]]
    if metadata.late:
        lines.append(f"Handed in {_span(metadata.late)} after the due date.")
    if any(entry["visibility"] == _LATER for entry in tests):
        lines.append(_when_shown(metadata.shown_after))
        if metadata.shown_after is None:
            for entry in tests:
                if entry["visibility"] == _LATER:
                    entry["visibility"] = "after_published"
    # A total must not be seen before everything in it is shown.
    if metadata.last_score is not None and all(one["visibility"] == "visible" for one in tests):
        lines.append(f"Your submission before this one had {metadata.last_score:g} points.")
    about = {
        "number": metadata.earlier + 1,
        "method": metadata.method,
        "people": metadata.people,
        "late_seconds": round(metadata.late.total_seconds()),
    }
    # Students who see the seed have a submission that cannot change any more (`seed.py`).
    drawn = {"seed": seed.number, "seed_from": seed.origin}
    extra = {**document["extra_data"], **drawn, "submission": about}
    return {**document, "output": "\n".join(lines), "tests": tests, "extra_data": extra}


def _when_shown(moment: datetime | None) -> str:
    if moment is None:
        return "Some parts are shown when the grades are published."
    return f"Some parts are shown after the due date, {moment:%Y-%m-%d %H:%M} (UTC{moment:%z})."


def _span(late: timedelta) -> str:
    """Return a time span in its two largest units."""
    minutes = max(1, round(late.total_seconds() / 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
