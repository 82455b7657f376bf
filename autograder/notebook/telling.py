"""Say once, in the output of the cell that is run, what was passed over in grading."""

_said: set[str] = set()


def say_once(words: str) -> None:
    """Print a line, unless it has been printed since the run began."""
    if words not in _said:
        _said.add(words)
        print(f"[{words}]")


def begin_saying() -> None:
    """Let everything be said anew: a run begins."""
    _said.clear()
