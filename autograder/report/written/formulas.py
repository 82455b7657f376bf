r"""Convert formulas from LaTeX to MathML, which every browser shows by itself.

latex2mathml does the conversion. Its output is not trusted: `\text{<script>}` passes through it
unchanged, and `\href` becomes a link. So its elements are taken, not its text, and written anew,
with only the elements and attributes of MathML that say how a formula looks.
"""

import html
import re
from xml.etree.ElementTree import Element

LENGTH = 4_000
"""The most characters of a formula that is converted; a longer one is shown as it was typed."""

_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover"
    " mtable mtr mtd mstyle mpadded mphantom menclose mmultiscripts mprescripts none".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form"
    " height largeop linethickness lspace mathvariant maxsize minsize movablelimits notation"
    " rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset width".split()
)
_NUMBER = r"-?\d{0,2}(\.\d{1,9})?(em|ex|px|pt|%)?"
_VALUE = re.compile(rf"({_NUMBER}|[a-z-]{{1,24}})(\s+({_NUMBER}|[a-z-]{{1,24}})){{0,12}}")


def formula(latex: str, display: bool) -> str:
    """Return a formula as MathML, or as it was typed where it cannot be converted."""
    converted = _converted(latex, display) if len(latex) <= LENGTH else ""
    if converted:
        return converted
    sign = "$$" if display else "$"
    return f'<code class="typed">{html.escape(f"{sign}{latex}{sign}")}</code>'


def _converted(latex: str, display: bool) -> str:
    from latex2mathml.converter import convert_to_element

    try:
        element = convert_to_element(latex, display="block" if display else "inline")
        return _written(element)
    except Exception:  # on what students type, it raises exceptions of every kind
        return ""


def _written(element: Element) -> str:
    name = element.tag if element.tag in _ELEMENTS else "mrow"
    attributes = "".join(
        f' {key}="{value}"'
        for key, value in sorted(element.attrib.items())
        if key in _ATTRIBUTES and _VALUE.fullmatch(value)
    )
    inner = _text(element.text) + "".join(_written(child) + _text(child.tail) for child in element)
    return f"<{name}{attributes}>{inner}</{name}>"


def _text(text: str | None) -> str:
    """Escape a text; the library spells symbols as `&#x02202;`."""
    return html.escape(html.unescape(text or ""))
