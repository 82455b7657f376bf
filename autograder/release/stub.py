"""Make the student's text and the text of the complete solution from one annotated source."""

import ast
import textwrap

from autograder.errors import AssignmentErrors, AutograderError, Problem
from autograder.release.blocks import blocks_of
from autograder.release.regions import AnnotatedSource, Region, parse_python

LINE = 99
"""The most characters in a line that the build writes, as far as names allow."""


def raise_statement(source: AnnotatedSource, region: Region, assignment_id: str) -> list[str]:
    """Return the lines of the statement that replaces a region in the stub."""
    place = region.function or "its cell"  # only a notebook has regions outside of functions
    message = f"{assignment_id}/{region.item}: write {place} in {source.path}"
    line = f'{region.indent}raise NotImplementedError("{message}")'
    if len(line) <= LINE:
        return [line]
    inner = f"{region.indent}    "
    parts = [f'{inner}"{message}"']
    if len(parts[0]) > LINE:
        before, _, path = message.rpartition(" in ")
        parts = [f'{inner}"{before} "', f'{inner}"in {path}"']
    return [f"{region.indent}raise NotImplementedError(", *parts, f"{region.indent})"]


def make_stub(source: AnnotatedSource, assignment_id: str) -> str:
    """Return the source as students get it, with a raise in place of each region.

    Imports, signatures, docstrings and all code outside the regions stay as they are; a
    comparison of syntax trees makes sure of that.

    Raises:
        AssignmentErrors: what is left does not compile, because it needs the solution.
    """
    lines = source.text.split("\n")[:-1]
    stub: list[str] = []
    origins: list[int] = []  # for each line of the stub, the source's line that it comes from
    done = 0
    for region in source.regions:
        written = [
            f"{region.indent}# BEGIN YOUR SOLUTION",
            *region.prompt,
            *raise_statement(source, region, assignment_id),
            f"{region.indent}# END YOUR SOLUTION",
        ]
        stub += lines[done : region.begin - 1] + written
        origins += [*range(done + 1, region.begin), *[region.begin] * len(written)]
        done = region.last
    stub += lines[done:]
    origins += range(done + 1, len(lines) + 1)
    text = "".join(f"{line}\n" for line in stub)
    try:
        tree = parse_python(text, source.file, source.kind)
    except AssignmentErrors as error:
        raise AssignmentErrors(
            [
                Problem(
                    source.file,
                    origins[min(problem.line, len(origins)) - 1],
                    f"without its solutions the file {problem.what}",
                    "move what the code outside needs out of the region",
                )
                for problem in error.problems
            ]
        ) from None
    _check_same(tree, _expected_tree(source, assignment_id), source)
    return text


def make_solution(source: AnnotatedSource) -> str:
    """Return the source as a student with the full solution would hand it in: without markers."""
    dropped: set[int] = set()
    for region in source.regions:
        dropped |= {region.begin, *range(region.end, region.last + 1)}
    lines = source.text.split("\n")[:-1]
    text = "".join(f"{line}\n" for number, line in enumerate(lines, 1) if number not in dropped)
    _check_same(parse_python(text, source.file, source.kind), ast.parse(source.text), source)
    return text


def _expected_tree(source: AnnotatedSource, assignment_id: str) -> ast.Module:
    """Return the source's tree with a raise in place of each region's statements."""
    tree = ast.parse(source.text)
    blocks = blocks_of(tree)
    for region in reversed(source.regions):
        statement = textwrap.dedent("\n".join(raise_statement(source, region, assignment_id)))
        replacement = ast.parse(statement).body
        blocks[region.block].statements[region.first : region.stop] = replacement
    return tree


def _check_same(made: ast.Module, expected: ast.Module, source: AnnotatedSource) -> None:
    if ast.dump(made) != ast.dump(expected):
        raise AutograderError(
            "internal error: what was made differs from the source outside its regions",
            source.file,
            "please report it with the file; nothing was written",
        )
