"""Make all pages of a results folder.

DIR/index.html                the class, for instructors; links to all others
DIR/for-students/<id>.html    a page for each student, to be handed out
DIR/written.html              who has answered which written question
DIR/by-question/, DIR/<name>/written.html, .pdf     the answers; see `written/`
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from autograder.report.student import student_page
from autograder.report.student.figures import figures_of
from autograder.report.templates import see_that_packages_are_there
from autograder.report.whole_class import Links, class_page
from autograder.report.written import (
    WRITTEN_INDEX,
    WrittenMade,
    answers_in,
    make_written,
    print_written,
)
from autograder.results.class_results import ClassResults, read_class
from autograder.results.private import write_private
from autograder.submission.names import distinct_names

KINDS = ("class", "students", "written")
INDEX = "index.html"
STUDENTS = "for-students"

_PACKAGES = ("matplotlib",)


@dataclass(frozen=True)
class Wishes:
    """The content and the options of a report.

    Attributes:
        title: the assignment's title.
        problems: titles by the problem's id, as far as they are known.
        written: points that a person has given, by the student's id and the item's id.
        kinds: which pages to make, out of `KINDS`.
        pdfs: whether to make PDFs of written answers, where a program for that is found.
    """

    title: str
    problems: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[tuple[str, str], float] = field(default_factory=dict)
    kinds: Collection[str] = KINDS
    pdfs: bool = True

    def written_by(self, student_id: str) -> Mapping[str, float]:
        """Return the points that a person has given to one student, by the item's id."""
        return self._by_student.get(student_id, {})

    @cached_property
    def _by_student(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for (student_id, item_id), points in self.written.items():
            found.setdefault(student_id, {})[item_id] = points
        return found


@dataclass(frozen=True)
class Made:
    """The outcome of making a report.

    Attributes:
        submissions: how many submissions count.
        students: how many students have a page.
        questions: how many questions have a page.
        pdfs: how many PDFs there are.
        first: the page to open first.
        notices: what did not work, a sentence each.
    """

    submissions: int
    students: int
    questions: int
    pdfs: int
    first: Path
    notices: tuple[str, ...]


def make_report(
    folder: Path, wishes: Wishes, advance: Callable[[str], None] = lambda name: None
) -> Made:
    """Make the pages of a results folder of `autograder grade`.

    Args:
        folder: the results folder.
        wishes: what to make.
        advance: called with a name whenever a page of a student or submission is done.

    Raises:
        UsageError: nothing graded is there, or a file of it cannot be read.
        AutograderError: a package is missing, or a page cannot be written.
    """
    see_that_packages_are_there(*_PACKAGES, extra="reports")
    results = read_class(folder)
    files = _names_of_pages(results)
    kinds = set(wishes.kinds)
    if "students" in kinds:
        _write_students(folder, results, wishes, files, advance)
    written = WrittenMade({}, (), ())
    if "written" in kinds and answers_in(folder):
        written = make_written(folder, results.records.keys(), advance)
    if "class" in kinds:
        links = _links(files if "students" in kinds else {}, written)
        _write_class(folder, results, wishes, links)
    pdfs = 0
    failed: tuple[str, ...] = ()
    if wishes.pdfs and written.folders:  # last, because it takes longest
        pdfs, failed = print_written(folder, written.folders.values(), advance)
    return Made(
        submissions=len(results.records),
        students=len(files) if "students" in kinds else 0,
        questions=len(written.questions),
        pdfs=pdfs,
        first=folder / (WRITTEN_INDEX if kinds == {"written"} else INDEX),
        notices=written.notices + failed,
    )


def _links(students: Mapping[str, str], written: WrittenMade) -> Links:
    """Return the addresses of the pages to which the page of the class links."""
    folders = written.folders.items()
    return Links(
        students={student: f"{STUDENTS}/{quote(file)}" for student, file in students.items()},
        written={name: f"{quote(place)}/written.html" for name, place in folders},
        questions={item: f"by-question/{quote(item)}.html" for item in written.questions},
        answers=WRITTEN_INDEX if folders else "",
    )


def _write_class(folder: Path, results: ClassResults, wishes: Wishes, links: Links) -> None:
    graded = {
        (student.submission, item)
        for student in results.students
        for item in wishes.written_by(student.id)
    }
    write_private(folder / INDEX, class_page(wishes.title, results, links, graded))


def _names_of_pages(results: ClassResults) -> dict[str, str]:
    """Return the file of each student who has a page, by the student's id."""
    ids = [student.id for student in results.students if results.record_of(student)]
    return {student: f"{name}.html" for student, name in zip(ids, distinct_names(ids), strict=True)}


def _write_students(
    folder: Path,
    results: ClassResults,
    wishes: Wishes,
    files: Mapping[str, str],
    advance: Callable[[str], None],
) -> None:
    """Write the pages of all students, and remove those that an earlier report made for others."""
    place = folder / STUDENTS
    for student in results.students:
        record = results.record_of(student)
        if record is None:
            continue
        partners = [one for one in results.students_of(student.submission) if one != student]
        text = student_page(
            wishes.title,
            wishes.problems,
            student,
            partners,
            record,
            wishes.written_by(student.id),
            figures_of(folder, record.name),
        )
        write_private(place / files[student.id], text)
        advance(student.name)
    for stale in set(place.glob("*.html")) - {place / file for file in files.values()}:
        stale.unlink()
