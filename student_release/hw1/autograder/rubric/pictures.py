"""Recognise images and words in figures."""

import re

import numpy as np

from autograder.rubric.words import plurals, singulars

Array = np.ndarray

# Half a step of rounding, and another half for numbers converted to float32 and back.
TOLERANCE = 1.0


def index_of(shown: Array, images: Array) -> int:
    """Return the index of the image that a figure shows; -1 if it shows none of them.

    Args:
        shown: the pixels drawn: bytes from 0 to 255 or numbers from 0 to 1; grey or colour.
        images: `(N, ...)` uint8.
    """
    values = np.asarray(shown)
    if values.dtype.kind not in "fiu" or images.ndim < 2 or not images.size:
        return -1
    if values.ndim == 3 and values.shape[-1] == 4:
        values = values[..., :3]  # without the alpha channel
    if values.shape != images.shape[1:]:
        return -1
    scale = 255.0 if values.dtype.kind == "f" else 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        wanted = np.nan_to_num(scale * values.astype(np.float32), nan=-np.inf).reshape(-1)
    rows = images.reshape(len(images), -1)
    # A few pixels rule most images out; all pixels decide between the rest.
    few = slice(None, None, max(rows.shape[1] // 16, 1))
    candidates = np.flatnonzero(_worst(rows[:, few], wanted[few]) <= TOLERANCE)
    worst = _worst(rows[candidates], wanted)
    nearest = int(worst.argmin()) if len(worst) else -1
    return int(candidates[nearest]) if nearest >= 0 and worst[nearest] <= TOLERANCE else -1


def _worst(rows: Array, wanted: Array) -> Array:
    """Return the largest pixel difference for each image."""
    return np.asarray(np.abs(rows - wanted).max(axis=1, initial=0))


def has_words(text: str, words: str) -> bool:
    """Return whether a text contains some words, such as the name of a class.

    Case, `_`, `-`, line breaks (also within words) and a plural of the last word are ignored.
    """
    shown = _plain(text)
    forms = {plural for singular in singulars(_plain(words)) for plural in plurals(singular)}
    return any(re.search(_broken(form), shown) for form in forms)


def _broken(words: str) -> str:
    """Return a pattern for words with line breaks allowed in and between them."""
    each = ("\n?".join(map(re.escape, word)) for word in words.split())
    joined = "[ \n]+".join(each)
    return rf"(?<!\w){joined}(?!\w)"


def _plain(text: str) -> str:
    """Return the words of each line, separated by single spaces."""
    lines = text.lower().replace("_", " ").splitlines()
    return "\n".join(" ".join(re.findall(r"\w+", line)) for line in lines)
