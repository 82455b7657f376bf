"""A record holds only what can be a score, and goes through JSON unchanged."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AutograderError
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    from_dict,
    grade_document,
    to_dict,
    totals,
)
from autograder.results.record import ITEM_STATUSES, TEST_STATUSES, VISIBILITIES

from .builders import make_item, make_record, make_test


def test_totals_count_auto_items_only() -> None:
    items = [
        make_item("p1-a", points=2.5),
        make_item("p1-b", status="failed", points=1.0),
        make_item("p1-c", status="grader_error", points=0.1),
        make_item("p1-d", status="partial", points=3.0, score=0.2),
        make_item("p1-e", status="awaiting_manual", points=4.0),
    ]
    assert totals(items) == (2.7, 6.6)


def test_totals_of_many_thirds_are_exact_to_the_cent() -> None:
    assert totals([make_item(f"p1-{n}", points=0.1) for n in range(30)]) == (3.0, 3.0)


@pytest.mark.parametrize(
    "fields",
    [
        {"score": math.nan},
        {"score": math.inf},
        {"score": -0.5},
        {"score": 2.5, "points": 2.0},
        {"points": math.nan},
        {"status": "success"},
        {"status": "awaiting_manual", "score": 1.0},
        {"status": "grader_error", "score": 1.0},
        {"visibility": "public"},
        {"measured": {"score": math.nan}},
    ],
)
def test_an_impossible_item_cannot_be_made(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"score|points|status|visibility"):
        make_item(**fields)


@pytest.mark.parametrize("status", ["partial", "awaiting_manual", ""])
def test_a_test_has_no_status_of_an_item(status: str) -> None:
    with pytest.raises(ValueError, match="status"):
        make_test(status=status)


def test_a_score_that_is_not_the_sum_of_its_items_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="is not the sum"):
        make_record([make_item()], score=1.0)


amounts = st.floats(0, 100, allow_nan=False).map(lambda number: round(number, 2))
texts = st.text(max_size=20)
ids = st.from_regex(r"[a-z0-9-]{1,10}", fullmatch=True)  # the assignment's own, never a student's
tests = st.builds(
    make_test,
    texts,
    title=texts,
    status=st.sampled_from(TEST_STATUSES),
    message=texts,
    student_message=texts,
    hidden=st.booleans(),
    seconds=amounts,
)


@st.composite
def items(draw: st.DrawFn) -> ItemRecord:
    status = draw(st.sampled_from(ITEM_STATUSES))
    points = draw(amounts)
    scored = status not in ("awaiting_manual", "grader_error")
    return make_item(
        draw(ids),
        problem=draw(ids),
        title=draw(texts),
        points=points,
        score=draw(st.sampled_from([0.0, points])) if scored else 0.0,
        status=status,
        message=draw(texts),
        student_message=draw(texts),
        visibility=draw(st.sampled_from(VISIBILITIES)),
        tests=tuple(draw(st.lists(tests, max_size=3))),
        measured=draw(st.dictionaries(texts, st.floats(-1e6, 1e6), max_size=2)),
    )


records = st.builds(
    make_record,
    st.lists(items(), max_size=4),
    texts,
    seed=st.integers(0, 2**64),
    seconds=amounts,
    notices=st.lists(texts, max_size=3).map(tuple),
    versions=st.dictionaries(texts, texts, max_size=3),
)


@given(records)
def test_a_record_goes_through_json_unchanged(record: SubmissionRecord) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(record), allow_nan=False))) == record


def _record_data() -> dict[str, Any]:
    return to_dict(make_record([make_item()]))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["name"], 3, "record.name: expected text, got int"),
        (["score"], "2", "record.score: expected a number, got str"),
        (["score"], True, "record.score: expected a number, got bool"),
        (["score"], 10**400, "record.score: the number is too large"),
        (["score"], math.nan, "not a finite number"),
        (["score"], 99.0, "is not the sum"),
        (["seed"], 1.5, "record.seed: expected a whole number"),
        (["seed"], True, "record.seed: expected a whole number"),
        (["items"], {}, "record.items: expected a list, got dict"),
        (["items", 0], [], r"record.items\[0\]: expected an object, got list"),
        (["items", 0, "status"], "won", "'won' is none of"),
        (["items", 0, "score"], -1, "finite number from 0 up"),
        (["items", 0, "bonus"], 1, r"record.items\[0\]: missing keys: none; unknown keys: bonus"),
        (["items", 0, "tests", 0, "hidden"], 1, r"tests\[0\].hidden: expected true or false"),
        (["notices"], ["a", 1], "record.notices: expected text, got int"),
        (["isolation"], {"mode": "x"}, "record.isolation: missing keys: layers"),
        (["isolation", "layers"], {"a": 1}, "record.isolation.layers.a: expected text"),
        (["versions"], [], "record.versions: expected an object"),
    ],
)
def test_data_that_is_no_record_is_refused_by_place(
    place: list[Any], value: object, message: str
) -> None:
    data = _record_data()
    holder: Any = data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    with pytest.raises(AutograderError, match=message):
        from_dict(data)


@pytest.mark.parametrize("key", sorted(_record_data().keys() - {"brought", "code_sha256"}))
def test_every_key_is_needed(key: str) -> None:
    data = _record_data()
    del data[key]
    with pytest.raises(AutograderError, match=f"missing keys: {key}"):
        from_dict(data)


def test_a_record_of_an_earlier_version_is_read() -> None:
    data = _record_data()
    del data["brought"], data["code_sha256"]
    record = from_dict(data)
    assert (record.brought, record.code_sha256) == ((), "")


@pytest.mark.parametrize("data", [None, [], "record", 3])
def test_something_else_is_no_record(data: object) -> None:
    with pytest.raises(AutograderError, match="record: expected an object"):
        from_dict(data)


def test_the_grade_document_has_the_published_shape() -> None:
    failed = make_item(
        "p6-backward",
        points=2.5,
        status="failed",
        message="dL/dW: wrong",
        tests=(make_test("test_dw", status="failed", message="dL/dW: wrong"),),
    )
    document = grade_document("tiny", [make_record([failed], seconds=1.98765)])
    assert document["schema"] == "autograder.grade/1"
    assert document["assignment"] == "tiny"
    (submission,) = document["submissions"]
    published = ["name", "score", "possible", "seconds", "isolation", "items"]
    assert [submission[key] for key in published[:4]] == ["anna", 0.0, 2.5, 1.988]
    assert submission["isolation"] == {
        "mode": "local-user",
        "layers": {"process": "active", "seccomp": "absent"},
    }
    (item,) = submission["items"]
    assert {
        key: item[key] for key in ("id", "problem", "points", "score", "status", "message")
    } == {
        "id": "p6-backward",
        "problem": "p6",
        "points": 2.5,
        "score": 0.0,
        "status": "failed",
        "message": "dL/dW: wrong",
    }
    (test,) = item["tests"]
    assert (test["name"], test["status"], test["message"]) == ("test_dw", "failed", "dL/dW: wrong")
    json.dumps(document, allow_nan=False)


def test_the_grade_document_takes_escapes_out_of_what_students_wrote() -> None:
    item = make_item(status="failed", message="\x1b[31mred\x1b[0m\x07")
    document = grade_document("tiny", [make_record([item], notices=("\x1b[2Jnote",))])
    assert document["submissions"][0]["items"][0]["message"] == "red\\x07"
    assert document["submissions"][0]["notices"] == ["note"]
