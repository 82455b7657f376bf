"""Text from students cannot act on a terminal, break a file or fill a page."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.text import one_line, plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dL/dW: got 3, expected ∂ᵀ 🙂", "dL/dW: got 3, expected ∂ᵀ 🙂"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", "\\x1b]0;never ended"),
        ("\x1b[\x1b[0m2J", "\\x1b[2J"),
        ("\x1bc", "\\x1bc"),
        ("a\r\nb\rc\x0bd\u2028e\x85f", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a    b"),
        ("bell\x07 back\x08 nul\0 delete\x7f", "bell\\x07 back\\x08 nul\\x00 delete\\x7f"),
        ("\u202eright to left", "\\u202eright to left"),
        ("half \ud83d", "half \\ud83d"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
    ],
)
def test_what_could_do_harm_is_dropped_or_spelt_out(text: str, expected: str) -> None:
    assert plain_text(text) == expected


def test_a_long_text_is_cut_and_says_so() -> None:
    cut = plain_text("x" * 1_000_000)
    assert len(cut) == 4_000
    assert cut.endswith("xxx\n... (cut: 1,000,000 characters in all)")


def test_a_title_is_one_line() -> None:
    assert one_line("a\n\tb   c\x1b[0m") == "a b c"
    assert one_line("x" * 500) == "x" * 197 + "..."


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 200))
def test_any_text_becomes_harmless_and_doing_it_twice_changes_nothing(text: str, cap: int) -> None:
    plain = plain_text(text, cap)
    assert len(plain) <= cap
    assert plain_text(plain, cap) == plain
    plain.encode("utf-8")
    assert json.loads(json.dumps(plain)) == plain
    assert not any(character < " " and character != "\n" for character in plain)
    assert "\x7f" not in plain
    assert "\n" not in one_line(text)
