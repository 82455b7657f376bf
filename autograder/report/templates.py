"""Render the frame of every page, and apply the rules for what is put into it.

Every value that a template shows passes `plain_text` (no terminal escapes, no character that
reverses text direction) and is escaped, unless it is `Markup`, which only this package makes.
A page may load nothing and run nothing: its first line says so to the browser.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError
from autograder.text import TEXT_CAP, plain_text

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_PICTURES = ("image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_FOLDER = Path(__file__).parent / "templates"


def see_that_packages_are_there(
    *names: str, extra: str, command: str = "autograder report"
) -> None:
    """Raise an error that says what to install, if a package is missing."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise AutograderError(
            f"{missing[0]} is not installed",
            command,
            f"install what it needs: pip install 'autograder[{extra}]'",
        )


def page(template: str, **values: Any) -> str:
    """Return a page.

    Args:
        template: its file in `templates/`.
        values: the values that it shows.
    """
    from markupsafe import Markup

    return _environment().get_template(template).render(policy=Markup(POLICY), **values)


def points(value: float | None) -> str:
    """Return points as people write them: `2.5`, `3`; a dash for none."""
    return "–" if value is None else f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def moment(text: str) -> str:
    """Return an ISO time as `2026-11-04 12:00 UTC`, and any other text unchanged."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{time:%Y-%m-%d %H:%M} {time.tzname() or ''}".rstrip()


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined,
        finalize=_finalizer(), trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters["points"] = points
    environment.filters["moment"] = moment
    environment.filters["data_uri"] = _data_uri
    environment.filters["counted"] = lambda number, word: (
        f"{number} {word}{'' if number == 1 else 's'}"
    )
    return environment


def _data_uri(mime: str, data: str) -> "Markup":
    """Return a picture as an address that contains it; it is too long for `plain_text`."""
    from markupsafe import Markup

    if mime not in _PICTURES or not _BASE64.fullmatch(data):
        return Markup("data:,")
    return Markup(f"data:{mime};base64,{data}")


def _finalizer() -> Callable[[object], object]:
    """Return the function that every value passes on its way into a page."""
    from markupsafe import Markup

    def plain(value: object) -> object:
        if isinstance(value, Markup):
            return value
        text = str(value)
        if text.isascii() and text.isprintable() and len(text) <= TEXT_CAP:
            return text  # nothing to remove; most values are numbers and ids
        return plain_text(text, 2 * TEXT_CAP)

    return plain
