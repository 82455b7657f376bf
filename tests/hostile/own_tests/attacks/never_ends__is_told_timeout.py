"""Loops without end, on right code and on mistakes.

Ends: timeout
"""


def test_endless():
    while True:
        pass
