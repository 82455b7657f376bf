"""What reads and writes frames and results is replaced in the worker.

Earns: 2
Class: 7
Ends: t1-row-sums=passed
"""


def square(x):
    import json
    import struct

    import msgpack

    from autograder.sandbox import channel

    msgpack.unpackb = lambda *_, **__: {"value": True}
    json.dumps = json.dump = lambda *_, **__: '{"score": 100, "FORGED": 1}'
    struct.Struct = lambda *_: None
    channel.Channel.receive = lambda *_, **__: None
    channel.MAGIC = b"EVIL"
    return 2 * x
