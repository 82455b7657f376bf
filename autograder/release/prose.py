"""Find the code in text that people read: comments, docstrings, Markdown, plain files.

A sentence such as "it is -X.T @ np.clip(r, -d, d) for all r" contains a formula between words. Two
words in a row are not code, so the text is cut there; each part is then read up to where Python
no longer understands it.
"""

import ast
import io
import re
import textwrap
import tokenize
import warnings
from collections.abc import Iterator

# How formulas are written in text for people.
_WRITTEN = {
    "−": "-", "·": "*", "×": "*", "⊙": "*", "∗": "*", "÷": "/", "ᵀ": ".T", "²": "**2", "³": "**3",
    "√": "sqrt", "≤": "<=", "≥": ">=", "≠": "!=", "“": " ", "”": " ", "‘": " ", "’": " ",
}  # fmt: skip
_TRANSLATION = str.maketrans(_WRITTEN)
_TOKEN = re.compile(
    r"""\s*(?:(?P<word>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<text>"[^"\n]*"|'[^'\n]*')"""
    r"""|(?P<sign>\*\*|//|[<>=!]=|\S))"""
)
# These may occur between two words of code, although they are also words of English.
_JOINING = frozenset({"if", "else", "for", "in", "and", "or", "not", "is", "lambda", "return"})
_CODE_SIGNS = re.compile(r"[@*/+<>=(\[-]")
_FORMULA = re.compile(r"[@*/+<>=(\[\-−·×⊙÷ᵀ²³√][^.]*[@*/+<>=(\[\-−·×⊙÷ᵀ²³√]", re.DOTALL)
_SPAN = re.compile(r"""`+([^`]+)`+|"([^"]+)"|'([^']+)'""")
_GOES_ON = re.compile(r"[(\[{,+*/@=-]\s*\n|\n\s*[)\]}+*/@=-]")
_STATEMENT = re.compile(r"\s*(for|while|if|elif|else|with|def|return|try|except)\b|.*[=()\[\]@*/]")
_LIST_MARK = re.compile(r"^\s*(?:[-*+>#|]+|\d+[.)])\s+")
_TRIES = 6


def code_in_python(text: str, tree: ast.Module) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield the pieces of code in the comments and strings of a Python text, each with its line.

    Args:
        text: the Python text.
        tree: its syntax tree.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for line, statements in code_in_prose(node.value):
                yield node.lineno + line - 1, statements
    for line, comment in _comments(text):
        for number, statements in code_in_prose(comment):
            yield line + number - 1, statements


def code_in_prose(text: str) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield the pieces of code in a text for people, each with its line in the text."""
    if not _FORMULA.search(text):
        return
    lines = text.translate(_TRANSLATION).split("\n")
    for first, last in _code_like(lines):
        tree = parse(textwrap.dedent("\n".join(lines[first:last])))
        if tree:
            yield first + 1, tree.body
    for first, last in _paragraphs(lines):
        paragraph = [_LIST_MARK.sub("", line) for line in lines[first:last]]
        for number, line in enumerate(paragraph, first + 1):
            yield from ((number, statements) for statements in _pieces(line))
        if _GOES_ON.search("\n".join(paragraph)):
            yield from ((first + 1, statements) for statements in _pieces(" ".join(paragraph)))


def parse(text: str) -> ast.Module | None:
    """Return the syntax tree of a text, or None if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a text; comments on consecutive lines are joined."""
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = re.sub(r"^#+ ?", "", token.string)
    except (tokenize.TokenError, SyntaxError):
        pass
    block: list[str] = []
    for line in sorted(found):
        block.append(found[line])
        if line + 1 not in found:
            yield line - len(block) + 1, "\n".join(block)
            block = []


def _code_like(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the runs of two or more lines that may be statements."""
    start = 0
    for number in range(len(lines) + 1):
        is_code = number < len(lines) and (
            bool(_STATEMENT.match(lines[number])) or (not lines[number].strip() and number > start)
        )
        if not is_code:
            if number - start > 1:
                yield start, number
            start = number + 1


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the runs of lines between empty lines, if they contain a sign of code."""
    start = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or not lines[number].strip():
            if any(_CODE_SIGNS.search(line) for line in lines[start:number]):
                yield start, number
            start = number + 1


def _pieces(line: str) -> Iterator[list[ast.stmt]]:
    """Yield the code in a line of text."""
    for span in _SPAN.finditer(line):
        tree = parse("".join(filter(None, span.groups())).strip())
        if tree:
            yield tree.body
    for start, end in _runs(line.replace("`", " ")):
        yield from _readings(line.replace("`", " ")[start:end])


def _runs(line: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the parts of a line in which no two words are adjacent."""
    start, last_end, last_is_word, signs = 0, 0, False, 0
    for token in _TOKEN.finditer(line):
        is_word = bool(token["word"] or token["number"] or token["text"])
        if is_word and last_is_word and token["word"] not in _JOINING:
            if signs:
                yield start, last_end
            start, signs = token.start(), 0
        if token["sign"] and token["sign"] not in ".,;:?!'\"":
            signs += 1
        last_is_word = is_word and token["word"] not in _JOINING
        last_end = token.end()
    if signs:
        yield start, last_end


def _readings(run: str) -> Iterator[list[ast.stmt]]:
    """Yield what Python understands of a run: its longest beginnings, from several places."""
    rest = run
    for _ in range(_TRIES):
        rest = rest.lstrip(" .,;:!?)]}=|")
        tree, used = _longest(rest)
        if tree:
            yield tree.body
        if used >= len(rest) or not rest:
            return
        rest = rest[max(used, 1) :]
        if not tree:  # begin after the next sign
            cut = re.search(r"[\s(\[{=,:]", rest)
            if cut is None:
                return
            rest = rest[cut.end() :]


def _longest(text: str) -> tuple[ast.Module | None, int]:
    """Return the tree of a beginning of a text and its length; Python says where it ends."""
    end = len(text)
    for _ in range(_TRIES):
        part = text[:end].rstrip(" .,;:!?")
        if not part:
            break
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(part), len(part)
        except SyntaxError as error:
            place = (error.offset or 1) - 1
            end = place if 0 < place < len(part) else len(part) - 1
        except (ValueError, RecursionError, MemoryError):
            break
    return None, 0
