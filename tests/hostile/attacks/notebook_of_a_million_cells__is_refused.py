"""A notebook of a million empty cells, each of them an answer.

Form: notebook build
Earns: 2
Class: 14
Ends: n1-mean=failed, n1-figure=failed, n1-sums=passed
"""


def build(folder, files):
    cells = b",".join(
        [b'{"cell_type":"markdown","source":"**Your answer to `n1-why`**"}'] * 600_000
    )
    files["squares.ipynb"] = b'{"nbformat": 4, "cells": [' + cells + b"]}"
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
