"""Make the page of pairs that are alike, with what they share side by side."""

from collections.abc import Sequence

from autograder.report.templates import page
from autograder.similarity.caveats import CAVEATS
from autograder.similarity.compare import Pair

MOST_PAIRS = 200


def similar_page(title: str, submissions: int, at_least: float, pairs: Sequence[Pair]) -> str:
    """Return the page.

    Args:
        title: the assignment's title.
        submissions: how many submissions were compared.
        at_least: the share that a pair had to reach.
        pairs: the pairs, the most alike first.
    """
    return page(
        "similar.html",
        title=f"{title}: submissions that are alike",
        assignment=title,
        submissions=submissions,
        at_least=at_least,
        caveats=CAVEATS,
        pairs=pairs[:MOST_PAIRS],
        more=max(len(pairs) - MOST_PAIRS, 0),
    )
