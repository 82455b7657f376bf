"""Make the pages around the answers: one per submission, one per question, and an index.

The pages are self-contained: no script, no font, no picture from elsewhere. The first line of each
says so to the browser, which then refuses what the sanitiser might have let through.
"""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.report.written.answers import words_for
from autograder.report.written.colours import STYLE

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = """
body { font: 16px/1.5 Georgia, serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.4em; } .question h2 { font-size: 1.15em; margin: 0 0 .3em; }
.question { break-before: page; border-top: 2px solid #444; padding-top: 1em; margin-top: 3em; }
.question:first-of-type { break-before: auto; }
.rubric { color: #444; display: flex; justify-content: space-between; margin: 0 0 1em; }
.rubric code { font-size: .95em; }
.answer { border: 1px solid #bbb; padding: .2em 1em; overflow: hidden; }
.asked, .rest { border-left: 3px solid #bbb; padding-left: 1em; margin: .8em 0; overflow: hidden; }
summary, .place { color: #444; font-size: .9em; }
.question img { max-width: 100%; }
.question pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5;
padding: .5em; }
.question table { border-collapse: collapse; }
.question td, .question th { border: 1px solid #bbb; padding: .2em .6em; }
.missing { color: #a00; font-style: italic; }
table.index { border-collapse: collapse; } table.index td, table.index th { border: 1px solid #bbb;
padding: .3em .7em; text-align: left; }
@media print { body { margin: 0; max-width: none; } .answer, .asked, .rest { overflow: visible; } }
"""


def student_page(document: Mapping[str, Any], rendered: Sequence[str]) -> str:
    """Return the page of one submission, each question on a sheet of its own."""
    name = document["name"]
    sections = [
        _section(answer, _escape(name), text)
        for answer, text in zip(document["answers"], rendered, strict=True)
    ]
    title = f"{document['title']}: written answers of {name}"
    return _page(title, [f"<h1>{_escape(title)}</h1>", *sections])


def question_page(
    answer: Mapping[str, Any], assignment: str, answers: Iterable[tuple[str, str, str]]
) -> str:
    """Return the page of one question: (name, link, rendered answer) of every submission."""
    sections = [
        _section(answer, f'<a href="{_escape(link)}">{_escape(name)}</a>', text)
        for name, link, text in answers
    ]
    title = f"{assignment}: {answer['title']}"
    return _page(title, [f"<h1>{_escape(title)}</h1>", *sections])


def index_page(title: str, questions: Mapping[str, Mapping[str, Any]], rows: Iterable[str]) -> str:
    """Return the index: a row for each submission, a column for each question."""
    heads = "".join(
        f'<th><a href="by-question/{_escape(item)}.html">{_escape(item)}</a><br>'
        f"{_escape(question['title'])}<br>{_points(question)}</th>"
        for item, question in questions.items()
    )
    table = f'<table class="index"><tr><th>submission</th>{heads}</tr>{"".join(rows)}</table>'
    lead = (
        "<p>The name of a question links to all answers to it, the name of a submission to all of "
        "its answers.</p>"
    )
    return _page(f"{title}: written answers", [f"<h1>{_escape(title)}</h1>", lead, table])


def index_row(
    document: Mapping[str, Any], folder: str, questions: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return the row of one submission."""
    answers = {answer["item"]: answer for answer in document["answers"]}
    cells = []
    for item in questions:
        words = (words_for(answers[item]) or "answered") if item in answers else "not asked"
        style = "" if words == "answered" else ' class="missing"'
        cells.append(f"<td{style}>{_escape(words)}</td>")
    link = f'<a href="{_escape(folder)}/written.html">{_escape(document["name"])}</a>'
    return f"<tr><td>{link}</td>{''.join(cells)}</tr>\n"


def _section(answer: Mapping[str, Any], whose: str, rendered: str) -> str:
    return f"""
<section class="question">
<h2>{_escape(answer["title"])}</h2>
<p class="rubric"><span><code>{_escape(answer["item"])}</code>, {_escape(answer["problem"])},
{whose}</span><span>____ of {_points(answer)}</span></p>
{rendered}
</section>
"""


def _points(answer: Mapping[str, Any]) -> str:
    extra = ", extra credit" if answer.get("extra") else ""
    return f"{answer['points']:g} point{'' if answer['points'] == 1 else 's'}{extra}"


def _page(title: str, body: Iterable[str]) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<title>{_escape(title)}</title>
<style>{_STYLE}{STYLE}</style>
</head>
<body>
{"".join(body)}
</body>
</html>
"""


def _escape(text: str) -> str:
    return html.escape(text)
