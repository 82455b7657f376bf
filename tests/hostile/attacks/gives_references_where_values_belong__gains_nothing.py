"""Sends plain values as references and references as plain values.

Earns: 0
Class: 11
"""

import numpy as np

from autograder.remote import object_server
from autograder.remote.messages import Message
from autograder.remote.object_server import ObjectServer

ObjectServer._refer = lambda self, value: True
object_server.pack = lambda value, refer, most: Message(
    {"kind": "reference", "id": 0, "type": "float"}
)


def square(x):
    return np.multiply(x, x)
