"""The mistake-by-item matrix of an audit as a picture: inline SVG.

Every mark differs in its shape, not in its colour alone, and has a title that says it in words.
"""

from collections.abc import Sequence
from html import escape

from autograder.audit.findings import EntryVerdict

_CELL = 14
_CHARACTER = 6.2  # the width of one, about, in the font of the labels
_FONT = 'font-family="system-ui, sans-serif" font-size="11"'

# class of a mark -> its shape around (0, 0), and what it means
MARKS = {
    "caught": ('<rect x="-5" y="-5" width="10" height="10"/>', "caught, and named to the student"),
    "unnamed": (
        '<path d="M-5 -5h10v10h-10z M-2 -2v4h4v-4z" fill-rule="evenodd"/>',
        "caught; the student does not read the hint",
    ),
    "missed": (
        '<path d="M-5 -5L5 5M-5 5L5 -5" fill="none" stroke-width="2.5"/>',
        "missed: the item keeps its points",
    ),
    "blamed": ('<path d="M0 -6L6 5H-6Z"/>', "costs an item that it does not list"),
    "kept": ('<circle r="1"/>', "graded, and the item keeps its points"),
}


def matrix(name: str, verdicts: Sequence[EntryVerdict], items: Sequence[str]) -> str:
    """Return a picture with a row for each mistake and a column for each item.

    Args:
        name: an id for the picture, unique in its page.
        verdicts: of mistakes.
        items: ids of all items.
    """
    left = max(len(_id(it)) for it in verdicts) * _CHARACTER + 8
    top = max(len(item) for item in items) * _CHARACTER * 0.75 + 14
    width = left + len(items) * _CELL + top * 0.8
    height = top + len(verdicts) * _CELL + 4
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
    lines = [
        f'<svg {size} role="img" aria-labelledby="{name}-title {name}-text">',
        f'<title id="{name}-title">Mistakes of {escape(name)} by item</title>',
        f'<desc id="{name}-text">{escape(_description(verdicts))}</desc>',
    ]
    columns = {item: left + (number + 0.5) * _CELL for number, item in enumerate(items)}
    for item, x in columns.items():
        place = f'transform="translate({x + 3:.1f} {top - 6:.1f}) rotate(-50)"'
        lines.append(f"<text {_FONT} {place}>{escape(item)}</text>")
    for row, it in enumerate(verdicts):
        y = top + (row + 0.5) * _CELL
        if row % 2 == 0:
            band = f'y="{y - _CELL / 2:.1f}" width="{left + len(items) * _CELL:.1f}"'
            lines.append(f'<rect class="band" x="0" {band} height="{_CELL}"/>')
        place = f'x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end"'
        lines.append(f"<text {_FONT} {place}>{escape(_id(it))}</text>")
        lines += [_mark(it, item, x, y) for item, x in columns.items() if mark_of(it, item)]
    return "\n".join([*lines, "</svg>"])


def _mark(it: EntryVerdict, item: str, x: float, y: float) -> str:
    mark = mark_of(it, item)
    shape, words = MARKS[mark]
    title = f"<title>{escape(f'{_id(it)}, {item}: {words}')}</title>"
    return f'<g class="{mark}" transform="translate({x:.1f} {y:.1f})">{title}{shape}</g>'


def legend() -> str:
    """Return what the marks mean, as a list."""
    lines = [
        f'<li><svg viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">'
        f'<g class="{mark}">{shape}</g></svg> {escape(words)}</li>'
        for mark, (shape, words) in MARKS.items()
    ]
    return f'<ul class="legend">{"".join(lines)}</ul>'


def mark_of(it: EntryVerdict, item: str) -> str:
    """The mark of a mistake at an item; "" where it was not graded."""
    if item in it.missed:
        return "missed"
    if item in it.blamed:
        return "blamed"
    if item in it.lost:
        return "caught" if it.hint_named else "unnamed"
    return "kept" if item in it.outcomes else ""


def _id(it: EntryVerdict) -> str:
    return it.trial.entry.id if it.trial.entry is not None else it.trial.name


def _description(verdicts: Sequence[EntryVerdict]) -> str:
    missed = [_id(it) for it in verdicts if it.missed]
    blamed = [_id(it) for it in verdicts if it.blamed]
    words = f"{len(verdicts)} mistakes, {len(verdicts) - len(missed)} caught."
    words += f" Missed: {', '.join(missed)}." if missed else ""
    return words + (f" Blamed on a wrong item: {', '.join(blamed)}." if blamed else "")
