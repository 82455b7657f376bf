"""Run pytest within another program: nothing is printed, and no setting made for others counts."""

import contextlib
import io
import os
from collections.abc import Iterator

# Plugins that nobody needs who reads outcomes by a plugin of his own: each costs something for
# every test, and what tests print goes nowhere without `capture` as well.
_WITHOUT = (
    "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath",
    "logging", "pastebin", "setuponly", "setupplan", "stepwise", "threadexception",
    "unraisableexception", "warnings",
)  # fmt: skip

_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


def plain_arguments(*without: str) -> list[str]:
    """The words by which pytest takes no file of settings, and none of the plugins left out.

    Args:
        without: plugins to leave out besides those that nobody needs.
    """
    arguments = ["-c", os.devnull, "--noconftest", "--import-mode=importlib", "--assert=plain"]
    for name in (*_WITHOUT, *without):
        arguments += ["-p", f"no:{name}"]
    return arguments


@contextlib.contextmanager
def quietly() -> Iterator[io.StringIO]:
    """Keep pytest's own words, and the settings and plugins of other projects, away.

    Yields:
        What would have been printed.
    """
    said = io.StringIO()
    before = {name: os.environ.pop(name, None) for name in _SETTINGS}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield said
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
