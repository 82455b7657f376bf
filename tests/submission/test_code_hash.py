"""The hash of code leaves out the words of markdown cells, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.submission import Submission, Wanted, code_hash

from .conftest import MakeFolder, MakeZip

REPORT = Wanted(notebooks=("report.ipynb",))


def notebook(**changes: Any) -> dict[str, Any]:
    text = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["Because ", "of it."]}
    code = {
        "cell_type": "code", "id": "b", "metadata": {}, "source": "x = 1", "outputs": [],
        "execution_count": 1,
    }  # fmt: skip
    return {"cells": [text | changes, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def hash_of(make_folder: MakeFolder, content: bytes | dict[str, Any], name: str) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return code_hash(Submission("a", make_folder({"report.ipynb": data}, name)), REPORT)


@pytest.mark.parametrize(
    "other",
    [
        notebook(source="Something else."),
        notebook(source=["Because of it.\n", "x = 2"]),
        notebook(attachments={"a.png": {"image/png": "AAAA"}}),
    ],
    ids=["words", "lines", "picture"],
)
def test_words_do_not_change_it(make_folder: MakeFolder, other: dict[str, Any]) -> None:
    assert hash_of(make_folder, notebook(), "one") == hash_of(make_folder, other, "two") != ""


def with_code(**changes: Any) -> dict[str, Any]:
    document = notebook()
    document["cells"][1] |= changes
    return document


@pytest.mark.parametrize(
    "other",
    [
        with_code(source="x = 2"),
        with_code(source="x = 1 "),
        with_code(outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]),
        notebook(cell_type="raw"),
        notebook(cell_type="code"),
        notebook(metadata={"tags": ["other"]}),
        notebook() | {"cells": list(reversed(notebook()["cells"]))},
        notebook() | {"cells": notebook()["cells"][1:]},
        notebook() | {"metadata": {"kernelspec": {"name": "ir"}}},
        b"not a notebook",
        b"",
        b"[" * 100_000,
        b'{"cells": [1]}',
    ],
    ids=[
        "code", "space", "outputs", "raw", "text as code", "metadata", "order", "one cell less",
        "kernel", "no JSON", "empty", "deep", "no cells",
    ],
)  # fmt: skip
def test_everything_else_changes_it(make_folder: MakeFolder, other: bytes | dict[str, Any]) -> None:
    assert hash_of(make_folder, notebook(), "one") != hash_of(make_folder, other, "two")


def test_a_zip_and_its_folder_have_the_same(make_folder: MakeFolder, make_zip: MakeZip) -> None:
    data = json.dumps(notebook()).encode()
    from_zip = code_hash(Submission("a", make_zip({"report.ipynb": data})), REPORT)
    assert from_zip == hash_of(make_folder, data, "one")


def test_what_cannot_be_collected_has_none(tmp_path: Path) -> None:
    assert code_hash(Submission("a", tmp_path / "nowhere"), REPORT) == ""
