"""Generate mutants: the complete solution with one small change in a marked region.

The mutants and their order depend only on the solution.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from autograder.audit.cosmetic import EVERYTHING, Seen
from autograder.audit.marked import Files, Marked, with_region
from autograder.audit.mutations import Edit, edits_of, results_of

# Changes a floating-point expression by one part in 10^13, in place.
_ROUNDED = (
    b"(lambda it: it * (1 + 1e-13) if isinstance(it, float)"
    b" or getattr(getattr(it, 'dtype', None), 'kind', '') == 'f' else it)"
)


@dataclass(frozen=True)
class Mutant:
    """A generated change.

    Attributes:
        region: the region that is changed.
        edit: the change.
    """

    region: Marked
    edit: Edit

    @property
    def file(self) -> str:
        """The path of the file in a submission."""
        return self.region.text.file

    @property
    def line(self) -> int:
        """Its line in the annotated source."""
        return self.region.text.lines(self.edit.begin, self.edit.end)[0] + self.region.shift

    @property
    def original(self) -> str:
        """The lines that it changes, with whitespace normalised."""
        return _squeezed(self._lines(None))

    @property
    def mutated(self) -> str:
        """The same lines in the mutant."""
        return _squeezed(self._lines(self.edit.replacement))

    @property
    def id(self) -> str:
        """A short id that depends only on the change."""
        words = "\0".join((self.file, self.region.function, self.original, self.mutated))
        return sha256(words.encode()).hexdigest()[:10]

    def make(self, files: Files) -> Files:
        """Return the complete solution with this change."""
        return with_region(files, self.region, _edited(self.region, [self.edit]))

    def _lines(self, replacement: bytes | None) -> str:
        text = self.region.text
        first, last = text.lines(self.edit.begin, self.edit.end)
        begin, end = text.line_starts[first - 1], text.line_starts[last]
        middle = text.data[self.edit.begin : self.edit.end] if replacement is None else replacement
        return (
            text.data[begin : self.edit.begin] + middle + text.data[self.edit.end : end]
        ).decode()


def mutants_of(
    regions: Sequence[Marked],
    notebooks: Sequence[str] = (),
    seen: Mapping[str, Seen] = MappingProxyType({}),
) -> list[Mutant]:
    """Return the mutants of the regions of all modules and of some notebooks.

    Args:
        regions: the marked regions of the solution.
        notebooks: paths of the notebooks to change as well.
        seen: what the tests of an item can see of prints and figures, by the item's id.
    """
    found: dict[str, Mutant] = {}
    for region in regions:
        if not region.text.is_notebook or region.text.file in notebooks:
            for edit in _edits(region, seen.get(region.item, EVERYTHING)):
                mutant = Mutant(region, edit)
                found.setdefault(mutant.id, mutant)
    return list(found.values())


def spread(mutants: Sequence[Mutant], at_most: int) -> list[Mutant]:
    """Return `at_most` of them, always the same ones, in order."""
    chosen = {mutant.id for mutant in sorted(mutants, key=lambda mutant: mutant.id)[:at_most]}
    return [mutant for mutant in mutants if mutant.id in chosen]


def rounded(regions: Sequence[Marked], files: Files) -> Files:
    """Return the solution with the computed results of regions changed by one part in 10^13.

    Another algorithm may differ by as much, so no tolerance may be tighter. Values computed at the
    top of a cell, or passed on unchanged, stay exact.

    Args:
        regions: in the order of their files' lines.
        files: the complete solution.
    """
    for region in reversed(regions):  # from below, so that the lines above keep their positions
        edits = [
            Edit(*region.text.span(value), _ROUNDED + b"(" + _source_of(region, value) + b")")
            for statement in region.statements
            for value in results_of(statement)
            if region.function and isinstance(value, ast.BinOp | ast.UnaryOp | ast.Call)
        ]
        if edits:
            files = with_region(files, region, _edited(region, edits))
    return files


def _source_of(region: Marked, node: ast.AST) -> bytes:
    begin, end = region.text.span(node)
    return region.text.data[begin:end]


def _edits(region: Marked, seen: Seen) -> Iterator[Edit]:
    for statement in region.statements:
        for edit in sorted(set(edits_of(region.text, statement, seen))):
            if _compiles(region, edit):
                yield edit


def _compiles(region: Marked, edit: Edit) -> bool:
    """Return whether the result is valid Python and a different program."""
    data = region.text.data
    changed = data[: edit.begin] + edit.replacement + data[edit.end :]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(changed)
    except SyntaxError:
        return False
    return ast.dump(tree) != ast.dump(region.text.tree)


def _edited(region: Marked, edits: Sequence[Edit]) -> str:
    """Return the lines of a region after edits that do not overlap."""
    text = region.text
    begin, end = text.line_starts[region.first - 1], text.line_starts[region.last]
    made, done = b"", begin
    for edit in sorted(edits):
        made += text.data[done : edit.begin] + edit.replacement
        done = edit.end
    return (made + text.data[done:end]).decode()


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
