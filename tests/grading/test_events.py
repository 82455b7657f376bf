"""Events arrive as they were sent, and nothing else is taken for one."""

import pytest

from autograder.grading.events import (
    AnswersFound,
    GradingFailed,
    ItemBegins,
    ItemEnded,
    SubmissionGraded,
    decode,
    encode,
)
from autograder.grading.item_records import unread_item
from autograder.grading.judge import submission_record


@pytest.fixture
def item(tiny):
    return unread_item(tiny.items[0], "a word: é\n", "grader_error")


def test_several_events_arrive_in_one_message_without_a_line_break(item):
    record = submission_record("ada", [item], 7, 1.5, {"mode": "docker", "layers": {}})
    events = [
        ItemBegins("t1-square"),
        ItemEnded(item),
        AnswersFound({"schema": "autograder.written/1", "name": "ada"}),
        SubmissionGraded(record, reusable=False),
        GradingFailed("no layers; mode docker; see doctor", refused=True),
    ]
    message = encode(*events)
    assert b"\n" not in message
    assert decode(message) == events
    assert decode(encode()) == []


@pytest.mark.parametrize(
    "message",
    [
        b"", b"hello", b"[", b"\xff", b"3", b"{}", b'{"begins": "a"}', b"[1]", b"[{}]",
        b'[{"begins": 3}]', b'[{"ended": 3}]', b'[{"ended": {"id": "a"}}]', b'[{"record": {}}]',
        b'[{"record": {}, "reusable": true}]', b'[{"answers": []}]', b'[{"failure": "a"}]',
        b'[{"failure": ["a"], "refused": true}]', b'[{"begins": "a"}, null]',
    ],
)  # fmt: skip
def test_a_malformed_message_is_refused(message):
    with pytest.raises(ValueError, match=r"."):
        decode(message)
