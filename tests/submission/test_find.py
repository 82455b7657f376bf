"""Which submissions a command line means, and what they are called."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission import Submission, find_submissions, safe_name
from autograder.submission.names import distinct_names
from autograder.text import one_line


def test_a_folder_gives_its_name_and_a_zip_its_stem(tmp_path: Path) -> None:
    (tmp_path / "john.doe").mkdir()
    (tmp_path / "anna.v2.ZIP").touch()
    found = find_submissions([tmp_path / "john.doe", f"{tmp_path}/anna.v2.ZIP"])
    assert found == [
        Submission("john.doe", tmp_path / "john.doe"),
        Submission("anna.v2", tmp_path / "anna.v2.ZIP"),
    ]


def test_a_folder_called_like_a_zip_keeps_its_whole_name(tmp_path: Path) -> None:
    (tmp_path / "anna.zip").mkdir()
    assert find_submissions([tmp_path / "anna.zip"])[0].name == "anna.zip"


@pytest.mark.parametrize("path", [".", "./", "../homework", "../homework/"])
def test_the_present_folder_has_a_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (tmp_path / "homework").mkdir()
    monkeypatch.chdir(tmp_path / "homework")
    assert find_submissions([path])[0].name == "homework"


def test_a_path_that_does_not_exist_is_kept(tmp_path: Path) -> None:
    paths = [tmp_path / "gone.zip", tmp_path / "gone", Path("/"), Path("a\0b")]
    assert [found.name for found in find_submissions(paths)] == [
        "gone",
        "gone-2",
        "submission",
        r"a_x00b",
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a", "a-2", "a"], ["a", "a-2", "a-3"]),
        (["Anna", "anna"], ["Anna", "anna-2"]),
        (["caf\u00e9", "cafe\u0301"], ["caf\u00e9", "caf\u00e9-2"]),
        (["", ".", ".."], ["submission", "submission-2", "submission-3"]),
        (["grade.json", "Grade.JSON"], ["grade_json", "Grade_JSON-2"]),
        (["index.html", "by-question"], ["index_html", "by_question"]),
        (["-rf", "a/b", "a\\b", "x:y"], ["_rf", "a_b", "a_b-2", "x_y"]),
        (["a\nb", "\x1b[31mred\x1b[0m", "trailing. ."], ["a b", "red", "trailing"]),
    ],
)
def test_names_are_safe_and_distinct(names: list[str], expected: list[str]) -> None:
    assert distinct_names(names) == expected


@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_name_becomes_a_usable_folder_name(names: list[str]) -> None:
    result = distinct_names(names)
    assert len({name.casefold() for name in result}) == len(names)
    for name in result:
        assert name == one_line(name)
        assert name == os.path.basename(name)
        assert name not in ("", ".", "..")
        assert not name.startswith((".", "-"))
        assert len(name.encode()) <= 130


@given(st.text(max_size=300))
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)
