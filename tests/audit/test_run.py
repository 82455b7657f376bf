"""An audit grades what it has to and nothing twice; it can be stopped and taken up again."""

import io
import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from autograder.assignment import load_assignment
from autograder.audit.dependencies import Reach
from autograder.audit.document import SCHEMA, document
from autograder.audit.page import page, write_page
from autograder.audit.run import AuditProgress
from autograder.audit.table import show_report
from autograder.release import solution_files

MODULE = "shapes/area.py"


class Seen(AuditProgress):
    """Remembers what was graded; may stop the audit."""

    def __init__(self, stop_after=None):
        self.begun, self.finished, self.stop_after = set(), [], stop_after

    def begin(self, name, item_id):
        self.begun.add((name, item_id))

    def finish(self, name):
        self.finished.append(name)
        if len(self.finished) == self.stop_after:
            raise KeyboardInterrupt


def test_what_is_known_is_not_graded_again(audited, course, tmp_path):
    file = tmp_path / "outcomes.jsonl"
    first = audited(course, file=file)
    seen = Seen()
    again = audited(course, file=file, watcher=seen)
    assert seen.begun == set()
    assert document(again) | {"seconds": 0} == document(first) | {"seconds": 0}


def test_a_change_grades_what_it_touches(audited, course, tmp_path):
    file = tmp_path / "outcomes.jsonl"
    audited(course, file=file)
    path = course / "assignment/tiny/catalogue/mistakes/area.toml"
    path.write_text(path.read_text().replace("2.0 * x", "x + x"))
    seen = Seen()
    audited(course, file=file, watcher=seen)
    assert {name for name, _ in seen.begun} == {"mistake-square-doubles"}


def test_a_stopped_audit_goes_on_where_it_was(audited, course, tmp_path):
    file = tmp_path / "outcomes.jsonl"
    stopped = Seen(stop_after=6)
    with pytest.raises(KeyboardInterrupt):
        audited(course, file=file, watcher=stopped)
    with file.open("ab") as written:  # as if it had been stopped while it wrote
        written.write(b'["abc", {"poi')
    seen = Seen()
    report = audited(course, file=file, watcher=seen)
    assert report.findings == ()
    assert {name for name, _ in seen.begun}.isdisjoint(stopped.finished)
    assert set(stopped.finished) < set(seen.finished)


def test_quick_leaves_mutants_out(audited, course):
    seen = Seen()
    report = audited(course, quick=True, watcher=seen)
    assert report.findings == ()
    assert not [name for name in seen.finished if name.startswith(("mutant", "again"))]
    assert len(report.of_kind("mistake")) == 7


def test_what_was_not_tried_is_said_and_not_called_right(audited, course):
    from rich.console import Console

    console = Console(record=True, width=200, file=io.StringIO())
    show_report(audited(course, "noted", quick=True), console)
    show_report(audited(course, only=frozenset({"variant"})), console)
    text = console.export_text()
    assert "nothing is wrong" not in text
    assert text.count("no finding in what was tried") == 2
    assert "of items in notebooks everything but the solution and the release: --quick" in text
    assert "everything but the solution and variant: --only" in text


def test_a_changed_written_answer_grades_nothing_again(audited, rewrite, tmp_path):
    file = tmp_path / "outcomes.jsonl"
    old = "the derivative $2 \\sum_i (c - x_i)$ is zero there only."
    course = rewrite("solutions/noted/squares.py", old, old)
    audited(course, "noted", file=file)
    rewrite("solutions/noted/squares.py", old, "the derivative vanishes there only.")
    seen = Seen()
    audited(course, "noted", file=file, watcher=seen)
    assert seen.begun == set()


def test_quick_looks_at_a_notebook_by_reference_and_release_only(audited, course):
    report = audited(course, "noted", quick=True)
    assert report.findings == ()
    assert report.of_kind("mistake") == []
    assert len(report.release) == 2


def with_package_and_notebook(course, uses_package):
    """The notebook's assignment with the package of the other one added."""
    toml = course / "assignment/noted/assignment.toml"
    package = '[[package]]\npath = "shapes/"\ngiven = ["shapes/__init__.py", "shapes/area.py"]\n\n'
    toml.write_text(toml.read_text().replace("[[notebook]]", package + "[[notebook]]", 1))
    notebook = course / "solutions/noted/squares.py"
    line = "import shapes" if uses_package else "# like shapes.area"
    text = notebook.read_text().replace("import numpy as np", f"import numpy as np\n{line}")
    notebook.write_text(text)
    (course / "solutions/noted/shapes").mkdir()
    for name in ("__init__.py", "area.py"):
        (course / "solutions/noted/shapes" / name).write_text("")
    return load_assignment(course, "noted")


@pytest.mark.parametrize("uses_package", [True, False])
def test_a_notebook_is_reached_by_a_package_that_it_imports(course, uses_package):
    assignment = with_package_and_notebook(course, uses_package)
    reached = Reach(assignment).files_of(solution_files(assignment))
    assert set(reached) == {item.id for item in assignment.auto_items}
    for files in reached.values():
        assert "squares.ipynb" in files
        assert (MODULE in files) is uses_package


def test_a_file_that_nobody_names_is_reached_by_all(course):
    assignment = load_assignment(course, "noted")
    files = {**solution_files(assignment), "claims/mean.json": b"{}", "claims/squares.json": b"{}"}
    reached_by = Reach(assignment).files_of(files)
    assert set(reached_by) == {item.id for item in assignment.auto_items}
    for reached in reached_by.values():
        assert {"claims/mean.json", "claims/squares.json"} <= set(reached)


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_the_page_shows_every_mistake_and_asks_for_nothing(audited, course, tmp_path):
    report = audited(course)
    elements = Elements()
    elements.feed(page(report))
    tags = [tag for tag, _ in elements.found]
    assert not {"script", "link", "img", "iframe", "object"} & set(tags)
    assert not [one for _, one in elements.found if {"src", "href", "onload"} & one.keys()]
    pictures = [one for tag, one in elements.found if tag == "svg" and one.get("role") == "img"]
    assert len(pictures) == 1
    ids = {one["id"] for _, one in elements.found if "id" in one}
    assert set(pictures[0]["aria-labelledby"].split()) <= ids
    marks = [one.get("class") for tag, one in elements.found if tag == "g"]
    assert marks.count("caught") == 7 + 1  # and one in the legend
    assert marks.count("missed") == marks.count("blamed") == 1
    write_page(tmp_path / "page", report, json.dumps(document(report)))
    assert (tmp_path / "page/audit.html").read_text() == page(report)


def test_what_comes_from_students_code_stays_text(audited, course):
    path = course / "assignment/tiny/catalogue/mistakes/area.toml"
    text = path.read_text()
    shout = "raise ValueError('<b>&lt;')"
    path.write_text(text.replace('replace = "2.0 * x"', f'replace = "exec(\\"{shout}\\")"'))
    shown = page(audited(course))
    assert "<b>" not in shown and "&lt;b&gt;&amp;lt;" in shown


def run(course, *words):
    command = [sys.executable, "-m", "autograder", "audit", "tiny", "--jobs", "1", *words]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def test_the_command_writes_table_page_and_document(course, outcomes, audited):
    audited(course)  # so that the outcomes are there
    done = run(course, "--out", str(outcomes.parent))
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing is wrong" in done.stdout
    assert max(map(len, done.stdout.splitlines()[:-1])) <= 80
    written = json.loads((outcomes.parent / "audit.json").read_text())
    assert written["schema"] == SCHEMA and len(written["mistakes"]) == 7


def test_the_command_ends_with_1_where_something_is_found(course, outcomes, audited):
    (course / "assignment/tiny/catalogue/equivalent.toml").unlink()
    audited(course)
    done = run(course, "--json", "--out", str(outcomes.parent))
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert [finding["kind"] for finding in document["findings"]] == ["survived"]
    [mutant] = [one for one in document["mutants"] if one["state"] == "survived"]
    assert mutant["mutated"] == "sums_of_rows = X @ np.ones(D)"
