"""Print notes on skipped operations once, in the output of the current cell."""

_said: set[str] = set()


def say_once(words: str) -> None:
    """Print a line unless it has already been printed in this run."""
    if words not in _said:
        _said.add(words)
        print(f"[{words}]")


def begin_saying() -> None:
    """Forget the printed lines, at the start of a run."""
    _said.clear()
