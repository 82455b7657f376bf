"""Each kind of change does what it says, and says so where it no longer fits."""

import hashlib
import io
import json

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.audit.catalogue import CatalogueEntry
from autograder.errors import AssignmentErrors
from autograder.planted.changes import FileChange

CELLS = [
    ("markdown", "# Report\n\nWhat `rate` is best?"),
    ("code", "%matplotlib inline\nimport numpy as np"),
    ("code", 'rate = 0.1\n\ndef fit(rate):\n    """Fit."""\n    return rate\n'),
    ("code", "losses = fit(rate=rate)\nmodel.rate = 1"),
    ("code", "print(losses)"),
]
AREA = """\
class Square:
    def area(self, x):
        \"\"\"Area.\"\"\"
        return x * x


def other(x):
    return x
"""


def notebook(as_lines=True):
    cells = []
    for number, (kind, text) in enumerate(CELLS):
        source = text.splitlines(keepends=True) if as_lines else text
        cell = {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source}
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def weights():
    file = io.BytesIO()
    np.savez(file, **{"0.weight": np.ones((2, 3), "float32"), "0.bias": np.ones(2, "float32")})
    return file.getvalue()


def solution():
    return {
        "report.ipynb": notebook(),
        "shapes/area.py": AREA.encode(),
        "claims/r.json": b'{"numbers": {"accuracy": 86.0, "pairs": [[1, 2], [3, 4]]}}\n',
        "claims/r.npz": weights(),
    }


def change(file, **how):
    """The files of the solution after one change."""
    entry = CatalogueEntry("an-entry", "", (), "", (FileChange(file, how),), "entries.toml")
    return apply_entry(entry, solution())


def sources(files, path="report.ipynb"):
    return ["".join(cell["source"]) for cell in json.loads(files[path])["cells"]]


def changed(files):
    """The paths that differ from the solution's."""
    before = solution()
    return {path for path in before | files if before.get(path) != files.get(path)}


@pytest.mark.parametrize("name", ["report.ipynb", "report.py"])
def test_a_text_in_a_cell_is_replaced_under_either_name_of_the_notebook(name):
    files = change(name, find="rate = 0.1", replace="rate = 0.5\nextra = 1")
    assert changed(files) == {"report.ipynb"}
    assert sources(files)[2].startswith("rate = 0.5\nextra = 1\n\ndef fit")
    assert [text for number, text in enumerate(sources(files)) if number != 2] == [
        text for number, (_, text) in enumerate(CELLS) if number != 2
    ]


@pytest.mark.parametrize("as_lines", [True, False])
def test_a_source_stays_the_kind_it_was(as_lines):
    entry = CatalogueEntry(
        "e", "", (), "", (FileChange("r.ipynb", {"find": "0.1", "replace": "0.2"}),), ""
    )
    files = apply_entry(entry, {"r.ipynb": notebook(as_lines)})
    expected = json.loads(notebook(as_lines).replace(b"0.1", b"0.2"))
    assert json.loads(files["r.ipynb"]) == expected


def test_the_body_of_a_function_is_replaced_in_its_cell():
    files = change("report.py", function="fit", replace="return 2 * rate")
    assert (
        sources(files)[2] == 'rate = 0.1\n\ndef fit(rate):\n    """Fit."""\n    return 2 * rate\n'
    )


def test_the_body_of_a_method_is_replaced():
    files = change("shapes/area.py", function="Square.area", replace="return 2 * x")
    assert files["shapes/area.py"].decode() == AREA.replace("x * x", "2 * x")


def test_a_variable_is_renamed_in_all_code_but_not_in_prose_nor_as_an_attribute():
    files = change("report.py", variable="rate", replace="speed")
    assert sources(files)[0] == CELLS[0][1]
    assert sources(files)[2:4] == [
        'speed = 0.1\n\ndef fit(speed):\n    """Fit."""\n    return speed\n',
        "losses = fit(speed=speed)\nmodel.rate = 1",
    ]


def test_a_cell_is_deleted():
    assert sources(change("report.py", delete_cell="losses = fit")) == [
        text for number, (_, text) in enumerate(CELLS) if number != 3
    ]


def test_a_cell_is_moved_above_another_one():
    files = change("report.py", move_cell="print(losses)", before="losses = fit")
    assert sources(files) == [CELLS[number][1] for number in (0, 1, 2, 4, 3)]


def test_a_file_gets_other_contents_another_name_or_is_gone():
    assert change("report.ipynb", content="no JSON")["report.ipynb"] == b"no JSON"
    assert change("notes.txt", content="new")["notes.txt"] == b"new"
    assert changed(change("report.ipynb", remove=True)) == {"report.ipynb"}
    renamed = change("report.ipynb", rename="report (1).ipynb")
    assert changed(renamed) == {"report.ipynb", "report (1).ipynb"}
    assert renamed["report (1).ipynb"] == solution()["report.ipynb"]


def test_numbers_of_a_claim_are_set():
    files = change("claims/r.json", key="numbers.accuracy", value=99.0)
    assert json.loads(files["claims/r.json"])["numbers"]["accuracy"] == 99.0
    files = change("claims/r.json", key="numbers.pairs.1.0", value=7)
    assert json.loads(files["claims/r.json"])["numbers"]["pairs"] == [[1, 2], [7, 4]]


def test_an_array_of_weights_is_filled_the_same_way_every_time():
    files = change("claims/r.npz", key="0.weight", value=0.5)
    with np.load(io.BytesIO(files["claims/r.npz"])) as archive:
        assert archive["0.weight"].dtype == "float32" and np.all(archive["0.weight"] == 0.5)
        assert np.all(archive["0.bias"] == 1)
    assert files == change("claims/r.npz", key="0.weight", value=0.5)


def test_arrays_become_those_of_another_prefix():
    file = io.BytesIO()
    np.savez(
        file, **{"he.0.weight": np.ones(2), "xavier.0.weight": np.arange(2.0), "b": np.ones(1)}
    )
    how = {"prefix": "he", "from": "xavier"}
    entry = CatalogueEntry("e", "", (), "", (FileChange("claims/r.npz", how),), "")
    files = apply_entry(entry, {"claims/r.npz": file.getvalue()})
    with np.load(io.BytesIO(files["claims/r.npz"])) as archive:
        found = {name: archive[name].tolist() for name in archive.files}
    assert found == {"he.0.weight": [0, 1], "xavier.0.weight": [0, 1], "b": [1]}


def test_the_digest_of_changed_weights_stays_true():
    digest = hashlib.sha256(weights()).hexdigest()
    stated = solution() | {"claims/r.json": json.dumps({"weights_sha256": digest}).encode()}
    how = {"key": "0.weight", "value": 0.5}
    entry = CatalogueEntry("e", "", (), "", (FileChange("claims/r.npz", how),), "")
    files = apply_entry(entry, stated)
    digest = hashlib.sha256(files["claims/r.npz"]).hexdigest()
    assert json.loads(files["claims/r.json"]) == {"weights_sha256": digest}


MISFITS = [
    ("gone.py", {"find": "a", "replace": "b"}, "the solution has no file gone.py"),
    ("gone.ipynb", {"remove": True}, "the solution has no file gone.ipynb"),
    (
        "report.py",
        {"find": "speed", "replace": ""},
        "its text to find does not occur in report.ipynb",
    ),
    ("report.py", {"find": "rate = ", "replace": ""}, "occurs 2 times in report.ipynb"),
    ("report.py", {"find": "0.1\n", "replace": "(\n"}, "report.ipynb is not valid Python with it"),
    (
        "shapes/area.py",
        {"find": "x * x", "replace": "("},
        "shapes/area.py is not valid Python with it",
    ),
    ("report.py", {"function": "gone", "replace": ""}, "report.ipynb has no function gone"),
    ("shapes/area.py", {"function": "Square", "replace": ""}, "has no function Square"),
    ("report.py", {"variable": "best", "replace": "b"}, "report.ipynb has no variable best"),
    ("report.py", {"delete_cell": "gone"}, "no cells of report.ipynb contain 'gone'"),
    ("report.py", {"delete_cell": "losses"}, "2 cells of report.ipynb contain 'losses'"),
    ("report.py", {"move_cell": "print(losses)", "before": "gone"}, "no cells of report.ipynb"),
    ("shapes/area.py", {"delete_cell": "x"}, "shapes/area.py is not a notebook"),
    ("report.ipynb", {"rename": "claims/r.json"}, "already has a file claims/r.json"),
    ("claims/r.json", {"key": "numbers.loss", "value": 1}, "claims/r.json has no numbers.loss"),
    ("claims/r.json", {"key": "numbers.pairs.9.0", "value": 1}, "has no numbers.pairs.9.0"),
    ("claims/r.npz", {"key": "1.weight", "value": 1}, "claims/r.npz has no array 1.weight"),
    ("claims/r.npz", {"find": "a", "replace": "b"}, "claims/r.npz is not text"),
    ("shapes/area.py", {"prefix": "0", "from": "1"}, "shapes/area.py contains no arrays"),
    ("claims/r.npz", {"prefix": "0", "from": "1"}, "no arrays 0.* that match those of 1.*"),
    ("claims/r.npz", {"prefix": "2", "from": "0"}, "no arrays 2.* that match those of 0.*"),
]


@pytest.mark.parametrize(("file", "how", "words"), MISFITS)
def test_a_change_that_does_not_fit_is_an_error_that_names_its_entry(file, how, words):
    with pytest.raises(AssignmentErrors) as error:
        change(file, **how)
    assert str(error.value).startswith("entries.toml: ")
    assert words in str(error.value)
    assert str(error.value).endswith("; correct the entry 'an-entry' or remove it")


def write_entry(course, lines):
    folder = course / "assignment" / "tiny" / "catalogue" / "mistakes"
    (folder / "area.toml").unlink()
    head = '[[mistake]]\nid = "m"\ntitle = "t"\ncosts = ["t1-square"]\nhint = "h"\n'
    (folder / "all.toml").write_text(head + "[[mistake.change]]\n" + lines)
    return load_catalogue(load_assignment(course, "tiny"))


def test_the_kinds_are_read_from_toml(course):
    lines = 'file = "claims/r.json"\nkey = "numbers.accuracy"\nvalue = 99.0\n'
    [entry] = write_entry(course, lines).mistakes
    (read,) = entry.changes
    assert (read.file, read.how) == ("claims/r.json", {"key": "numbers.accuracy", "value": 99.0})


def test_a_file_is_embedded_in_a_new_module():
    files = change("shapes/weights.py", embed="claims/r.npz")
    assert changed(files) == {"shapes/weights.py"}
    namespace = {}
    exec(files["shapes/weights.py"], namespace)
    assert namespace["DATA"] == solution()["claims/r.npz"]
    with pytest.raises(AssignmentErrors, match=r"the solution has no file claims/q\.npz"):
        change("shapes/weights.py", embed="claims/q.npz")
