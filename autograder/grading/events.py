"""Define the events reported while a submission is graded, and their encoding, used everywhere.

Judge processes send these events to the process that forked them, containers to their host, and
grading servers of a cluster to the machine that sent the request. A message is a JSON list of
events, because every message wakes its reader. The events are:

    {"begins": item id}            the tests of an item begin
    {"ended": item record}         an item has a record; one with hidden tests may have two
    {"answers": document}          the written answers of the submission
    {"record": record, "reusable": bool}       the submission is graded
    {"failure": message, "refused": bool}      the submission could not be graded
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.errors import AutograderError
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    from_dict,
    item_from_dict,
    item_to_dict,
    to_dict,
)


@dataclass(frozen=True)
class ItemBegins:
    """The tests of an item begin."""

    item_id: str


@dataclass(frozen=True)
class ItemEnded:
    """An item has a record."""

    item: ItemRecord


@dataclass(frozen=True)
class AnswersFound:
    """The written answers of a submission."""

    document: Mapping[str, Any]


@dataclass(frozen=True)
class SubmissionGraded:
    """A submission has a record.

    Attributes:
        record: the record.
        reusable: whether the process that graded it can grade another submission.
    """

    record: SubmissionRecord
    reusable: bool = True


@dataclass(frozen=True)
class GradingFailed:
    """A submission could not be graded.

    Attributes:
        message: the reason.
        refused: whether the same would happen to every submission.
    """

    message: str
    refused: bool = False


Event = ItemBegins | ItemEnded | AnswersFound | SubmissionGraded | GradingFailed


def encode(*events: Event) -> bytes:
    """Return a message that contains events; it has no line break."""
    return json.dumps([_to_json(event) for event in events]).encode()


def decode(message: bytes) -> list[Event]:
    """Return the events of a message.

    Raises:
        ValueError: the message does not have this form.
    """
    try:
        found = json.loads(message)
        if not isinstance(found, list):
            raise ValueError("a message is a list of events")
        return [_from_json(one) for one in found]
    except (TypeError, KeyError, AttributeError, AutograderError) as error:
        raise ValueError(str(error)) from None


def _to_json(event: Event) -> dict[str, Any]:
    match event:
        case ItemBegins(item_id):
            return {"begins": item_id}
        case ItemEnded(item):
            return {"ended": item_to_dict(item)}
        case AnswersFound(document):
            return {"answers": document}
        case SubmissionGraded(record, reusable):
            return {"record": to_dict(record), "reusable": reusable}
        case GradingFailed(message, refused):
            return {"failure": message, "refused": refused}


def _from_json(found: Any) -> Event:
    match found:
        case {"begins": str(item_id)}:
            return ItemBegins(item_id)
        case {"ended": item}:
            return ItemEnded(item_from_dict(item))
        case {"answers": dict(document)}:
            return AnswersFound(document)
        case {"record": record, "reusable": bool(reusable)}:
            return SubmissionGraded(from_dict(record), reusable)
        case {"failure": str(message), "refused": bool(refused)}:
            return GradingFailed(message, refused)
    raise ValueError("an event of unknown form")
