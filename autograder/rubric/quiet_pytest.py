"""Run pytest within another program, without its output and without settings made for others."""

import contextlib
import io
import os
from collections.abc import Iterator

# Plugins that are not needed when a plugin of our own reads the outcomes: each costs time for every
# test, and what tests print is discarded even without `capture`.
_WITHOUT = (
    "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath",
    "logging", "pastebin", "setuponly", "setupplan", "stepwise", "threadexception",
    "unraisableexception", "warnings",
)  # fmt: skip

_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


def plain_arguments(*without: str) -> list[str]:
    """Return the arguments by which pytest reads no settings file and leaves plugins out.

    Args:
        without: plugins to leave out in addition to those that are never needed.
    """
    arguments = ["-c", os.devnull, "--noconftest", "--import-mode=importlib", "--assert=plain"]
    for name in (*_WITHOUT, *without):
        arguments += ["-p", f"no:{name}"]
    return arguments


@contextlib.contextmanager
def quietly() -> Iterator[io.StringIO]:
    """Suppress pytest's own output, and the settings and plugins of other projects.

    Yields:
        The stream with what would have been printed.
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
