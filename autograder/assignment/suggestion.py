"""Suggest a known word for an unknown one."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the closest known word, or "" if none is close."""
    closest = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{closest[0]}'?" if closest else ""
