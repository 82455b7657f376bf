"""The files of hw1's rubric are imported here as modules: their marker must be known."""


def pytest_configure(config):
    """Register the marker of rubric tests."""
    config.addinivalue_line("markers", "item(id, weight=1): the item whose points a check earns")
