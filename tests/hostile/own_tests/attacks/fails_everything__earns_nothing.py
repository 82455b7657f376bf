"""Fails on every mistake, and on right code as well."""


def test_everything():
    raise AssertionError
