"""Read the few keys that matter out of a large YAML file, without building the rest.

A Gradescope export's metadata holds the output of every test of every submission: tens of
megabytes for a class. Its events are read one by one, and what nobody asks for is passed over. All
scalars are text: a student number may begin with zeros.
"""

from collections.abc import Collection, Iterator
from typing import Any


class NoMetadata(Exception):
    """It is no YAML, or not a mapping of mappings."""


def read_entries(data: bytes, wanted: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the wanted keys of each entry of a mapping of mappings.

    Args:
        data: the file.
        wanted: keys; Ruby writes them with a colon before them, which is left out.

    Raises:
        NoMetadata: it is no YAML, or of another form.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Reader(yaml.parse(data, loader), wanted).entries()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, StopIteration):
        raise NoMetadata from None


class _Reader:
    """Reads one document's events.

    Args:
        events: as PyYAML gives them.
        wanted: keys to keep.
    """

    def __init__(self, events: Iterator[Any], wanted: Collection[str]) -> None:
        self._events, self._wanted = events, wanted
        self._anchors: dict[str, Any] = {}

    def entries(self) -> dict[str, dict[str, Any]]:
        """Read everything; what is no mapping counts as an empty one."""
        event = next(self._events)
        while _kind(event) in ("StreamStart", "DocumentStart"):
            event = next(self._events)
        if _kind(event) != "MappingStart":
            raise NoMetadata
        found: dict[str, dict[str, Any]] = {}
        for name in self._keys():
            value = next(self._events)
            found[name] = self._entry() if _kind(value) == "MappingStart" else {}
            if _kind(value) == "SequenceStart":
                self._pass_over(value)
        return found

    def _entry(self) -> dict[str, Any]:
        entry = {}
        for key in self._keys():
            value = next(self._events)
            if key.removeprefix(":") in self._wanted:
                entry[key.removeprefix(":")] = self._value(value)
            else:
                self._pass_over(value)
        return entry

    def _keys(self) -> Iterator[str]:
        """Yield the keys of a mapping that has begun; who asks reads the value of each."""
        while _kind(event := next(self._events)) != "MappingEnd":
            if _kind(event) == "Scalar":
                yield event.value
            else:  # a key that is no text
                self._pass_over(event)
                self._pass_over(next(self._events))

    def _value(self, event: Any) -> Any:
        kind = _kind(event)
        if kind == "Alias":
            return self._anchors.get(event.anchor, "")
        if kind == "MappingStart":
            value: Any = {
                key.removeprefix(":"): self._value(next(self._events)) for key in self._keys()
            }
        elif kind == "SequenceStart":
            value = []
            while _kind(inner := next(self._events)) != "SequenceEnd":
                value.append(self._value(inner))
        else:
            value = event.value
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _pass_over(self, event: Any) -> None:
        depth = 0
        while True:
            kind = _kind(event)
            depth += kind.endswith("Start")
            depth -= kind.endswith("End")
            if not depth:
                return
            event = next(self._events)


def _kind(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")
