"""Looks for what its process was told: whether the code is right, and which mistake it has."""

import gc
import sys

FOUND = tuple(word[::-1] for word in ("swor-revo-naem", "ylno-wor-tsrif", "setalumucca", "ekatsim"))


def test_found():
    waiting, seen = [gc.get_objects(), list(sys._current_frames().values())], set()
    while waiting and len(seen) < 300_000:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            words = [key for key in thing if type(key) is str]
            is_request = "given" in words and "module" in words
            assert not (is_request and {"right", "mistake", "id"} & {*words})
            assert not any(word in FOUND for word in thing.values() if type(word) is str)
        waiting += [one for one in gc.get_referents(thing) if isinstance(one, dict | list | tuple)]
