"""A worker's report of an error has one form, its cause included; anything else is not a reply."""

import pytest

from autograder.sandbox.client import is_reply

ERROR = {"type": "NameError", "message": "m", "frames": [["a.py", 3, "f"]]}


def test_errors_with_and_without_a_cause_are_replies():
    assert is_reply({"error": ERROR})
    assert is_reply({"error": ERROR | {"cause": ERROR}})


@pytest.mark.parametrize(
    "cause",
    [
        None,
        "text",
        [],
        {},
        ERROR | {"cause": ERROR},  # one is enough: more could be nested without end
        ERROR | {"other": 1},
        {key: value for key, value in ERROR.items() if key != "frames"},
        ERROR | {"type": "x" * 101},
        ERROR | {"type": 3},
        ERROR | {"message": "x" * 2001},
        ERROR | {"frames": [["a.py", 1, "f"]] * 9},
        ERROR | {"frames": [["a\npy", 1, "f"]]},
        ERROR | {"frames": [["a.py", "1", "f"]]},
        ERROR | {"frames": [["a.py", True, "f"]]},
    ],
)
def test_other_causes_are_none(cause):
    assert not is_reply({"error": ERROR | {"cause": cause}})


def test_a_cause_does_not_stand_for_the_error():
    assert not is_reply({"error": {"cause": ERROR}})
    assert not is_reply({"error": ERROR | {"message": 3, "cause": ERROR}})
    assert not is_reply({"error": ERROR | {"cause": ERROR, "more": 1}})
