"""What tests of workers share."""

import contextlib
import os
import time
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy

from .child import PLAIN_UID


@pytest.fixture(params=["as we are", "plain user"])
def uid(request):
    """The user that a child becomes, for `in_child`: as this process, and one without rights."""
    if request.param == "as we are":
        return None
    if os.geteuid():
        pytest.skip("only root can become another user")
    return PLAIN_UID


@pytest.fixture
def open_worker():
    """Open a worker of a zygote for a job; a handle to what was handed in."""
    with contextlib.ExitStack() as closing:

        def open_one(zygote, job):
            worker = zygote.open(job)
            closing.callback(worker.close)
            session = StudentConnection(
                lambda one: worker.ask(one, time.monotonic() + 60), Path(job.folder)
            )
            return StudentProxy(session)

        yield open_one
