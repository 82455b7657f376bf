"""Notebooks are read the same, whichever program has saved them."""

import json

import pytest

from autograder.notebook.document import (
    NotebookUnreadable,
    line_of_cell,
    place_of,
    read_document,
    split_place,
)

JUPYTER = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3"}, "language_info": {"version": "3.11.0"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title\n", "text"]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["parameters"]},
            "source": ["x = 1\n", "y = 2"],
            "execution_count": 3,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["hello\n"]}],
        },
        {"cell_type": "raw", "id": "c", "metadata": {}, "source": "raw"},
        {
            "cell_type": "code",
            "id": "d",
            "metadata": {},
            "source": "z = x + y",
            "execution_count": None,
            "outputs": [],
        },
    ],
}
VSCODE = {
    "nbformat": 4,
    "nbformat_minor": 2,
    "metadata": {"language_info": {"name": "python"}, "orig_nbformat": 4},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title\r\n", "text"]},
        {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"vscode": {"languageId": "python"}},
            "outputs": [],
            "source": ["x = 1\r\n", "y = 2"],
        },
        {"cell_type": "code", "execution_count": 4, "metadata": {}, "source": ["z = x + y"]},
    ],
}
COLAB = {
    "cells": [
        {"cell_type": "markdown", "source": "# Title\ntext", "metadata": {"id": "Xy_1"}},
        {
            "cell_type": "code",
            "source": "x = 1\ny = 2",
            "metadata": {"id": "Xy_2", "colab": {"base_uri": "https://localhost:8080/"}},
            "execution_count": None,
            "outputs": [],
        },
        {"cell_type": "code", "source": "z = x + y", "metadata": {"id": "Xy_3"}, "outputs": []},
    ],
    "metadata": {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 0,
}


@pytest.fixture
def read(tmp_path):
    def read(content):
        file = tmp_path / "analysis.ipynb"
        if content is not None:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            file.write_bytes(data)
        return read_document(file)

    return read


@pytest.mark.parametrize("content", [JUPYTER, VSCODE, COLAB], ids=["Jupyter", "VS Code", "Colab"])
def test_the_same_cells_come_out_of_every_editor(read, content):
    cells = read(content).cells
    assert [cell.source for cell in cells] == ["x = 1\ny = 2", "z = x + y"]
    assert [cell.number for cell in cells] == [1, 2]
    assert cells[0].above == "# Title\ntext" and cells[1].above == ""


def test_a_mark_of_byte_order_does_not_matter(read):
    assert len(read(b"\xef\xbb\xbf" + json.dumps(JUPYTER).encode()).cells) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "analysis.ipynb is missing"),
        (b"", "analysis.ipynb is empty"),
        (b" \n", "analysis.ipynb is empty"),
        (b"print(1)\n", "it is not JSON (line 1: Expecting value)"),
        (b'{"cells": [', "it is not JSON (line 1: "),
        (b"\xff\xfe{", "it is not UTF-8 text"),
        (b"[" * 100_000 + b"]" * 100_000, "it is not JSON"),
        (b"[" + b"[]," * 600_000 + b"1]", "is too large; clear its outputs and save it"),
        ([1, 2], "it lacks 'nbformat'"),
        ({"cells": []}, "it lacks 'nbformat'"),
        ({"nbformat": 3, "worksheets": []}, "is in notebook format 3, expected 4; open it"),
        ({"nbformat": 5, "cells": []}, "is in notebook format 5, expected 4"),
        ({"nbformat": "4", "cells": []}, "is in notebook format, expected 4"),
        ({"nbformat": 4}, "it lacks a list of cells"),
        ({"nbformat": 4, "cells": {}}, "it lacks a list of cells"),
        ({"nbformat": 4, "cells": [{}] * 3000}, "has 3000 cells, more than 2000"),
        ({"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}, "source is not text"),
        (
            {"nbformat": 4, "cells": [{"cell_type": "code", "source": "x" * 2_000_000}]},
            "has a cell of more than 1,000,000 characters",
        ),
    ],
)
def test_what_is_no_notebook_is_told_in_one_sentence(read, content, words):
    with pytest.raises(NotebookUnreadable) as caught:
        read(content)
    text = str(caught.value)
    assert words in text and "\n" not in text and text.startswith("analysis.ipynb ")


def test_a_folder_of_that_name_is_no_notebook(tmp_path):
    (tmp_path / "analysis.ipynb").mkdir()
    with pytest.raises(NotebookUnreadable, match="is missing"):
        read_document(tmp_path / "analysis.ipynb")


@pytest.mark.parametrize("cell", [None, 3, "x", [], {"cell_type": ["code"]}, {"source": "x"}])
def test_what_is_no_cell_is_passed_over(read, cell):
    assert read({"nbformat": 4, "cells": [cell]}).cells == ()


def test_places_of_cells_are_told_from_files():
    assert split_place(place_of("analysis.ipynb", 7)) == ("analysis.ipynb", 7)
    assert split_place("shapes/area.py") == ("shapes/area.py", 0)
    assert split_place("notes, cell 3") == ("notes, cell 3", 0)


def test_lines_of_cells_are_read_from_the_file(read, tmp_path):
    read(JUPYTER)
    file = tmp_path / "analysis.ipynb"
    assert line_of_cell(file, 1, 2) == "y = 2"
    assert [line_of_cell(file, *place) for place in [(1, 3), (1, 0), (3, 1), (0, 1)]] == [""] * 4
    file.write_text("no notebook any more")
    assert line_of_cell(file, 1, 2) == ""
