"""A small object that runs beside the student's code."""


class Scale:
    """Multiply by a fixed factor."""

    def __init__(self, factor):
        self.factor = factor

    def apply(self, values):
        """Return factor * values."""
        return self.factor * values
