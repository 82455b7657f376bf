"""What README and docs name exists: linked files, modules, tests, options of commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import ALLOWED

REPOSITORY = Path(__file__).parent.parent
DOCS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]

documents = pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)


@documents
def test_a_linked_file_exists(file):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text())
    files = {link for link in links if not link.startswith("http")}
    assert {link for link in files if not (file.parent / link).exists()} == set()


@documents
def test_a_module_that_is_named_exists(file):
    paths = set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", file.read_text()))
    places = (REPOSITORY / "autograder", REPOSITORY)
    assert {path for path in paths if not any((at / path).exists() for at in places)} == set()


@documents
def test_a_test_file_that_is_named_exists(file):
    names = set(re.findall(r"(?<!grading/)\b(test_[a-z_]+\.py)`", file.read_text()))
    there = {
        path.name
        for at in ("tests", "assignment")
        for path in REPOSITORY.joinpath(at).rglob("test_*.py")
    }
    assert names - there == set()


def test_commands_and_options_that_are_named_exist():
    text = (REPOSITORY / "docs" / "commands.md").read_text()
    asked: dict[str, set[str]] = {}
    for command, rest in re.findall(r"^    autograder (\w+)(.*?)(?:  .*)?$", text, re.MULTILINE):
        asked.setdefault(command, set()).update(re.findall(r"--[a-z-]+", rest))
    assert len(asked) >= 9
    for command, options in asked.items():
        done = subprocess.run(
            [sys.executable, "-m", "autograder", command, "--help"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert {option for option in options if option not in done.stdout} == set(), command


def test_the_map_has_at_most_200_lines():
    assert len((REPOSITORY / "docs" / "architecture.md").read_text().splitlines()) <= 200


def test_the_table_of_packages_says_what_each_may_import():
    text = (REPOSITORY / "docs" / "architecture.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", text, re.MULTILINE)
    table = {name: set(re.findall(r"`(\w+)`", imports)) for name, imports in rows}
    assert table.keys() == ALLOWED.keys()
    for name in ALLOWED.keys() - {"cli"}:
        assert table[name] == ALLOWED[name], name
