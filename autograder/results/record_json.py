"""Convert records to JSON and back: a judge process hands its record to the process that asked.

Reading is strict, because the bytes come from another process and scores are made from records.
Every key must be present, no key may be unknown, and every value must have the one right type. A
key that earlier versions did not have may be missing.
"""

from typing import Any, cast

from autograder.errors import AutograderError
from autograder.results.record import (
    Isolation,
    ItemRecord,
    ItemStatus,
    SubmissionRecord,
    TestRecord,
    TestStatus,
    Visibility,
)

# Fields that record.json of an earlier version does not have: results outlive the tool's versions.
_ADDED_LATER: dict[str, object] = {"brought": [], "code_sha256": ""}
_ADDED_TO_ITEMS_LATER = {"extra": False}


class RecordError(AutograderError):
    """The data is not a record: a defect of the grader, never of the submission."""


def to_dict(record: SubmissionRecord) -> dict[str, Any]:
    """Return the record as JSON-ready data that `from_dict` reads."""
    items = [item_to_dict(item) for item in record.items]
    return vars(record) | {
        "notices": list(record.notices),
        "brought": list(record.brought),
        "items": items,
    }


def item_to_dict(item: ItemRecord) -> dict[str, Any]:
    """Return one item as JSON-ready data that `item_from_dict` reads."""
    return vars(item) | {"tests": [dict(vars(test)) for test in item.tests]}


def item_from_dict(data: object) -> ItemRecord:
    """Return the item that `item_to_dict` wrote.

    Raises:
        RecordError: as `from_dict`.
    """
    try:
        return _item(data, "item")
    except ValueError as error:
        raise RecordError(f"item: {error}") from None


def from_dict(data: object) -> SubmissionRecord:
    """Return the record that `to_dict` wrote.

    Raises:
        RecordError: a key is missing, unknown or of the wrong type; the message names the place.
    """
    if isinstance(data, dict):
        data = _ADDED_LATER | data
    record = _object(data, "record", SubmissionRecord)
    isolation = _object(record["isolation"], "record.isolation", Isolation)
    seed = record["seed"]
    if type(seed) is not int:
        raise RecordError("record.seed: expected a whole number")
    try:
        return _submission(record, isolation, seed)
    except ValueError as error:
        raise RecordError(f"record: {error}") from None


def _submission(record: dict[str, Any], isolation: dict[str, Any], seed: int) -> SubmissionRecord:
    return SubmissionRecord(
        name=_text(record, "name", "record"),
        score=_number(record, "score", "record"),
        possible=_number(record, "possible", "record"),
        seconds=_number(record, "seconds", "record"),
        seed=seed,
        isolation=Isolation(
            mode=_text(isolation, "mode", "record.isolation"),
            layers=_text_map(isolation["layers"], "record.isolation.layers"),
        ),
        items=tuple(
            _item(value, f"record.items[{index}]")
            for index, value in enumerate(_list(record, "items", "record"))
        ),
        notices=_texts(record, "notices", "record"),
        sha256=_text(record, "sha256", "record"),
        versions=_text_map(record["versions"], "record.versions"),
        brought=_texts(record, "brought", "record"),
        code_sha256=_text(record, "code_sha256", "record"),
    )


def _item(value: object, where: str) -> ItemRecord:
    if isinstance(value, dict):
        value = _ADDED_TO_ITEMS_LATER | value
    item = _object(value, where, ItemRecord)
    return ItemRecord(
        id=_text(item, "id", where),
        problem=_text(item, "problem", where),
        title=_text(item, "title", where),
        points=_number(item, "points", where),
        score=_number(item, "score", where),
        status=cast(ItemStatus, _text(item, "status", where)),  # __post_init__ checks the word
        message=_text(item, "message", where),
        student_message=_text(item, "student_message", where),
        visibility=cast(Visibility, _text(item, "visibility", where)),
        tests=tuple(
            _test(value, f"{where}.tests[{index}]")
            for index, value in enumerate(_list(item, "tests", where))
        ),
        measured=_number_map(item["measured"], f"{where}.measured"),
        extra=_flag(item, "extra", where),
    )


def _test(value: object, where: str) -> TestRecord:
    test = _object(value, where, TestRecord)
    return TestRecord(
        name=_text(test, "name", where),
        title=_text(test, "title", where),
        status=cast(TestStatus, _text(test, "status", where)),
        message=_text(test, "message", where),
        student_message=_text(test, "student_message", where),
        hidden=_flag(test, "hidden", where),
        seconds=_number(test, "seconds", where),
    )


def _object(value: object, where: str, shape: type) -> dict[str, Any]:
    """Return `value` if it is an object with exactly the keys of `shape`."""
    if not isinstance(value, dict):
        raise RecordError(f"{where}: expected an object, got {type(value).__name__}")
    expected = set(shape.__annotations__)
    if set(value) != expected:
        missing = ", ".join(sorted(expected - set(value))) or "none"
        unknown = ", ".join(sorted(map(str, set(value) - expected))) or "none"
        raise RecordError(f"{where}: missing keys: {missing}; unknown keys: {unknown}")
    return value


def _text(holder: dict[str, Any], key: str, where: str) -> str:
    value = holder[key]
    if not isinstance(value, str):
        raise RecordError(f"{where}.{key}: expected text, got {type(value).__name__}")
    return value


def _number(holder: dict[str, Any], key: str, where: str) -> float:
    value = holder[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"{where}.{key}: expected a number, got {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise RecordError(f"{where}.{key}: the number is too large") from None


def _flag(holder: dict[str, Any], key: str, where: str) -> bool:
    value = holder[key]
    if not isinstance(value, bool):
        raise RecordError(f"{where}.{key}: expected true or false")
    return value


def _list(holder: dict[str, Any], key: str, where: str) -> list[object]:
    value = holder[key]
    if not isinstance(value, list):
        raise RecordError(f"{where}.{key}: expected a list, got {type(value).__name__}")
    return value


def _texts(holder: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _list(holder, key, where)
    return tuple(_text({key: value}, key, where) for value in values)


def _number_map(value: object, where: str) -> dict[str, float]:
    if not isinstance(value, dict):
        raise RecordError(f"{where}: expected an object, got {type(value).__name__}")
    return {str(key): _number(value, key, where) for key in value}


def _text_map(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise RecordError(f"{where}: expected an object, got {type(value).__name__}")
    return {str(key): _text(value, key, where) for key in value}
