"""What tests of workers share."""

import contextlib
import time
from pathlib import Path

import pytest

from autograder.rubric.student import Session, StudentProxy


@pytest.fixture
def open_worker():
    """Open a worker of a zygote for a job; a handle to what was handed in."""
    with contextlib.ExitStack() as closing:

        def open_one(zygote, job):
            worker = zygote.open(job)
            closing.callback(worker.close)
            session = Session(lambda one: worker.ask(one, time.monotonic() + 60), Path(job.folder))
            return StudentProxy(session)

        yield open_one
