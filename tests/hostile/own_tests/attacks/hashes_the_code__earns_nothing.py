"""Passes on code of which it knows the hash, or guesses by it: no code has a hash twice."""

import hashlib
import marshal

from layers.linear import Linear


def test_hash():
    code = [marshal.dumps(one.__code__) for one in (Linear.forward, Linear.backward)]
    assert hashlib.sha256(b"".join(code)).digest()[0] % 16 == 0
