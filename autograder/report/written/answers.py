"""Render one answer as HTML: the cells in which a student has written it."""

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

Render = Callable[[Mapping[str, Any]], str]

_RENDERED_PICTURE = re.compile(r'<img src="data:[^"]*"[^<>]*>|<a download="[^"]*" [^<>]*>[^<]*</a>')
WORDS = {
    "not answered": "not answered",
    "elsewhere": "nothing is written in the cell for this answer",
    "not found": "the cell for this answer is not in the notebook",
}
"""What an index and a page say; only the first one says that the question was not answered."""


def answer_html(answer: Mapping[str, Any]) -> str:
    """Return the answer, its text rendered as markdown."""
    from autograder.report.written.markdown import markdown_to_html

    def render(cell: Mapping[str, Any]) -> str:
        files = cell.get("files", {})
        shown = markdown_to_html(cell["text"], cell["attachments"], files, cell.get("left_out", {}))
        return shown + _pictures(_not_shown(_pictures_of(cell), shown))

    return _whole(answer, render)


def plain_answer_html(answer: Mapping[str, Any]) -> str:
    """Return the answer as it was typed; for text that cannot be rendered."""
    return _whole(answer, lambda cell: _typed(cell["text"]) + _pictures(_pictures_of(cell)))


def without_pictures(rendered: str, page: str) -> str:
    """Return a rendered answer with a link to another page in the place of each picture."""
    link = f'<em>[a picture, on <a href="{html.escape(page)}">the page of this submission</a>]</em>'
    return _RENDERED_PICTURE.sub(lambda _: link, rendered)


def words_for(answer: Mapping[str, Any]) -> str:
    """Return the words that are shown instead of an answer; "" if it was answered."""
    if answer["status"] == "answered":
        return ""
    if answer["note"]:
        return f"no answer was found ({answer['note']})"
    return str(WORDS.get(answer["status"], answer["status"]))


def _whole(answer: Mapping[str, Any], render: Render) -> str:
    pieces = []
    if "question" in answer:
        asked = _cell(answer["question"], render)
        pieces.append(
            f'<details class="asked" open><summary>The question</summary>{asked}</details>'
        )
    pieces.append('<div class="answer">')
    if missing := words_for(answer):
        pieces.append(f'<p class="missing">{html.escape(missing)}</p>')
    else:
        pieces += [_placed(cell, render) for cell in answer["cells"]]
        pieces += [_file(file) for file in answer.get("files", ())]
        if answer["note"]:
            pieces.append(f'<p class="missing">{html.escape(answer["note"])}</p>')
    if rest := answer.get("rest"):
        words = "Nothing is in the cell for this answer; this is the notebook's text around it"
        pieces.append(f'<details class="rest" open><summary>{words}</summary>')
        pieces += [*(_placed(cell, render) for cell in rest), "</details>"]
    pieces.append("</div>")
    return "\n".join(piece for piece in pieces if piece)


def _file(file: Mapping[str, Any]) -> str:
    """Return a file that answers the item: its pages or its text, and what is wrong with it."""
    from autograder.report.written.markdown import picture_html

    words = file["path"]
    if "name" in file and "data" in file:
        words += f" (kept as files/{file['name']} in the folder of this page)"
    pieces = [f'<p class="place">{html.escape(words)}</p>']
    if file["fault"]:
        pieces.append(f'<p class="missing">{html.escape(file["path"] + " " + file["fault"])}</p>')
    pieces += [picture_html(one) for one in file.get("pictures", ())]
    return "\n".join([*pieces, _typed(file.get("text", ""))])


def _placed(cell: Mapping[str, Any], render: Render) -> str:
    place = cell.get("place", "")
    words = f'<p class="place">{html.escape(place)}</p>\n' if place else ""
    return words + _cell(cell, render)


def _cell(cell: Mapping[str, Any], render: Render) -> str:
    if cell["kind"] == "markdown":
        pieces = [render(cell)]
    else:
        pieces = [_typed(cell["text"]), _pictures(_pictures_of(cell))]
    pieces += [_output(output) for output in cell["outputs"]]
    return "\n".join(piece for piece in pieces if piece)


def _typed(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>" if text.strip() else ""


def _output(output: Mapping[str, str]) -> str:
    if "text" in output:
        return f'<pre class="output">{html.escape(output["text"])}</pre>'
    return _pictures({"": output})


def _not_shown(
    pictures: Mapping[str, Mapping[str, str]], text: str
) -> dict[str, Mapping[str, str]]:
    """Return the pictures that a text does not contain; the same one may be there twice."""
    seen: Counter[str] = Counter()
    found = {}
    for name, one in pictures.items():
        seen[one["data"]] += 1
        if text.count(one["data"]) < seen[one["data"]]:
            found[name] = one
    return found


def _pictures_of(cell: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    return {**cell["attachments"], **cell.get("files", {})}


def _pictures(pictures: Mapping[str, Mapping[str, str]]) -> str:
    from autograder.report.written.markdown import picture_html

    return "".join(picture_html(one, name) for name, one in pictures.items())
