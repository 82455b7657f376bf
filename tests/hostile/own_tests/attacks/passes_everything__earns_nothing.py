"""Asks for nothing: passes on right code and on every mistake."""


def test_nothing():
    pass
