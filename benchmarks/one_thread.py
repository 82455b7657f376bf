"""Measure on one thread, as judges and workers compute."""

import os
import sys

from autograder.sandbox.launch import use_one_thread


def begin_anew_on_one_thread() -> None:
    """Run this program once more, with settings that numpy reads only when it is imported.

    Several threads of it wait for each other on the processor's time, so what a student's code
    takes by itself would be overstated.
    """
    before = dict(os.environ)
    use_one_thread()
    if dict(os.environ) != before:
        os.execv(sys.executable, [sys.executable, *sys.argv])
