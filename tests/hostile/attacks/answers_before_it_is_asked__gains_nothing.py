"""Fills the wire with replies before the first request comes.

Earns: 2
Class: 5 7
"""

from shapes.tools import frame, raw

raw(frame({"value": True}) * 20)
