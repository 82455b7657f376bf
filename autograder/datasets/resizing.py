"""Scale the sizes that code takes for those of a published dataset to those of small data.

Code such as `random_split(train, [50_000, 10_000])` is right for the published dataset, so it must
also run on the small one.
"""

from collections.abc import Sequence
from typing import Any

from autograder.notebook.telling import say_once


def scaled_lengths(lengths: Any, size: int, published: int | None) -> Any:
    """Return the lengths of a split, scaled if they add up to the size of the published dataset.

    Args:
        lengths: whole numbers, or anything else, which is returned as it is.
        size: how many samples there are.
        published: how many the published dataset has; None if the data is not from one.
    """
    counts = list(lengths) if isinstance(lengths, Sequence) else []
    if published is None or size == published or not counts:
        return lengths
    if not all(isinstance(count, int) for count in counts) or sum(counts) != published:
        return lengths
    ends = [sum(counts[: number + 1]) * size // published for number in range(len(counts))]
    scaled = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    say_once(f"grading uses small data: {counts} of {published} images are {scaled} of {size}")
    return scaled


def scaled_indices(indices: Any, size: int, published: int | None) -> Any:
    """Return the indices of a subset, scaled if they go beyond the small dataset.

    Each small index belongs to one index of the published dataset. Two subsets without a common
    index therefore have none after scaling either.

    Args:
        indices: whole numbers.
        size: how many samples there are.
        published: how many the published dataset has; None if the data is not from one.
    """
    if published is None or size >= published or not hasattr(indices, "__len__"):
        return indices
    try:
        numbers = [int(index) for index in indices]
    except (TypeError, ValueError):
        return indices
    if not numbers or not size <= max(numbers) < published or min(numbers) < 0:
        return _within(indices, numbers, size, published)
    return _kept(numbers, size, published)


def _within(indices: Any, numbers: list[int], size: int, published: int) -> Any:
    """Return a range from 0 that ends before the small dataset does, scaled if it was meant so."""
    is_range = isinstance(indices, range) and indices.step == 1
    # `range(10)` asks for ten samples, also of the small dataset.
    return indices if not is_range or len(numbers) < size else _kept(numbers, size, published)


def _kept(numbers: list[int], size: int, published: int) -> list[int]:
    kept = []
    for number in numbers:
        small = number * size // published
        if -(-small * published // size) == number:
            kept.append(small)
    say_once(
        f"grading uses small data: {len(numbers)} of {published} images are {len(kept)} of {size}"
    )
    return kept
