"""Render a student's markdown as HTML that can do nothing in a grader's browser.

nbconvert turns it into HTML, and bleach removes what is not on a short list. Only then are formulas
and pictures inserted, which are made here. In addition, the pages forbid scripts and requests.
"""

import html
import re
import secrets
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.report.written.colours import CLASS, with_inks
from autograder.report.written.formulas import formula
from autograder.results.pictures import SHOWN

Picture = Mapping[str, str]

_TAGS = frozenset(
    "a abbr b blockquote br center code dd del details div dl dt em figcaption figure h1 h2 h3 h4"
    " h5 h6 hr i img ins kbd li mark ol p pre s small span strong sub summary sup table tbody td"
    " tfoot th thead tr u ul var".split()
)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*")
_IMG = re.compile(r"""<img\b(?:"[^"<]{0,2000}"|'[^'<]{0,2000}'|[^<>"'])*>""", re.IGNORECASE)
_SRC = re.compile(r"""\bsrc\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
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


def markdown_to_html(
    text: str,
    pictures: Mapping[str, Picture],
    files: Mapping[str, Picture] = MappingProxyType({}),
    left_out: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return harmless HTML of a markdown text.

    Args:
        text: what the student has written.
        pictures: its attachments: name -> "mime" and base64 "data".
        files: pictures that were handed in as files, by their paths.
        left_out: why other pictures are not among these, by their names.
    """
    renderer = _Renderer(pictures, files, left_out)
    unsafe = _CHECKBOX.sub(_box, MarkdownWithMath(renderer=renderer).render(text))
    unsafe = _IMG.sub(renderer.tag, with_inks(unsafe))
    safe = bleach.clean(
        unsafe,
        tags=_TAGS,
        attributes=renderer.allows,
        protocols={"data", "http", "https", "mailto"},
        strip=False,
    )
    return renderer.with_kept(safe)


def _box(found: re.Match[str]) -> str:
    return "☑ " if found[1] else "☐ "


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class" and CLASS.fullmatch(value):
        return True
    pattern = _ATTRIBUTES.get((tag, name))
    return pattern is not None and bool(pattern.fullmatch(value))


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which leaves a mark in the place of every formula and picture."""

    def __init__(
        self,
        pictures: Mapping[str, Picture],
        files: Mapping[str, Picture],
        left_out: Mapping[str, str],
    ) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments={})
        self._attached, self._files, self._left_out = pictures, files, left_out
        self._mark = f"kept{secrets.token_hex(12)}n"  # random, so a student cannot have typed it
        self._kept: list[str] = []
        self._sources: list[str] = []

    def allows(self, tag: str, name: str, value: str) -> bool:
        """Return whether an attribute may stay; a mark may replace the source of a picture."""
        is_mark = re.fullmatch(rf"{self._mark}\d+s", value) is not None
        return (is_mark and (tag, name) == ("img", "src")) or _allowed(tag, name, value)

    def with_kept(self, text: str) -> str:
        """Return the text with formulas and pictures in the place of their marks."""
        # Sources have letters, digits and `:;,/+=` only, and marks are between quotation marks.
        text = re.sub(
            rf'src="{self._mark}(\d+)s"',
            lambda found: f'src="{self._sources[int(found[1])]}"',
            text,
        )
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
        picture = self._picture(url)
        if picture is not None:
            return self._keep(picture_html(picture, url))
        if _PICTURE.fullmatch(url):
            return f'<img src="{url}">'
        return self._instead_of(url)

    def tag(self, found: re.Match[str]) -> str:
        """Return an `<img>` that was typed as HTML, with a mark as its source."""
        source = _SRC.search(found[0])
        if source is None:
            return found[0]
        url = html.unescape(source[1].strip("\"'"))
        picture = self._picture(url)
        if picture is not None and picture["mime"] in SHOWN:
            self._sources.append(_source(picture))
            return _SRC.sub(f'src="{self._mark}{len(self._sources) - 1}s"', found[0], count=1)
        if _PICTURE.fullmatch(url) or self._mark in found[0]:
            return found[0]
        return self._instead_of(url)

    def _picture(self, url: str) -> Picture | None:
        """Return the picture that a link leads to, if it was handed in."""
        url = unquote(html.unescape(url))
        if url.startswith("attachment:"):
            return self._attached.get(url.removeprefix("attachment:"))
        found: Picture | None = _by_path(self._files, url)
        return found

    def _instead_of(self, url: str) -> str:
        name = unquote(html.unescape(url))
        shown = html.escape(name.removeprefix("attachment:")[:200])
        why = self._left_out.get(name.removeprefix("attachment:")) or _by_path(self._left_out, name)
        if why:
            words = (
                f"a picture that was handed in, but is not shown here: {shown}; {html.escape(why)}"
            )
        elif _LINK.fullmatch(url):
            shown = html.escape(url)
            words = f'a picture on the web, which is not loaded here: <a href="{shown}">{shown}</a>'
        elif name.startswith("attachment:"):
            words = f"an attached picture that the notebook does not hold: {shown}"
        else:
            words = f"a picture that was not handed in: {shown}"
        return f"<em>[{words}]</em>"

    def _keep(self, ours: str) -> str:
        """Return a mark for HTML made here; it occurs in text only, never inside an attribute."""
        self._kept.append(ours)
        return f"{self._mark}{len(self._kept) - 1}e"


def picture_html(picture: Picture, name: str = "") -> str:
    """Return a picture, or a link that saves it if browsers do not show its kind."""
    if picture["mime"] in SHOWN:
        return f'<img src="{_source(picture)}">'
    kind = picture["mime"].removeprefix("image/")
    stem = re.split(r"[\\/:]", unquote(name))[-1].rpartition(".")[0]
    stem = re.sub(r"[^\w-]+", "_", stem)[:60] or "picture"
    link = f'<a download="{stem}.{kind}" href="{_source(picture)}">save {stem}.{kind}</a>'
    return f"<em>[a {kind.upper()} picture, which browsers do not show: {link}]</em>"


def _source(picture: Picture) -> str:
    """Return the source of an element; nothing in a results file can end the attribute here."""
    source = f"data:{picture['mime']};base64,{picture['data']}"
    return re.sub(r"[^A-Za-z0-9:;,/+=]", "", source)


def _by_path(files: Mapping[str, Any], url: str) -> Any:
    """Return what a link leads to: the file of this path, or the only one of this name."""
    path = url.partition("#")[0].partition("?")[0].replace("\\", "/").removeprefix("./")
    if path in files:
        return files[path]
    name = _folded(path.rpartition("/")[2])
    same = [one for one in files if _folded(one.rpartition("/")[2]) == name]
    exact = [one for one in same if _folded(one) == _folded(path)]
    found = exact or same
    return files[found[0]] if len(found) == 1 else None


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).lower()
