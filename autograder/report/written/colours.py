"""Keep the colours of an answer: `<span style="color: red">`, `<font color="#f00">`.

A colour becomes the class of one of a few inks, all of which are readable on the page: no answer
can be invisible, and nothing else of a style is kept.
"""

import colorsys
import html
import re

INKS = {
    "red": "#b3261e", "orange": "#a65300", "brown": "#7a4a1e", "green": "#1b7a2f",
    "blue": "#1a4fb4", "purple": "#7b1fa2",
}  # fmt: skip
CLASS = re.compile(rf"ink-(?:{'|'.join(INKS)})")
STYLE = "\n".join(f".ink-{name} {{ color: {colour}; }}" for name, colour in INKS.items())

_TAG = re.compile(
    r"""<(font|span|p|div|b|strong|em|i|u|li|td|h[1-6])\b((?:"[^"<]{0,500}"|'[^'<]{0,500}'|[^<>"'])*)>""",
    re.IGNORECASE,
)
_END = re.compile(r"</font\s*>", re.IGNORECASE)
_STYLED = re.compile(r"""\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_COLOUR = re.compile(r"""\bcolor\s*=\s*(?:"([^"]*)"|'([^']*)'|([#\w]+))""", re.IGNORECASE)
_DECLARED = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]{1,40})", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_NAMES = {
    "red": "red", "darkred": "red", "crimson": "red", "firebrick": "red", "maroon": "red",
    "tomato": "red", "orange": "orange", "darkorange": "orange", "orangered": "orange",
    "brown": "brown", "saddlebrown": "brown", "sienna": "brown", "green": "green",
    "darkgreen": "green", "forestgreen": "green", "seagreen": "green", "teal": "green",
    "blue": "blue", "darkblue": "blue", "navy": "blue", "royalblue": "blue", "steelblue": "blue",
    "dodgerblue": "blue", "mediumblue": "blue", "purple": "purple", "magenta": "purple",
    "fuchsia": "purple", "violet": "purple", "indigo": "purple", "darkviolet": "purple",
}  # fmt: skip
# From which hue on, in degrees, a colour counts as which ink.
_HUES = ((20, "red"), (65, "orange"), (175, "green"), (255, "blue"), (330, "purple"), (361, "red"))


def with_inks(unsafe: str) -> str:
    """Return HTML in which the colours of elements are classes of inks; `font` becomes `span`.

    The result is as unsafe as before: it is cleaned afterwards, and loses all other styles then.
    """
    return _END.sub("</span>", _TAG.sub(_with_ink, unsafe))


def _with_ink(found: re.Match[str]) -> str:
    name, attributes = found[1].lower(), found[2]
    ink = _ink_of(html.unescape(_colour_in(name, attributes)))
    marked = f' class="ink-{ink}"' if ink else ""  # the first of two classes counts
    if name == "font":
        return f"<span{marked}>"
    return f"<{found[1]}{marked}{attributes}>" if ink else found[0]


def _colour_in(name: str, attributes: str) -> str:
    """Return the colour that the attributes of an element give; "" if they give none."""
    styled = _STYLED.search(attributes)
    declared = _DECLARED.search(html.unescape(styled[1] or styled[2] or "")) if styled else None
    if declared:
        return declared[1]
    given = _COLOUR.search(attributes) if name == "font" else None
    return (given[1] or given[2] or given[3] or "") if given else ""


def _ink_of(colour: str) -> str:
    """Return the ink that is nearest to a colour; "" for black, white, greys and what is none."""
    colour = colour.strip().lower().removesuffix("!important").strip()
    if colour in _NAMES:
        return _NAMES[colour]
    rgb = _RGB.fullmatch(colour)
    if rgb:
        parts = [min(int(part), 255) / 255 for part in rgb.groups()]
    elif re.fullmatch(r"#[0-9a-f]{3}", colour):
        parts = [int(digit, 16) / 15 for digit in colour[1:]]
    elif re.fullmatch(r"#[0-9a-f]{6}", colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    else:
        return ""
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts)
    if saturation < 0.25 or not 0.05 < lightness < 0.9:
        return ""
    return next(ink for below, ink in _HUES if hue * 360 < below)
