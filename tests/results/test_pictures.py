"""Of the figures that a student's notebooks show, so many are kept as a class has room for."""

import base64
import json

import pytest

from autograder.errors import UsageError
from autograder.handing_in.notebooks import read_notebook
from autograder.report.student.figures import figures_of
from autograder.results import Question, pictures, write_answers, written_document
from autograder.results.pictures import figures_in

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and some bytes").decode()


def cell(*outputs):
    shown = [{"output_type": "display_data", "data": one, "metadata": {}} for one in outputs]
    return {"cell_type": "code", "source": "plot()", "outputs": shown, "metadata": {},
            "execution_count": 1}  # fmt: skip


def notebook(*cells):
    data = {"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    return json.dumps(data).encode()


def cells_of(*cells):
    return read_notebook(notebook(*cells))


def test_figures_are_kept_with_their_place():
    shown = {"fit.ipynb": cells_of(cell(), cell({"image/png": PNG}, {"text/plain": "3"})),
             "more.ipynb": cells_of(cell({"image/png": PNG}))}  # fmt: skip
    figures, left_out = figures_in(shown)
    assert [(one["notebook"], one["cell"], one["mime"]) for one in figures] == [
        ("fit.ipynb", 2, "image/png"), ("more.ipynb", 1, "image/png")
    ]  # fmt: skip
    assert left_out == 0


@pytest.mark.parametrize("data", [
    {"image/svg+xml": "<svg onload=alert(1)>"}, {"text/html": "<script>"}, {"image/png": 7}, {},
    {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
])  # fmt: skip
def test_what_is_no_picture_is_no_figure(data):
    assert figures_in({"fit.ipynb": cells_of(cell(data))}) == ([], 0)


def test_there_is_an_end_to_figures(monkeypatch):
    monkeypatch.setattr(pictures, "FIGURES", 3)
    figures, left_out = figures_in({"fit.ipynb": cells_of(*[cell({"image/png": PNG})] * 5)})
    assert (len(figures), left_out) == (3, 2)


def test_a_figure_that_is_too_large_makes_room_for_a_smaller_one(monkeypatch):
    monkeypatch.setattr(pictures, "FIGURES_BYTES", 2 * len(PNG))
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(1000)).decode()
    shown = cells_of(cell({"image/png": large}), *[cell({"image/png": PNG})] * 3)
    figures, left_out = figures_in({"fit.ipynb": shown})
    assert [one["cell"] for one in figures] == [2, 3]
    assert left_out == 2


def test_figures_go_from_the_notebook_to_the_students_page(tmp_path):
    (tmp_path / "fit.ipynb").write_bytes(notebook(cell({"image/png": PNG})))
    why = Question("s1-why", "Why", 1.0, "Fits", "fit.ipynb")
    document = written_document("small", "A small one", "anna", [why], tmp_path)
    write_answers(tmp_path / "results", document)
    (figure,) = figures_of(tmp_path / "results", "anna")
    assert (figure.place, figure.mime, figure.data) == ("fit.ipynb, cell 1", "image/png", PNG)


def test_a_submission_without_answers_has_no_figures_and_a_damaged_file_is_named(tmp_path):
    assert figures_of(tmp_path, "anna") == []
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "written.json").write_text('{"figures": [3], "answers": []}')
    with pytest.raises(UsageError, match=r"anna/written\.json; grade the submission once more"):
        figures_of(tmp_path, "anna")
