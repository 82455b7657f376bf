"""What a check has accepted and a student should know all the same.

    note("per cent", "the test accuracy is a fraction, 0.93; it was read as 93 per cent")

A note is no fault and costs nothing. It is shown with a public test, one on each topic for an item.
"""

_noted: dict[str, str] = {}  # of the test that runs: topic -> sentence


def note(topic: str, text: str) -> None:
    """Have a sentence shown to the student; only the first on a topic is."""
    _noted.setdefault(topic, text)


def take_notes() -> dict[str, str]:
    """Return what has been noted since this was last called, by topic, and forget it."""
    notes = dict(_noted)
    _noted.clear()
    return notes
