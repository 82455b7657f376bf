"""What a reply of a worker has to look like before anybody reads it."""

from collections.abc import Collection

from autograder.remote.failures import MAX_FRAMES, MAX_MESSAGE, MAX_NAME, MAX_PATH
from autograder.remote.values import Message
from autograder.sandbox.channel import Channel, ChannelMalformed


def ask(channel: Channel, request: Message, deadline: float) -> Message:
    """Send a request and wait for the reply.

    Args:
        channel: to the one who is asked.
        request: for an object server.
        deadline: on the clock of `time.monotonic`.

    Raises:
        ChannelError: no answer by then, no answer at all, or something that is no reply.
    """
    channel.send(request, deadline)
    reply = channel.receive(deadline)
    if not _is_reply(reply.tree):
        raise ChannelMalformed("not a reply")
    return reply


def _is_reply(tree: object) -> bool:
    """Whether a tree has the form of a reply; its value is looked at by `unpack`."""
    if type(tree) is not dict or len(tree) != 1:
        return False
    if "value" in tree:
        return True
    error = tree.get("error")
    if type(error) is dict and "cause" in error:
        cause = error["cause"]
        return _is_error({**error} | {"cause": None}, {"cause"}) and _is_error(cause)
    return _is_error(error)


def _is_error(error: object, also: Collection[str] = ()) -> bool:
    if type(error) is not dict or error.keys() != {"type", "message", "frames", *also}:
        return False
    frames = error["frames"]
    return (
        _is_text(error["type"], MAX_NAME)
        and _is_text(error["message"], MAX_MESSAGE)
        and type(frames) is list
        and len(frames) <= MAX_FRAMES
        and all(map(_is_frame, frames))
    )


def _is_frame(frame: object) -> bool:
    return (
        type(frame) is list
        and len(frame) == 3
        and _is_text(frame[0], MAX_PATH)
        and frame[0].isprintable()
        and type(frame[1]) is int
        and _is_text(frame[2], MAX_NAME)
    )


def _is_text(value: object, longest: int) -> bool:
    return type(value) is str and len(value) <= longest
