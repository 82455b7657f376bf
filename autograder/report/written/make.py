"""Make the pages of the written answers in a results folder.

DIR/written.html                 who has answered what
DIR/by-question/<item>.html      all answers to one question, to grade it in one go
DIR/<name>/written.html, .pdf    all answers of one submission
"""

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.errors import AutograderError, UsageError
from autograder.report.templates import see_that_packages_are_there
from autograder.report.written.answers import answer_html, plain_answer_html, without_pictures
from autograder.report.written.limited import limited
from autograder.report.written.pages import index_page, index_row, question_page, student_page
from autograder.report.written.pdf import MISSING, find_pdf_maker
from autograder.results.written import WRITTEN_FILE, WRITTEN_SCHEMA

WRITTEN_INDEX = "written.html"
PAGE = "written.html"
QUESTION_PAGE_BYTES = 100_000_000
"""The largest page of a question; beyond it, pictures become links to the submissions' pages."""
_ITEM = re.compile(r"[a-z0-9-]+")
_PACKAGES = ("nbconvert", "bleach", "latex2mathml")

_EXAMPLE = """\
# A *heading* with `code`, $\\frac{a}{b} x_1^2$

- a [link](https://example.org)

| a | b |
|---|---|
| 1 | 2 |

```python
x = [1, "two"]  # three
```

$$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\le \\sum_i x_i$$
"""

Document = dict[str, Any]


@dataclass(frozen=True)
class WrittenMade:
    """The outcome of making the pages.

    Attributes:
        folders: the folders of the pages, by the submission's name.
        questions: the items that have a page.
        notices: what did not work, a sentence each.
    """

    folders: Mapping[str, str]
    questions: tuple[str, ...]
    notices: tuple[str, ...]


def make_written(
    folder: Path,
    names: Collection[str] | None = None,
    advance: Callable[[str], None] = lambda name: None,
) -> WrittenMade:
    """Make the pages of written answers in a results folder of `autograder grade`.

    Args:
        folder: the results folder.
        names: the names of the submissions that count; None for all.
        advance: called with the name of each submission that is done.

    Raises:
        UsageError: no written answers were found, or a file of them cannot be read.
        AutograderError: a package is missing, or a page cannot be written.
    """
    see_that_packages_are_there(*_PACKAGES, extra="notebooks")
    documents = {
        name: document
        for name, document in _documents(folder)
        if names is None or document["name"] in names
    }
    if not documents:
        raise UsageError(
            "no written answers were found",
            str(folder),
            "name a results folder of `autograder grade`, of an assignment with written items",
        )
    _warm_up()
    notices: list[str] = []
    if any("files" in answer for one in documents.values() for answer in one["answers"]):
        from autograder.report.written.files import draw_files

        draw_files(folder, documents, notices)
    rendered = {}
    each = zip(documents, _rendered(documents.values(), notices), strict=True)
    for name, (document, texts) in each:
        rendered[name] = texts
        _write(folder / name / PAGE, student_page(document, texts))
        advance(document["name"])
    questions = _write_questions(folder, documents, rendered)
    folders = {document["name"]: name for name, document in documents.items()}
    return WrittenMade(folders, questions, tuple(notices))


def print_written(
    folder: Path, names: Iterable[str], advance: Callable[[str], None] = lambda name: None
) -> tuple[int, tuple[str, ...]]:
    """Print the pages of written answers as PDFs, where a program for that is found.

    This takes a second or two for each page.

    Args:
        folder: the results folder.
        names: the names of the folders in it that have a page to print.
        advance: called with the name of each folder that is done.

    Returns:
        How many PDFs there are, and what did not work, a sentence each.
    """
    make_pdf = find_pdf_maker()
    if make_pdf is None:
        return 0, (MISSING,)
    failed = []
    made = 0
    for name in names:
        page = folder / name / PAGE
        if make_pdf(page, page.with_suffix(".pdf")):
            made += 1
        else:
            failed.append(f"no PDF could be made of {page}")
        advance(name)
    return made, tuple(failed)


def answers_in(folder: Path) -> list[Path]:
    """Return the files of answers that are kept in a results folder."""
    return sorted(folder.glob(f"*/{WRITTEN_FILE}"))


def _documents(folder: Path) -> Iterator[tuple[str, Document]]:
    """Yield the name of each folder with kept answers, and the answers."""
    for file in answers_in(folder):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            sound = document["schema"] == WRITTEN_SCHEMA and all(
                _ITEM.fullmatch(answer["item"]) for answer in document["answers"]
            )
        except (OSError, ValueError, LookupError, TypeError):
            sound = False
        if not sound:
            raise UsageError("cannot be read", str(file), "grade the submission once more")
        yield file.parent.name, document


def _warm_up() -> None:
    """Import and compile once what every child process would otherwise do for itself."""
    from autograder.report.written.markdown import markdown_to_html

    markdown_to_html(_EXAMPLE, {})


def _rendered(
    documents: Iterable[Document], notices: list[str]
) -> Iterator[tuple[Document, list[str]]]:
    """Yield each document with its answers as HTML, rendered on all available cores."""
    documents = list(documents)
    works = (partial(_render, document["answers"]) for document in documents)
    cores = len(os.sched_getaffinity(0))
    for document, rendered in zip(documents, limited(works, at_once=cores), strict=True):
        if rendered is None:
            notices.append(f"the answers of {document['name']} are shown as they were typed")
            rendered = [plain_answer_html(answer) for answer in document["answers"]]
        yield document, rendered


def _render(answers: Iterable[Mapping[str, Any]]) -> list[str]:
    return [answer_html(answer) for answer in answers]


def _write_questions(
    folder: Path, documents: dict[str, Document], rendered: dict[str, list[str]]
) -> tuple[str, ...]:
    questions: dict[str, dict[str, Any]] = {}
    answers: dict[str, list[tuple[str, str, str]]] = {}
    room: dict[str, int] = {}
    for name, document in documents.items():
        link = f"../{quote(name)}/written.html"
        for answer, text in zip(document["answers"], rendered[name], strict=True):
            questions.setdefault(answer["item"], answer)
            if len(text) > room.setdefault(answer["item"], QUESTION_PAGE_BYTES):
                text = without_pictures(text, link)
            room[answer["item"]] -= len(text)
            answers.setdefault(answer["item"], []).append((document["name"], link, text))
    title = next(iter(documents.values()))["title"]
    for item, question in questions.items():
        page = question_page(question, title, answers[item])
        _write(folder / "by-question" / f"{item}.html", page)
    rows = (index_row(document, quote(name), questions) for name, document in documents.items())
    _write(folder / WRITTEN_INDEX, index_page(title, questions, rows))
    return tuple(questions)


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})",
            str(target),
            "free some space, or write to another place",
        ) from None
