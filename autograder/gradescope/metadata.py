"""Read what Gradescope says about a submission: `submission_metadata.json`.

Gradescope writes the file, so nothing in it is an error: a value that is missing, or does not have
the form that its documentation says, counts as not given.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

METADATA_FILE = "submission_metadata.json"


@dataclass(frozen=True)
class Metadata:
    """What Gradescope says about a submission.

    Attributes:
        submission: its number; "" where it is not known.
        created: when it was handed in.
        due: when it was due for those who handed it in; an extension counts.
        late_due: until when it may be handed in late.
        people: how many people have handed it in together.
        method: how it was handed in: `upload`, `GitHub`, `Bitbucket`; "" where it is not known.
        earlier: how many submissions there were before this one.
        last_score: the score of the last one of them; None where it has none.
    """

    submission: str = ""
    created: datetime | None = None
    due: datetime | None = None
    late_due: datetime | None = None
    people: int = 1
    method: str = ""
    earlier: int = 0
    last_score: float | None = None

    @property
    def late(self) -> timedelta:
        """How late it is, by the time it was handed in, not by the time it is graded."""
        if self.created is None or self.due is None or self.created <= self.due:
            return timedelta(0)
        return self.created - self.due

    @property
    def shown_after(self) -> datetime | None:
        """When Gradescope shows what is to be shown after the due date."""
        return self.late_due or self.due


def read_metadata(folder: Path) -> Metadata:
    """Read the metadata of the submission in `folder`."""
    try:
        data = json.loads((folder / METADATA_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Metadata()
    data = _object(data)
    assignment = _object(data.get("assignment"))
    users = [_object(user) for user in _list(data.get("users"))]
    extensions = [_object(user.get("assignment")) for user in users]
    earlier = [_object(one) for one in _list(data.get("previous_submissions"))]
    return Metadata(
        submission=_identifier(data.get("id")),
        created=_time(data.get("created_at")),
        due=_latest("due_date", [*extensions, assignment]),
        late_due=_latest("late_due_date", [*extensions, assignment]),
        people=max(1, len(users)),
        method=_text(data.get("submission_method")),
        earlier=len(earlier),
        last_score=_last_score(earlier),
    )


def _last_score(earlier: list[Mapping[str, Any]]) -> float | None:
    """Return the score of the last submission, unless its grading failed."""
    dated = [(time, one) for one in earlier if (time := _time(one.get("submission_time")))]
    last = max(dated, key=lambda pair: pair[0])[1] if dated else {}
    if last.get("autograder_error") is True:
        return None
    for score in (last.get("score"), _object(last.get("results")).get("score")):
        try:
            if isinstance(score, int | float | str) and not isinstance(score, bool):
                return float(score)
        except (ValueError, OverflowError):
            continue
    return None


def _latest(key: str, holders: list[Mapping[str, Any]]) -> datetime | None:
    """Return the latest date; in a group, the extension of one counts for all."""
    times = [time for holder in holders if (time := _time(holder.get(key))) is not None]
    return max(times, default=None)


def _time(value: object) -> datetime | None:
    """Return a date that has a time zone; without one it could not be compared with others."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None


def _identifier(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
