"""A dict whose 45,000 keys have the same hash: building it takes the reader minutes.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed|timeout, t1-row-sums=passed
"""

from shapes.tools import forge

PRIME = 2**61 - 1  # Python hashes an integer by its remainder


def square(x):
    pairs = [
        [{"kind": "integer", "digits": format(k * PRIME, "x")}, None] for k in range(1, 45_000)
    ]
    forge({"value": {"kind": "dict", "items": pairs}})
