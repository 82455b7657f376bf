"""Match words in figures, and write words in messages about them."""

import re
from collections.abc import Sequence

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()

# Common forms of the words that a figure must contain.
_FORMS = {
    "accuracy": "accuracy accuracies acc",
    "class": "class classes label labels category categories",
    "depth": "depth layer layers",
    "epoch": "epoch epochs",
    "layer": "layer layers depth",
    "loss": "loss losses cross-entropy crossentropy nll",
    "mean": "mean means average avg μ",
    "predicted": "predicted predictions prediction pred preds",
    "std": "std stdev deviation σ",
    "step": "step steps iteration iterations batch batches",
    "test": "test testing",
    "train": "train training trained",
    "true": "true truth actual target targets",
    "validation": "validation valid val validating dev",
}


def says(text: str, word: str) -> bool:
    """Return whether a text contains a word or a common form of it, ignoring case, `_`, `-`."""
    forms = _FORMS.get(word.lower(), word).split() if " " not in word else [word]
    return any(f" {_plain(form)} " in f" {_plain(text)} " for form in forms)


def count_words(count: int, thing: str = "") -> str:
    """Return a count in words: "one line", "two lines", "no lines", "16 images"."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {thing}{'' if count == 1 else 's'}" if thing else number


def join_words(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"))  # of regular plurals and their singulars


def singulars(word: str) -> set[str]:
    """Return a word and its possible regular singulars."""
    forms = {word}
    for ending, singular in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            forms.add(word.removesuffix(ending) + singular)
    return forms


def plurals(word: str) -> set[str]:
    """Return a word and its possible regular plurals."""
    ends = [(singular, ending) for ending, singular in _ENDINGS if word.endswith(singular)]
    return {word} | {word.removesuffix(end) + plural for end, plural in ends}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))
