"""Code under test computes what its source computes, and its form says nothing."""

import dis
import marshal
import random
import sys
from types import CodeType, ModuleType

import pytest

from autograder.planted.disguise import disguised

SOURCE = '''
"""The module's docstring."""
from __future__ import annotations

import functools
from dataclasses import dataclass, field

FACTOR = 3


def second(x, *rest, scale=2, **named):
    """Its docstring."""
    # a comment
    total = x * scale
    total += sum(rest)
    for one in named.values():
        total = total + one
    return total


def first(n: int = 4):
    squares = [k * k for k in range(n)]
    pairs = {k: v for k, v in zip("abcd", squares)}
    return pairs, tuple(v for v in squares if v)


def counter():
    count = 0

    def up(by=1):
        nonlocal count
        count = count + by
        return count

    return up


def numbers(n):
    try:
        for k in range(n):
            yield k
    finally:
        done = True
        assert done
    return n


def whole():
    global FACTOR
    FACTOR = 5
    return FACTOR


def named():
    inner = 1
    return sorted(locals())


def nothing():
    """Only a docstring."""


class Base:
    """A class."""

    def name(self):
        return "base"


@dataclass
class Derived(Base):
    """Another."""

    size: int = 1
    parts: list[int] = field(default_factory=list)

    def name(self):
        above = super().name()
        return f"{above}, derived {self.size}"

    @property
    def double(self):
        if (half := self.size) > 0:
            return 2 * half
        return None

    @staticmethod
    def pair(a, b):
        b, a = a, b
        return a, b

    @functools.cached_property
    def chosen(self):
        match self.parts:
            case [one, *_]:
                return one
            case _:
                return None
'''
CALLS = """
second(1), second(1, 2, 3, scale=4, extra=5), first(), first(2)
[one for up in [counter()] for one in (up(), up(3), up())]
list(numbers(3)), whole(), FACTOR, named(), nothing()
Derived(2).name(), Derived(3).double, Derived(0).double, Derived.pair(1, 2)
Derived(1, [7, 8]).chosen, Derived().chosen, repr(Derived(1, [2])), Derived(1) == Derived(1)
second.__name__, Derived.name.__qualname__, second.__kwdefaults__
"""


@pytest.fixture
def loaded(monkeypatch):
    def load(code):
        module = ModuleType("some.module")
        monkeypatch.setitem(sys.modules, "some.module", module)  # dataclasses look there
        exec(code, module.__dict__)
        return module.__dict__

    return load


def codes(code):
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from codes(one)


@pytest.mark.parametrize("seed", range(25))
def test_what_it_computes_stays(loaded, seed):
    before = loaded(compile(SOURCE, "before.py", "exec", dont_inherit=True))
    after = loaded(marshal.loads(disguised("some.module", SOURCE, random.Random(seed))))
    for call in CALLS.strip().splitlines():
        assert eval(call, after) == eval(call, before), call


def test_no_two_are_alike():
    made = [disguised("some.module", SOURCE, random.Random(seed)) for seed in range(50)]
    assert len({*made}) == 50
    shapes = {tuple(map(len, (one.co_code for one in codes(marshal.loads(code))))) for code in made}
    assert len(shapes) == 50


def test_the_same_draw_gives_the_same_code():
    assert disguised("m", SOURCE, random.Random(1)) == disguised("m", SOURCE, random.Random(1))


def test_no_place_no_comment_and_no_docstring_is_left():
    whole = marshal.loads(disguised("some.module", SOURCE, random.Random(3)))
    for code in codes(whole):
        assert code.co_filename == "<some.module>" and code.co_firstlineno == 1
        assert {line for _, line in dis.findlinestarts(code)} <= {0, 1}
        assert not any("docstring" in one for one in code.co_consts if isinstance(one, str))


def test_local_names_are_others_and_arguments_stay():
    whole = marshal.loads(disguised("m", SOURCE, random.Random(4)))
    names = {code.co_name: code.co_varnames for code in codes(whole)}
    assert names["second"][:4] == ("x", "scale", "rest", "named")
    assert not {"total", "one", "squares", "pairs"} & {*names["second"], *names["first"]}
