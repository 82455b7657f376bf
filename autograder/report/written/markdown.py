"""A student's markdown as HTML that can do nothing in a grader's browser.

nbconvert turns it into HTML, bleach takes out what is not on a short list, and only then formulas
and pictures are put in, which are made here. The pages forbid scripts and requests once more.
"""

import html
import re
import secrets
from collections.abc import Mapping

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.report.written.formulas import formula

_TAGS = frozenset(
    "a abbr b blockquote br center code dd del details div dl dt em figcaption figure h1 h2 h3 h4"
    " h5 h6 hr i img ins kbd li mark ol p pre s small span strong sub summary sup table tbody td"
    " tfoot th thead tr u ul var".split()
)
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(https?://|mailto:)[^\s\"'<>]*")
_HIGHLIGHTED = re.compile(r"highlight|[a-z]{1,2}\d?")
_CHECKBOX = re.compile(
    r'<input class="task-list-item-checkbox" type="checkbox" disabled( checked)?/>'
)
_NUMBER = re.compile(r"\d{1,3}")
_ALIGNED = re.compile(r"left|right|center")
_ATTRIBUTES: dict[tuple[str, str], re.Pattern[str]] = {
    ("a", "href"): _LINK,
    ("img", "src"): _PICTURE,
    ("img", "width"): _NUMBER,
    ("img", "height"): _NUMBER,
    ("ol", "start"): _NUMBER,
    ("div", "class"): _HIGHLIGHTED,
    ("span", "class"): _HIGHLIGHTED,
    ("td", "align"): _ALIGNED,
    ("th", "align"): _ALIGNED,
    ("td", "colspan"): _NUMBER,
    ("th", "colspan"): _NUMBER,
    ("td", "rowspan"): _NUMBER,
    ("th", "rowspan"): _NUMBER,
}


def markdown_to_html(text: str, pictures: Mapping[str, Mapping[str, str]]) -> str:
    """Return harmless HTML of a markdown text.

    Args:
        text: what the student has written.
        pictures: its attachments: name -> "mime" and base64 "data".
    """
    renderer = _Renderer(pictures)
    unsafe = _CHECKBOX.sub(_box, MarkdownWithMath(renderer=renderer).render(text))
    safe = bleach.clean(
        unsafe,
        tags=_TAGS,
        attributes=_allowed,
        protocols={"data", "http", "https", "mailto"},
        strip=False,
    )
    return renderer.with_kept(safe)


def _box(found: re.Match[str]) -> str:
    return "☑ " if found[1] else "☐ "


def _allowed(tag: str, name: str, value: str) -> bool:
    pattern = _ATTRIBUTES.get((tag, name))
    return pattern is not None and bool(pattern.fullmatch(value))


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which leaves a mark wherever a formula or picture stands."""

    def __init__(self, pictures: Mapping[str, Mapping[str, str]]) -> None:
        attachments = {name: {one["mime"]: one["data"]} for name, one in pictures.items()}
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self._mark = f"kept{secrets.token_hex(12)}n"  # nobody can have typed it
        self._kept: list[str] = []

    def with_kept(self, text: str) -> str:
        """Return the text with formulas and pictures in the place of their marks."""
        return re.sub(rf"{self._mark}(\d+)e", lambda found: self._kept[int(found[1])], text)

    def inline_math(self, body: str) -> str:
        return self._keep(formula(body, display=False))

    def block_math(self, body: str) -> str:
        return self._keep(formula(body, display=True))

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_mermaidjs(self, code: str) -> str:
        return self.block_code(code)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = url.removeprefix("attachment:")
        if url.startswith("attachment:") and name in self.attachments:
            ((mime, data),) = self.attachments[name].items()
            return self._keep(f'<img src="data:{html.escape(mime)};base64,{html.escape(data)}">')
        if _PICTURE.fullmatch(url):
            return f'<img src="{url}">'
        return f"<em>[a picture that was not handed in: {html.escape(url[:200])}]</em>"

    def _keep(self, ours: str) -> str:
        """Return a mark for HTML that is ours; it stands in text only, no attribute can hold it."""
        self._kept.append(ours)
        return f"{self._mark}{len(self._kept) - 1}e"
