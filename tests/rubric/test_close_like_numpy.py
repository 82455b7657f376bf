"""check(...).close() holds where every rung holds, and values are close as numpy says it."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.rubric import CheckFailed, check

SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e-9, 1.0, 3e38, 1.7e308, -1.7e308]
DTYPES = st.sampled_from(["f2", "f4", ">f4", "f8", ">f8", "g", "c8", "c16", "i8", "u1", "?"])
TOLERANCES = st.sampled_from([0.0, 1e-9, 1e-6, 0.5, 1e300, np.inf])


def near(number):
    """A number, itself changed by about a tolerance, or another one."""
    around = [number * (1 + 1e-6), number + 1e-9, number * (1 + 9e-5), number * 2, number / 2]
    return st.sampled_from([number, number, *around, 2.0])


NUMBERS = st.sampled_from(SPECIAL) | st.floats(-10, 10)


@st.composite
def pairs(draw):
    """What was got and what is right: of one shape mostly, of all dtypes, alike or not."""
    shape = draw(array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3))
    right = draw(arrays(np.float64, shape, elements=NUMBERS))
    with np.errstate(all="ignore"):
        got = np.array([draw(near(float(one))) for one in right.flat]).reshape(shape)
        if draw(st.booleans()):
            got = got + 1j * draw(st.sampled_from([0.0, 1e-9, np.nan]))
            right = right + 1j * draw(st.sampled_from([0.0, 1e-9, np.inf]))
        got, right = (as_dtype(one, draw(DTYPES)) for one in (got, right))
    return got.reshape(draw(st.sampled_from([shape, shape, shape, (*shape, 1)]))), right


def as_dtype(array, name):
    return (array if np.dtype(name).kind == "c" else array.real).astype(name)


def all_rungs_hold(got, right, rtol, atol):
    if got.shape == right.shape == () and got.dtype.kind in "iu":
        got = got.astype(float)  # 0 is a right answer where 0.0 is
    if got.shape != right.shape or got.dtype.kind not in "fc" or got.dtype == np.float16:
        return False
    if got.dtype in (np.float32, np.complex64):
        rtol, atol = max(rtol, 1e-4), max(atol, 1e-5)
    with np.errstate(all="ignore"):
        finite = np.isfinite(got) | ~np.isfinite(right)
        return bool(np.all(finite & np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True)))


@example((np.array(1e-9), np.array(0.0, np.float32)), 0.0, 1e-9)  # a float32 sum of tolerances
@given(pairs(), TOLERANCES, TOLERANCES)
def test_close_means_what_numpy_means_by_it(pair, rtol, atol):
    got, right = pair
    try:
        check(got, "x").close(right, rtol=rtol, atol=atol)
        held = True
    except CheckFailed:
        held = False
    assert held == all_rungs_hold(got, right, rtol, atol)


def test_right_answers_cause_no_warnings_of_numpy():
    with np.errstate(all="raise"):
        for number in (1.7e308, np.inf, np.nan, -np.inf):
            check(np.array([number, 1.0]), "x").close(np.array([number, 1.0]), rtol=1e300)
