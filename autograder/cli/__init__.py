"""The command line: `autograder list | build | grade`."""

from autograder.cli.main import main

__all__ = ["main"]
