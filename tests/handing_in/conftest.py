"""A release of a small assignment with a student's finished work in it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent
ASSIGNMENT = {
    "id": "small",
    "title": "A small assignment",
    "packages": {"shapes": {"path": "shapes/", "banned_imports": []}},
    "notebooks": {"report": {"path": "report.ipynb"}},
    "submission_files": ["claims/*.json", "claims/*.npz"],
    "items": [
        {"id": "s1-fit", "title": "Fit", "points": 1, "kind": "auto", "notebook": "report.ipynb"},
        {"id": "s1-why", "title": "Why", "points": 2, "kind": "written",
         "notebook": "report.ipynb"},
    ],
}  # fmt: skip
WEIGHTS = b"weights"
CLAIM = json.dumps({"weights_sha256": hashlib.sha256(WEIGHTS).hexdigest()}).encode()
FIRST_LINE = "**Your answer to `s1-why`** (2 points, read by a person)\n\n"
PLACEHOLDER = "*Write here; replace this line.*"


def code(source, count=1, text="", error=""):
    outputs = [{"output_type": "stream", "name": "stdout", "text": [text]}] if text else []
    if error:
        outputs.append({"output_type": "error", "ename": error, "evalue": "", "traceback": []})
    return {
        "cell_type": "code", "source": source, "execution_count": count, "outputs": outputs,
        "metadata": {},
    }  # fmt: skip


def markdown(source, **more):
    return {"cell_type": "markdown", "source": source, "metadata": {}} | more


def notebook(*cells, ids=True):
    """A notebook's bytes, its cells as given; with the ids that the release gives."""
    kinds = {"code": "code", "markdown": "markdown", "raw": "markdown"}
    for number, cell in enumerate(cells, 1):
        if ids and "id" not in cell:
            cell["id"] = f"{number:03d}-{kinds[cell['cell_type']]}"
    document = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document).encode()


def finished():
    """The cells of a notebook that leaves nothing to say."""
    digest = hashlib.sha256(CLAIM).hexdigest()[:12]
    return [
        code("import numpy as np", 1),
        markdown(FIRST_LINE + "Because it is so."),
        code('save_claims("s1", [1])', 2, f"written; SHA-256 {digest}.\n"),
    ]


@pytest.fixture
def release(tmp_path):
    """The folder of the release; no checks in it."""
    folder = tmp_path / "small"
    for room in ("handing_in", "notebook"):
        shutil.copytree(
            REPOSITORY / "autograder" / room,
            folder / "autograder" / room,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    files = {
        "autograder/__init__.py": b"",
        "autograder/atomic.py": (REPOSITORY / "autograder/atomic.py").read_bytes(),
        "tests/assignment.json": json.dumps(ASSIGNMENT).encode(),
        "shapes/__init__.py": b"",
        "shapes/area.py": b"def area(x):\n    return x * x\n",
        "shapes/__pycache__/area.cpython-311.pyc": b"x",
        "shapes/.ipynb_checkpoints/area.py": b"x",
        "report.ipynb": notebook(*finished()),
        "claims/s1.json": CLAIM,
        "claims/s1.npz": WEIGHTS,
        "notes.txt": b"not asked for",
        "handout.md": b"",
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
