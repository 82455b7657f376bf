"""One answer as HTML: the cells that a student has written it in."""

import html
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {
    "not answered": "not answered",
    "not found": "no answer was found",
}


def answer_html(answer: Mapping[str, Any]) -> str:
    """Return the answer, its text rendered as markdown."""
    from autograder.report.written.markdown import markdown_to_html

    def render(cell: Mapping[str, Any]) -> str:
        named = [f"(attachment:{name}" in cell["text"] for name in cell["attachments"]]
        others = (one for one, there in zip(cell["attachments"].values(), named, strict=True)
                  if not there)  # fmt: skip
        return markdown_to_html(cell["text"], cell["attachments"]) + _pictures(others)

    return _whole(answer, render)


def plain_answer_html(answer: Mapping[str, Any]) -> str:
    """Return the answer as it was typed; for text that cannot be rendered."""
    return _whole(
        answer, lambda cell: _typed(cell["text"]) + _pictures(cell["attachments"].values())
    )


def words_for(answer: Mapping[str, Any]) -> str:
    """Say what there is instead of an answer, "" where there is one."""
    if answer["status"] == "answered":
        return ""
    words = WORDS.get(answer["status"], answer["status"])
    return f"{words} ({answer['note']})" if answer["note"] else str(words)


def _whole(answer: Mapping[str, Any], render: Any) -> str:
    missing = words_for(answer)
    if missing:
        return f'<p class="missing">{html.escape(missing)}</p>'
    pieces = []
    for cell in answer["cells"]:
        pieces.append(_typed(cell["text"]) if cell["kind"] != "markdown" else render(cell))
        if cell["kind"] != "markdown":
            pieces.append(_pictures(cell["attachments"].values()))
        pieces += [_output(output) for output in cell["outputs"]]
    if answer["note"]:
        pieces.append(f'<p class="missing">{html.escape(answer["note"])}</p>')
    return "\n".join(piece for piece in pieces if piece)


def _typed(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>" if text.strip() else ""


def _output(output: Mapping[str, str]) -> str:
    if "text" in output:
        return f'<pre class="output">{html.escape(output["text"])}</pre>'
    return _pictures([output])


def _pictures(pictures: Iterable[Mapping[str, str]]) -> str:
    return "".join(
        f'<img src="data:{html.escape(one["mime"])};base64,{html.escape(one["data"])}">'
        for one in pictures
    )
