"""Search a release for code of the solutions that is written with other names.

`leaks` finds a solution's lines word by word. This module compares fragments of the regions
(`fragments`), as trees (`normal_form`, `matching`), with all code that a file contains: the code
itself, and what looks like code in its comments, strings and text.
"""

import ast
import functools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.errors import Problem
from autograder.release.fragments import LEAST, Fragment
from autograder.release.matching import find_statements, is_renamed
from autograder.release.normal_form import normal_form
from autograder.release.prose import code_in_prose, code_in_python, parse
from autograder.release.trees import BLOCK, Tree
from autograder.release.waivers import Waiver

_MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)
_SHOWN = 120  # characters of a fragment in a message

Code = tuple[tuple[int, Tree], ...]  # (lines above it, block) of each piece of code in a text


@dataclass(frozen=True)
class Sighting:
    """A fragment in a file that ships.

    Attributes:
        fragment: the fragment.
        path: the file's path from the top of the release.
        line: the line of the file where the fragment begins.
    """

    fragment: Fragment
    path: str
    line: int


def renamed_leaks(
    release: Mapping[str, bytes], fragments: list[Fragment], waivers: list[Waiver], shown: str
) -> list[Problem]:
    """Return a problem for each line of a solution that a file of a release contains, renamed.

    Args:
        release: all its files, by path; `scan_release` reports those that cannot be read.
        fragments: the fragments as `fragments_of` returns them.
        waivers: what may ship nevertheless; the waivers that are used are marked.
        shown: the name of the release's folder in messages.
    """
    problems = []
    for path, data in sorted(release.items()):
        text = data.decode("utf-8", errors="replace")
        found: dict[tuple[str, int], list[Sighting]] = {}
        for one in sightings_in(path, text, fragments):
            if not _is_waived(one, waivers):
                found.setdefault((one.fragment.file, one.fragment.line), []).append(one)
        for same in found.values():
            problems.append(_problem(same, f"{shown}/{path}"))
    return problems


def _problem(sightings: list[Sighting], file: str) -> Problem:
    """Return one problem for all places of a file that show one line of a solution."""
    first = max(sightings, key=lambda one: one.fragment.size)
    fragment, lines = first.fragment, {one.line for one in sightings} - {first.line}
    text = fragment.text if len(fragment.text) <= _SHOWN else f"{fragment.text[:_SHOWN]} ..."
    more = f", and at {len(lines)} more lines" if lines else ""
    what = f"a solution's code ships with other names: `{text}` of {fragment.file}:{fragment.line}"
    remedy = "check it in another way there, or waive it in leaks.toml with the reason"
    return Problem(file, first.line, what + more, remedy)


def _is_waived(sighting: Sighting, waivers: list[Waiver]) -> bool:
    """Tell whether a waiver covers a sighting, and mark all waivers that do."""
    fitting = [
        waiver
        for waiver in waivers
        if waiver.covers(sighting.path)
        and _sightings(read_code("waiver.py", waiver.text), [sighting.fragment])
    ]
    for waiver in fitting:
        waiver.used = True
    return bool(fitting)


def sightings_in(path: str, text: str, fragments: list[Fragment]) -> list[Sighting]:
    """Return where a file that ships contains fragments; of nested ones only the outermost.

    Args:
        path: the file's path; its ending says how it is read.
        text: its text.
        fragments: what to look for, the largest first.
    """
    found = _sightings(read_code(path, text), fragments)
    return [Sighting(fragment, path, line) for fragment, line in found]


def _sightings(code: Code, fragments: Iterable[Fragment]) -> list[tuple[Fragment, int]]:
    expressions: dict[str, list[Fragment]] = defaultdict(list)
    rows = []
    for fragment in fragments:
        if fragment.expression:
            expressions[fragment.expression.label].append(fragment)
        else:
            rows.append(fragment)
    found = []
    for above, block in code:
        seen: set[int] = set()  # the parts of fragments that were found
        for tree in block.walk():
            if tree.label == BLOCK:
                for fragment in (row for row in rows if row.size <= tree.size):
                    part = find_statements(fragment.trees, tree)
                    if part and id(part[0]) not in seen:
                        found.append((fragment, above + part[0].line))
                        seen |= {id(inner) for one in part for inner in one.walk()}
        for tree in block.walk():
            if tree.size < LEAST or id(tree) in seen:
                continue
            for fragment in expressions.get(tree.label, ()):
                if is_renamed(fragment.trees[0], tree):
                    found.append((fragment, above + tree.line))
                    seen |= {id(inner) for inner in tree.walk()}
                    break
    return found


@functools.lru_cache(maxsize=1024)
def read_code(path: str, text: str) -> Code:
    """Return the code in a file: its own code, and the code in its comments and texts.

    Args:
        path: the file's path; its ending says how it is read.
        text: its text.
    """
    if path.endswith((".ipynb", ".json")):
        pieces = _code_in_json(text)
    else:
        pieces = _code_in_text(text, is_python=path.endswith(".py"))
    return tuple(
        (line - 1, block)
        for line, body in pieces
        if (block := normal_form(body, ast.Module(body, []))).size >= LEAST
    )


def _code_in_text(text: str, *, is_python: bool) -> Iterator[tuple[int, list[ast.stmt]]]:
    if not is_python:
        yield from code_in_prose(text)
        return
    module = parse(text)
    if module:
        yield 1, module.body
        yield from code_in_python(text, module)


def _code_in_json(text: str) -> Iterator[tuple[int, list[ast.stmt]]]:
    """Yield the code in the strings of a document; the strings of a list form one text."""
    try:
        waiting: list[object] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            if value and all(isinstance(part, str) for part in value):  # the lines of a cell
                waiting.append("".join(value))
            else:
                waiting += value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, str):
            start = text.find(json.dumps(value.split("\n")[0], ensure_ascii=False)[1:-1])
            line = text.count("\n", 0, max(start, 0))
            is_code = "\n" in value or "#" in value or "'" in value or '"' in value
            pieces = list(code_in_prose(value))
            if is_code:
                pieces += _code_in_text(_MAGIC.sub(r"\1pass", value), is_python=True)
            # Each line of a cell's text is on a line of its own in a notebook.
            yield from ((line + inner, body) for inner, body in pieces)
