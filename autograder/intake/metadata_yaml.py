"""Read a few keys of a large YAML file without building the rest.

The metadata of a Gradescope export contains the output of every test of every submission: tens of
megabytes for a class. Its events are read one by one, and unneeded ones are skipped. All scalars
are text: a student number may begin with zeros.

Aliases are refused wherever they would be read, so that nothing is expanded twice. Ruby writes
aliases for repeated texts, also in results and histories; those are skipped with the rest.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

_DEPTH = 64
_EVENTS = 10_000_000
_TEXT = 2_000
_LIST = 1_000


class NoMetadata(Exception):
    """The file is not YAML, not a mapping of mappings, or cannot be trusted."""


def read_entries(
    data: bytes, wanted: Collection[str], is_entry: Callable[[str], bool]
) -> dict[str, dict[str, Any]]:
    """Return the wanted keys of each entry of a mapping of mappings.

    Args:
        data: the file.
        wanted: keys, without the colon that Ruby writes before them.
        is_entry: whether a key of the outer mapping is that of an entry; others are ignored.

    Raises:
        NoMetadata: it is not YAML, or of another form; its text completes "it ...".
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Reader(yaml.parse(data, loader), wanted, is_entry).entries()
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, StopIteration):
        raise NoMetadata("is not YAML of the form that Gradescope writes") from None


class _Reader:
    """Reads one document's events.

    Args:
        events: PyYAML's parser events.
        wanted: keys to keep.
        is_entry: whether a key is that of an entry.
    """

    def __init__(
        self, events: Iterator[Any], wanted: Collection[str], is_entry: Callable[[str], bool]
    ) -> None:
        self._events, self._wanted, self._is_entry = events, wanted, is_entry
        self._count = 0

    def entries(self) -> dict[str, dict[str, Any]]:
        """Read everything; an entry that is not a mapping counts as empty."""
        event = self._next()
        while _kind(event) in ("StreamStart", "DocumentStart"):
            event = self._next()
        if _kind(event) != "MappingStart":
            raise NoMetadata("is not a mapping")
        found: dict[str, dict[str, Any]] = {}
        for name in self._keys():
            value = self._next()
            if not self._is_entry(name):
                self._pass_over(value, aliases=False)
                continue
            if name in found:
                raise NoMetadata(f"has {name[:40]!r} more than once")
            _refuse_alias(value)
            found[name] = self._entry() if _kind(value) == "MappingStart" else {}
            if _kind(value) == "SequenceStart":
                self._pass_over(value)
        return found

    def _entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for key in self._keys():
            value = self._next()
            if key.removeprefix(":") in self._wanted:
                _put(entry, key, self._value(value))
            else:
                self._pass_over(value)
        return entry

    def _keys(self) -> Iterator[str]:
        """Yield the keys of a mapping that has begun; the caller must read the value of each."""
        while _kind(event := self._next()) != "MappingEnd":
            _refuse_alias(event)
            if _kind(event) != "Scalar":  # a key that is not text
                self._pass_over(event)
                self._pass_over(self._next())
            elif event.value == "<<":
                raise NoMetadata("has a merge key")
            else:
                yield event.value

    def _value(self, event: Any, depth: int = 0) -> Any:
        _refuse_alias(event)
        kind = _kind(event)
        if depth > _DEPTH:
            raise NoMetadata("is nested too deeply")
        if kind == "MappingStart":
            mapping: dict[str, Any] = {}
            for key in self._keys():
                _put(mapping, key, self._value(self._next(), depth + 1))
            return mapping
        if kind == "SequenceStart":
            values: list[Any] = []
            while _kind(inner := self._next()) != "SequenceEnd":
                values.append(self._value(inner, depth + 1))
                if len(values) > _LIST:
                    raise NoMetadata("has a list that is too long")
            return values
        if len(event.value) > _TEXT:
            raise NoMetadata("has a name, number or time that is too long")
        return event.value

    def _pass_over(self, event: Any, aliases: bool = True) -> None:
        depth = 0
        while True:
            if not aliases:
                _refuse_alias(event)
            kind = _kind(event)
            depth += kind.endswith("Start")
            depth -= kind.endswith("End")
            if depth > _DEPTH:
                raise NoMetadata("is nested too deeply")
            if not depth:
                return
            event = self._next()

    def _next(self) -> Any:
        self._count += 1
        if self._count > _EVENTS:
            raise NoMetadata("has too many entries")
        return next(self._events)


def _put(mapping: dict[str, Any], key: str, value: Any) -> None:
    name = key.removeprefix(":")
    if name in mapping:
        raise NoMetadata(f"has the key {name[:40]!r} twice in one entry")
    mapping[name] = value


def _refuse_alias(event: Any) -> None:
    """Refuse an alias, or an anchor that an alias could refer to."""
    if getattr(event, "anchor", None):
        raise NoMetadata(f"has an alias or anchor in line {event.start_mark.line + 1}")


def _kind(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")
