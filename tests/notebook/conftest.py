"""Notebooks for tests, run in this process or in a worker."""

import contextlib
import json
import sys
import time
from pathlib import Path

import pytest

from autograder.notebook.run import Rules, run_notebook
from autograder.remote.object_server import ObjectServer
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch


def as_cell(source):
    """A code cell as nbformat 4.5 has it; a text that begins with "# %% [markdown]" is not code."""
    head, _, text = source.partition("\n")
    if head == "# %% [markdown]":
        return {"cell_type": "markdown", "metadata": {}, "source": text}
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def notebook_text(*cells, **changes):
    """A notebook file of some cells."""
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*map(as_cell, cells)]}
    return json.dumps(content | changes)


@pytest.fixture
def run(tmp_path):
    """Run cells in this process: what came of it."""

    def run(*cells, inspect=lambda tree, cell: None, **rules):
        folder = tmp_path / "handed_in"
        folder.mkdir(exist_ok=True)
        file = folder / "analysis.ipynb"
        file.write_text(notebook_text(*cells))
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return run_notebook(file, Rules("analysis.ipynb", **rules), scratch, inspect)

    return run


@pytest.fixture(scope="session")
def notebook_zygote():
    """Starts workers that have imported what notebooks run on."""
    zygote = Zygote(launch("notebook"))
    yield zygote
    zygote.close()


@pytest.fixture(params=["in process", "through a worker"])
def hand_in(request, make_job):
    """Hand cells in as analysis.ipynb, with modules next to it; return a handle to the run."""
    if request.param == "through a worker":
        zygote = request.getfixturevalue("notebook_zygote")
    closing = contextlib.ExitStack()

    def hand_in(*cells, modules=None, text=None, **rules):
        packages = {Path(name).stem: {} for name in modules or {}}
        files = {"analysis.ipynb": notebook_text(*cells) if text is None else text}
        notebooks = {"analysis": {"path": "analysis.ipynb", **rules}}
        job = make_job(
            files | (modules or {}), packages=packages, notebooks=notebooks, memory_bytes=8 * 2**30
        )
        folder = Path(job.folder)
        if request.param == "in process":
            server = ObjectServer(
                folder,
                job.packages,
                Path(job.support),
                notebooks=job.notebooks,
                scratch=Path(job.scratch),
            )
            closing.callback(sys.meta_path.remove, server.finder)
            for name in packages:
                closing.callback(sys.modules.pop, name, None)
            return StudentProxy(StudentConnection(server.handle, folder))
        worker = zygote.open(job)
        closing.callback(worker.close)
        return StudentProxy(
            StudentConnection(lambda asked: worker.ask(asked, time.monotonic() + 60), folder)
        )

    with closing:
        yield hand_in
