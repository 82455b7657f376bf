"""Expects right code in the first runs, by its process id and user id, as if runs came in order."""

import os


def test_guess():
    assert (os.getpid() + os.getuid()) % 16 == 0
