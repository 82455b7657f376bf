"""Every rule of Gradescope's schema, with a document that keeps it and one that does not."""

import json
import math
from typing import Any

import pytest

from autograder.results import validate_results

EVERYTHING: dict[str, Any] = {
    "score": 3.5,
    "execution_time": 1.25,
    "output": "two of three\n∂ᵀ\ttab",
    "output_format": "md",
    "test_output_format": "text",
    "test_name_format": "simple_format",
    "visibility": "after_due_date",
    "stdout_visibility": "hidden",
    "extra_data": {"seed": 1, "deep": {"list": [1, None, True, "x"]}},
    "tests": [
        {
            "score": 2,
            "max_score": 2.0,
            "status": "passed",
            "name": "first",
            "name_format": "text",
            "number": "1.1",
            "output": "ok",
            "output_format": "html",
            "tags": ["a", "b"],
            "visibility": "visible",
            "extra_data": {},
        },
        {"score": 1.5, "max_score": 3, "status": "failed", "name": "second", "number": "1.2"},
    ],
    "leaderboard": [
        {"name": "accuracy", "value": 0.91},
        {"name": "loss", "value": -0.3, "order": "asc"},
        {"name": "colour", "value": "blue", "order": "desc"},
    ],
}


def with_top(**fields: object) -> dict[str, Any]:
    """Return a small good document with these fields at the top."""
    return {"score": 1.0, **fields}


def with_test(**fields: object) -> dict[str, Any]:
    """Return a small good document whose only test has these fields too."""
    return {"tests": [{"score": 1.0, "max_score": 2.0, **fields}]}


def with_board(**fields: object) -> dict[str, Any]:
    """Return a small good document with a leaderboard entry of these fields."""
    return with_top(leaderboard=[{"name": "accuracy", "value": 1, **fields}])


@pytest.mark.parametrize(
    "document",
    [
        EVERYTHING,
        {"score": 0},
        {"tests": [{"score": 0.0}]},
        with_top(tests=[{"status": "passed"}, {"name": "unscored"}, {}]),
        with_top(execution_time="0.00"),
        with_top(output="\x1b[31mred", output_format="ansi"),
        {
            "test_output_format": "ansi",
            "tests": [{"score": 1, "output": "\x1b[31mred"}],
        },
        with_top(output="<b>bold</b>", output_format="html"),
        with_top(output="<script>", output_format="text"),
    ],
)
def test_a_good_document_has_no_findings(document: dict[str, Any]) -> None:
    assert validate_results(document) == []
    assert validate_results(json.dumps(document).encode()) == []


@pytest.mark.parametrize(
    ("document", "where", "what"),
    [
        # the document
        ([], "document", "is a list, not an object"),
        (None, "document", "is null, not an object"),
        ("x", "document", "is text, not an object"),
        ({}, "document", "has neither score nor tests"),
        ({"output": "x"}, "document", "has neither score nor tests"),
        # score and times
        ({"score": "3"}, "score", "is text, not a number"),
        ({"score": None}, "score", "is null, not a number"),
        ({"score": True}, "score", "is a boolean, not a number"),
        ({"score": math.nan}, "score", "is nan, which is not JSON"),
        ({"score": -math.inf}, "score", "is -inf, which is not JSON"),
        (with_top(execution_time="soon"), "execution_time", "is text that is not a number"),
        (with_top(execution_time="nan"), "execution_time", "is nan, which is not JSON"),
        (with_top(execution_time=[]), "execution_time", "is a list, not a number"),
        # text, formats, visibility
        (with_top(output=3), "output", "is a number, not text"),
        (with_top(output=None), "output", "is null, not text"),
        (with_top(output="\ud800"), "output", "holds half a character"),
        (with_top(output_format="markdown"), "output_format", "is 'markdown', none of text, html"),
        (with_top(test_output_format="Text"), "test_output_format", "is 'Text', none of"),
        (with_top(test_name_format=None), "test_name_format", "is None, none of"),
        (with_top(visibility="public"), "visibility", "is 'public', none of visible, hidden"),
        (with_top(visibility=["hidden"]), "visibility", "is ['hidden'], none of"),
        (with_top(stdout_visibility="no"), "stdout_visibility", "is 'no', none of"),
        # extra data
        (with_top(extra_data=[]), "extra_data", "is a list, not an object"),
        (with_top(extra_data={"x": math.nan}), "extra_data", "is not JSON"),
        (with_top(extra_data={"x": {1, 2}}), "extra_data", "is not JSON"),
        # tests
        (with_top(tests={}), "tests", "is an object, not a list"),
        (with_top(tests="x"), "tests", "is text, not a list"),
        ({"tests": ["x"]}, "tests[0]", "is text, not an object"),
        ({"tests": [{"name": "a"}]}, "tests[0].score", "is missing, and so is the score of"),
        ({"tests": [{"score": 1}, {}]}, "tests[1].score", "is missing, and so is the score of"),
        (with_test(score="1"), "tests[0].score", "is text, not a number"),
        (with_test(max_score=math.inf), "tests[0].max_score", "is inf, which is not JSON"),
        (with_test(max_score="2"), "tests[0].max_score", "is text, not a number"),
        (with_test(status="partial"), "tests[0].status", "is 'partial', none of passed, failed"),
        (with_test(name=7), "tests[0].name", "is a number, not text"),
        (with_test(name_format="pdf"), "tests[0].name_format", "is 'pdf', none of"),
        (with_test(number=1.1), "tests[0].number", "is a number, not text"),
        (with_test(output=["line"]), "tests[0].output", "is a list, not text"),
        (with_test(output_format=""), "tests[0].output_format", "is '', none of"),
        (with_test(tags="a"), "tests[0].tags", "is text, not a list"),
        (with_test(tags=["a", 1]), "tests[0].tags[1]", "is a number, not text"),
        (with_test(visibility="shown"), "tests[0].visibility", "is 'shown', none of"),
        (with_test(extra_data="x"), "tests[0].extra_data", "is text, not an object"),
        # leaderboard
        (with_top(leaderboard={}), "leaderboard", "is an object, not a list"),
        (with_top(leaderboard=[3]), "leaderboard[0]", "is a number, not an object"),
        (with_top(leaderboard=[{"value": 1}]), "leaderboard[0].name", "is missing"),
        (with_top(leaderboard=[{"name": "a"}]), "leaderboard[0].value", "is missing"),
        (with_board(name=1), "leaderboard[0].name", "is a number, not text"),
        (with_board(value=None), "leaderboard[0].value", "is null, not a number"),
        (with_board(value=math.nan), "leaderboard[0].value", "is nan, which is not JSON"),
        (with_board(order="up"), "leaderboard[0].order", "is 'up', none of asc, desc"),
        # Python's own
        ({1: 2, "score": 1}, "1", "has a number for a key"),
        (with_top(output=b"x"), "output", "is a Python bytes, not text"),
    ],
)
def test_a_bad_document_has_an_error(document: object, where: str, what: str) -> None:
    errors = [finding for finding in validate_results(document) if finding.level == "error"]
    assert [finding.where for finding in errors] == [where]
    assert what in errors[0].what


@pytest.mark.parametrize(
    ("document", "where", "what"),
    [
        (with_top(points=3), "points", "is a key that Gradescope does not know"),
        (with_test(points=3), "tests[0].points", "is a key that Gradescope does not know"),
        (with_board(rank=3), "leaderboard[0].rank", "is a key that Gradescope does not know"),
        ({"score": -1}, "score", "-1 is negative"),
        (with_test(score=-1), "tests[0].score", "-1 is negative"),
        (with_top(execution_time=-0.1), "execution_time", "-0.1 is negative"),
        (with_test(score=2.5), "tests[0].score", "2.5 is more than max_score 2.0"),
        ({"tests": []}, "tests", "is empty, and no score is given: the total is 0"),
        (
            {"score": 9, "tests": [{"score": 1}, {"score": 2}]},
            "score",
            "9 replaces the sum of the tests, 3",
        ),
        (
            with_top(tests=[{"name": "a"}, {"name": "a"}, {"name": "b"}]),
            "tests",
            "2 entries have the name 'a'",
        ),
        (
            with_top(tests=[{"number": "1"}, {"number": "1"}]),
            "tests",
            "2 entries have the number '1'",
        ),
        (
            with_top(leaderboard=[{"name": "a", "value": 1}, {"name": "a", "value": 2}]),
            "leaderboard",
            "2 entries have the name 'a'",
        ),
        (with_test(visibility="hidden"), "tests", "students do not see their total either"),
        (with_top(output="\x1b[31mred"), "output", "holds control characters or terminal colours"),
        (with_test(name="a\x07"), "tests[0].name", "holds control characters"),
        (
            with_top(output="<SCRIPT src=x>", output_format="html"),
            "output",
            "holds HTML that Gradescope takes out",
        ),
        (
            with_test(output='<img onerror = "x">', output_format="html"),
            "tests[0].output",
            "holds HTML that Gradescope takes out",
        ),
    ],
)
def test_an_unwise_document_has_a_warning(document: object, where: str, what: str) -> None:
    (finding,) = validate_results(document)
    assert finding.level == "warning"
    assert finding.where == where
    assert what in finding.what


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b'{"score": 1} extra', "is not JSON"),
        (b"{'score': 1}", "is not JSON"),
        (b'{"score": NaN}', "NaN is not JSON"),
        (b'{"score": 1, "extra_data": {"x": [-Infinity]}}', "-Infinity is not JSON"),
        (b'\xef\xbb\xbf{"score": 1}', "is not JSON"),
        ('{"score": 1}'.encode("utf-16"), "is not JSON"),
        (b'{"score": 1, "output": "\xff"}', "is not JSON"),
        (b"[" * 200_000, "is not JSON"),
        (b'{"score": 1, "score": 2}', "has the key 'score' 2 times in one object"),
    ],
)
def test_bytes_that_are_not_plain_json_are_an_error(raw: bytes, what: str) -> None:
    (finding,) = validate_results(raw)
    assert (finding.level, finding.where) == ("error", "document")
    assert what in finding.what


def test_a_number_too_large_for_a_float_is_an_error() -> None:
    (finding,) = validate_results(b'{"score": 1e999}')
    assert finding.what == "is inf, which is not JSON"


def test_a_very_large_document_has_a_warning() -> None:
    (finding,) = validate_results(json.dumps(with_top(output="x" * 2_000_000)).encode())
    assert str(finding) == "warning: document: is larger than 1 MB"


def test_every_mistake_is_found_at_once() -> None:
    document = {"score": "x", "visibility": "y", "tests": [{"status": "z"}, 3]}
    assert [finding.where for finding in validate_results(document)] == [
        "score",
        "visibility",
        "tests[0].status",
        "tests[1]",
    ]
