"""Restore, before the next submission, what a rubric's tests may have changed in a judge.

Restored are the working folder, the environment (`os.environ`), `sys.path`, the state of the
global random generators of Python and numpy, numpy's settings for floating-point errors and for
printing, and the filters of `warnings`.

Not restored are the globals of the rubric's own modules and of libraries, imported modules, open
files, threads, signal handlers and limits of the process. If a test of the rubric changes those,
the change affects the following submissions until the judge ends.
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
    """Restore at the end what was changed inside the context."""
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
    folder = os.open(".", os.O_PATH | os.O_CLOEXEC)  # its path may be renamed or removed meanwhile
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
