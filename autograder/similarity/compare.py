"""Find what two submissions share, beyond the released stub and beyond what many submissions have.

copydetect turns code into tokens, in which all variables look the same and comments and layout are
gone, and hashes every run of `K` tokens: renaming, reordering of functions and new comments hide
nothing. Passages of the stub do not count, nor do those that many submissions share, because they
are the assignment's own idiom.

All runs are kept (a winnowing window of 1), so nothing depends on the seed of Python's hash. The
stub is removed here: copydetect 0.5.0 lets `numpy.intersect1d` assume that a file repeats nothing,
and therefore takes whatever a file repeats for a passage of the stub.

Source: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003.
"""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from autograder.similarity.code import Code

if TYPE_CHECKING:
    from copydetect import CodeFingerprint

K = 30
"""Tokens of a run; shorter runs are alike by chance."""
SHARED_AT_LEAST = 120
"""Tokens that a pair must share: some ten lines."""
_BEGINNING = "#\n"
COMMON_SUBMISSIONS, COMMON_SHARE = 10, 0.05
"""What more submissions have than this number and this share is the assignment's own idiom."""


@dataclass(frozen=True)
class Passage:
    """A passage of one submission that the other has as well."""

    path: str
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    Attributes:
        names: the names of the two.
        shares: for each, how much of its own code the other has as well, from 0 to 1.
        tokens: how many tokens they share.
        passages: for each, what the other has as well.
    """

    names: tuple[str, str]
    shares: tuple[float, float]
    tokens: int
    passages: tuple[tuple[Passage, ...], tuple[Passage, ...]]


def alike(
    submissions: Sequence[Code],
    stub: Code,
    at_least: float,
) -> list[Pair]:
    """Return the pairs of which one shares much of its own code with the other.

    Two submissions of one student, or of a group and a member of it, do not make a pair.

    Args:
        submissions: the code of the submissions.
        stub: the code that was released to all.
        at_least: the share of the own code of one of the two that is enough, from 0 to 1.

    Returns:
        The pairs, the most alike first.
    """
    prints = [_fingerprint(code) for code in submissions]
    _leave_out(prints, _fingerprint(stub).hashes)
    _leave_out(prints, _common(prints))
    pairs = []
    for first, second in combinations(range(len(prints)), 2):
        one, other = prints[first], prints[second]
        if submissions[first].owners & submissions[second].owners:
            continue
        # A run has K tokens, so fewer runs are too little; most pairs end here.
        if K * len(one.hashes & other.hashes) >= SHARED_AT_LEAST:
            pair = _pair((submissions[first], submissions[second]), (one, other), at_least)
            pairs += [pair] if pair else []
    return sorted(pairs, key=lambda pair: (-max(pair.shares), -min(pair.shares), pair.names))


def _fingerprint(code: Code) -> "CodeFingerprint":
    from copydetect import CodeFingerprint

    return CodeFingerprint(code.name, K, 1, language="python", fp=io.StringIO(_whole(code)))


def _whole(code: Code) -> str:
    """Join all files, behind a first line: the lexer would drop empty lines at the beginning."""
    return _BEGINNING + "".join(f"{text}\n" for _, text in code.files)


def _leave_out(prints: "Iterable[CodeFingerprint]", hashes: set[int]) -> None:
    from copydetect.utils import get_token_coverage

    for one in prints:
        for known in one.hashes & hashes:
            del one.hash_idx[known]
        one.hashes -= hashes
        one.token_coverage = get_token_coverage(one.hash_idx, K, len(one.filtered_code))


def _common(prints: "Sequence[CodeFingerprint]") -> set[int]:
    counts = Counter(known for one in prints for known in one.hashes)
    most = max(COMMON_SUBMISSIONS, COMMON_SHARE * len(prints))
    return {known for known, count in counts.items() if count > most}


def _pair(
    codes: tuple[Code, Code], prints: "tuple[CodeFingerprint, CodeFingerprint]", at_least: float
) -> Pair | None:
    from copydetect import compare_files

    tokens, shares, slices = compare_files(*prints)
    if tokens < SHARED_AT_LEAST or max(shares) < at_least:
        return None
    first, second = (
        tuple(_passages(code, parts)) for code, parts in zip(codes, slices, strict=True)
    )
    names = (codes[0].name, codes[1].name)
    share, other = (min(float(one), 1.0) for one in shares)
    return Pair(names, (share, other), int(tokens), (first, second))


def _passages(code: Code, slices: Any) -> Iterable[Passage]:
    """Yield the passages of a submission that are shared, as whole lines of its files."""
    begin = len(_BEGINNING)
    for path, text in code.files:
        lines = [f"{line}\n" for line in text.split("\n")]
        touched: set[int] = set()
        position = begin
        for number, line in enumerate(lines, 1):
            end = position + len(line)
            if line.strip() and any(
                start < end and position < stop for start, stop in zip(*slices, strict=True)
            ):
                touched.add(number)
            position = end
        yield from _runs(path, lines, sorted(touched))
        begin += len(text) + 1


def _runs(path: str, lines: Sequence[str], touched: Sequence[int]) -> Iterable[Passage]:
    """Yield adjacent lines as one passage; empty lines between them do not separate them."""
    first = last = 0
    for number in touched:
        if first and any(line.strip() for line in lines[last : number - 1]):
            yield Passage(path, first, last, "".join(lines[first - 1 : last]))
            first = 0
        first, last = first or number, number
    if first:
        yield Passage(path, first, last, "".join(lines[first - 1 : last]))
