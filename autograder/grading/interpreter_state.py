"""What a rubric's tests may change in a judge, put back before the next submission.

Put back are the working folder, the environment (`os.environ`), `sys.path`, the state of the
global random generators of Python and numpy, numpy's ways with floating-point errors and with
printing, and the filters of `warnings`.

Not put back are the globals of the rubric's own modules and of libraries, modules imported, files
left open, threads, signal handlers and limits of the process. A rubric that changes those in a test
has the next submission see it, for as long as the judge lives.
"""

import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def as_it_was() -> Iterator[None]:
    """Put back at the end what has been changed meanwhile."""
    with (
        _same_folder(),
        _same_environment(),
        _same_draws(),
        np.errstate(),
        np.printoptions(),
        warnings.catch_warnings(),
    ):
        yield


@contextmanager
def _same_folder() -> Iterator[None]:
    folder = os.open(".", os.O_PATH | os.O_CLOEXEC)  # its name may be taken away, or the way to it
    try:
        yield
    finally:
        os.fchdir(folder)
        os.close(folder)


@contextmanager
def _same_environment() -> Iterator[None]:
    variables, path = dict(os.environ), list(sys.path)
    try:
        yield
    finally:
        if os.environ != variables:
            os.environ.clear()
            os.environ.update(variables)
        sys.path[:] = path


@contextmanager
def _same_draws() -> Iterator[None]:
    state, of_numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(of_numpy)
