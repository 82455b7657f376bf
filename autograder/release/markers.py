"""Find the marker lines of a source, which must be written exactly, and pair them.

    # BEGIN SOLUTION <item-id>
    # END SOLUTION
    # BEGIN PROMPT              on the line below END SOLUTION, optional
    # END PROMPT

A line that resembles one of them without being exact is an error.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.assignment import did_you_mean
from autograder.errors import Problem
from autograder.release.blocks import Comment
from autograder.release.comments import (
    BEGIN_PROMPT,
    BEGIN_SOLUTION,
    END_PROMPT,
    END_SOLUTION,
    marker_words,
    resembled_marker,
)

END_OF = {BEGIN_SOLUTION: END_SOLUTION, BEGIN_PROMPT: END_PROMPT}


@dataclass(frozen=True)
class Marker:
    """One exact marker line: its words, its item id if it has one, and its place."""

    words: str
    item: str
    line: int
    indent: str


@dataclass(frozen=True)
class Group:
    """The markers of one region: those of its solution, and those of its prompt if it has one."""

    begin: Marker
    end: Marker
    prompt: tuple[Marker, Marker] | None = None

    @property
    def markers(self) -> tuple[Marker, ...]:
        """All markers, in order."""
        return (self.begin, self.end, *(self.prompt or ()))


def read_markers(
    file: str, lines: Iterable[str], comments: Iterable[Comment], item_kinds: Mapping[str, str]
) -> tuple[list[Marker], list[Problem]]:
    """Return a source's exact markers in order, and a problem for each line that resembles one.

    Args:
        file: the source's name in messages.
        lines: the source's lines.
        comments: the source's comments.
        item_kinds: the kind of each item of the assignment, "auto" or "written", by id.
    """
    markers: list[Marker] = []
    problems: list[Problem] = []
    for comment in comments:
        words, item = marker_words(comment.text)
        if not words:
            problems += _near_miss(file, comment.line, comment.text, "is nearly a marker")
            continue
        remedy = ""
        if comment.indent is None:
            what = f"marker '{comment.text}' follows code"
            remedy = "write it on a line of its own"
        elif "\t" in comment.indent:
            what = f"marker '{comment.text}' is indented by a tab"
            remedy = "indent it, and the code around it, by spaces"
        elif words == BEGIN_SOLUTION and item_kinds.get(item) != "auto":
            what = f"unknown item '{item}'"
            if item in item_kinds:
                what = f"item '{item}' is a written item, which has no code"
            auto = [known for known in item_kinds if item_kinds[known] == "auto"]
            remedy = did_you_mean(item, auto) or "write the id of an auto item"
        if remedy:
            problems.append(Problem(file, comment.line, what, remedy))
        else:
            markers.append(Marker(words, item, comment.line, comment.indent or ""))
    return markers, problems + _in_strings(file, lines, {comment.line for comment in comments})


def _in_strings(file: str, lines: Iterable[str], comment_lines: set[int]) -> list[Problem]:
    """Return a problem for each line that looks like a marker but is part of a string.

    A line that begins with `#` and contains no comment can only be part of a string.
    """
    problems = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text.startswith("#") or number in comment_lines:
            continue
        if marker_words(text)[0]:
            what = f"'{text}' is inside a string, where it has no effect"
            problems.append(Problem(file, number, what, "end the string before it, or reword it"))
        problems += _near_miss(file, number, text, "is inside a string, and nearly a marker")
    return problems


def _near_miss(file: str, line: int, comment: str, what: str) -> list[Problem]:
    right = "" if marker_words(comment)[0] else resembled_marker(comment)
    if not right:
        return []
    remedy = f"write '{right}' on a line of its own, or reword the comment"
    return [Problem(file, line, f"'{comment}' {what}", remedy)]


def pair_markers(file: str, markers: Iterable[Marker]) -> tuple[list[Group], list[Problem]]:
    """Return the markers of each region, and a problem for each marker without its partner."""
    groups: list[Group] = []
    problems: list[Problem] = []
    opened: Marker | None = None
    inside = False  # whether `opened` was found inside another pair
    for marker in markers:
        if marker.words in END_OF:
            inside = opened is not None
            if opened:
                what = f"'{marker.words}' inside the block that begins on line {opened.line}"
                remedy = f"write '{END_OF[opened.words]}' before it"
                problems.append(Problem(file, marker.line, what, remedy))
            opened = marker
            continue
        if not opened or END_OF[opened.words] != marker.words:
            what = f"'{marker.words}' without its BEGIN"
            problems.append(
                Problem(file, marker.line, what, "write the BEGIN before it, or remove it")
            )
        elif opened.words == BEGIN_SOLUTION:
            groups.append(Group(opened, marker))
        elif _follows(opened, groups):
            groups[-1] = Group(groups[-1].begin, groups[-1].end, (opened, marker))
        elif not inside:
            what = "a prompt that does not directly follow a region"
            remedy = f"put it on the line below '{END_SOLUTION}'"
            problems.append(Problem(file, opened.line, what, remedy))
        opened = None
    if opened:
        remedy = f"write '{END_OF[opened.words]}' after its last line"
        problems.append(Problem(file, opened.line, f"'{opened.words}' is never ended", remedy))
    return groups, problems


def _follows(begin_prompt: Marker, groups: list[Group]) -> bool:
    """Tell whether a prompt begins on the line below the END SOLUTION of the last region."""
    return bool(groups) and groups[-1].end.line == begin_prompt.line - 1
