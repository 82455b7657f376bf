"""What is printed without end costs next to no memory, on either stream."""

import json
import tracemalloc

import pytest

from autograder.notebook.run import Rules, run_notebook

pytest.importorskip("IPython")

LIES = """
class Lies(str):
    def __len__(self):
        return 1
    def __getitem__(self, index):
        return Lies("f" * 1_000_000)
for _ in range(300):
    print(Lies("f" * 1_000_000), end=Lies("g"))
"""


@pytest.mark.parametrize(
    "cell",
    [
        "for _ in range(300): print('a' * 1_000_000)",
        "import sys\nfor _ in range(300): sys.stderr.write('a' * 1_000_000)",
        LIES,
    ],
)
def test_prints_without_end_are_not_kept(tmp_path, cell):
    cells = [{"cell_type": "code", "source": source} for source in (cell, "print('after')")]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    tracemalloc.start()
    try:
        run = run_notebook(tmp_path / "a.ipynb", Rules("a.ipynb"), tmp_path, lambda *_: None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not run.failures
    assert run.output[2] == "after\n"
    assert peak < 120_000_000  # reading the file takes 96 MiB, what is printed 300 MB
