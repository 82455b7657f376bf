"""JSON that is deep, long, and full of numbers of a million digits.

Form: notebook build
Earns: 2
Class: 14
Ends: n1-mean=failed, n1-figure=failed, n1-sums=passed
"""


def build(folder, files):
    deep = b"[" * 400_000 + b"]" * 400_000
    numbers = b",".join([b"9" * 4_000] * 2_000)
    files["squares.ipynb"] = b'{"nbformat": 4, "metadata": [%s], "cells": %s, "x": %s}' % (
        numbers,
        deep,
        b"9" * 1_000_000,
    )
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
