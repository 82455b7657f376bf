"""Writes more to its own scratch folder than anybody needs: 1.5 GB.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed|timeout, t1-row-sums=passed
Repeat: without root
"""

from shapes.tools import MARK, silence


def square(x):
    for number in range(50):
        with open(f"{MARK}-{number}", "wb") as file:
            file.write(b"x" * (30 * 10**6))
    silence()
