"""The lines of a streamed answer, however servers and the proxies before them write them -> what every SDK reads.

Owns what the standard of server-sent events allows and one SDK or another stumbles over: comments,
`id:` and `retry:` lines, events without data or without a name, no space after the colon; and blank
lines between lines of JSON. A line of no stream passes unchanged: it may be a body of another kind.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

Reword = Callable[[bytes], bytes]
"""What an adapter does with one JSON document of the stream before its SDK sees it."""

_BLANK = re.compile(rb"\n{3,}")
_FIELD = re.compile(rb"[A-Za-z][\w-]*")
_TYPE = re.compile(rb'\{\s*"type"\s*:\s*"([\w.]+)"')
_EVENT = re.compile(rb"^(?:data|event):", re.MULTILINE)


def hold_events(head: bytes) -> bool:
    """Whether a body that begins so is a stream of events. A web page is not, though `data:` may begin a line."""
    return not head.lstrip().startswith(b"<") and _EVENT.search(head) is not None


class Lines(ABC):
    """Puts lines together from pieces, in time proportional to their length."""

    def __init__(self, reword: Reword = bytes) -> None:
        self.reword = reword
        self._begun: list[bytes] = []

    def feed(self, text: bytes, *, final: bool = False) -> bytes:
        """The plain form of the lines that `text` completes; `final`: of everything that is left."""
        if b"\n" not in text and not final:
            self._begun.append(text)
            return b""
        if b"\n\n\n" in text:
            text = _BLANK.sub(b"\n\n", text)  # nothing but blank lines must not cost a step each
        *lines, rest = b"".join((*self._begun, text)).split(b"\n")
        self._begun = [rest]
        plain = b"".join(piece for line in lines for piece in self.line(line))
        return plain + self.end(rest) if final else plain

    @abstractmethod
    def line(self, line: bytes) -> Iterator[bytes]:
        """What one whole line, without its end, becomes."""

    @abstractmethod
    def end(self, rest: bytes) -> bytes:
        """What is left when the stream ends inside the line `rest`, or inside an event."""


class EventLines(Lines):
    """Server-sent events: of each its name and its data, of one without data nothing."""

    def __init__(self, reword: Reword = bytes, *, names: bool = True) -> None:
        super().__init__(reword)
        self._names = names  # whether the SDK reads the names of events
        self._name = b""
        self._data: list[bytes] = []

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. An event is passed on whole, with the blank line that ends it."""
        field, _, value = line.partition(b":")
        if not line:
            if event := self._event():
                yield event + b"\n"
        elif field == b"data":
            self._data.append(value.strip())
        elif field == b"event":
            self._name = value.strip()
        elif field and not _FIELD.fullmatch(field):
            yield line + b"\n"

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`. An event that no blank line ends stays so: each SDK knows what that means."""
        return b"".join(self.line(rest)) + self._event() if rest else self._event()

    def _event(self) -> bytes:
        """The event gathered so far. The data are JSON, where a line end between two pieces is blank space."""
        name, data = self._name, b" ".join(self._data)
        self._name, self._data = b"", []
        if not data.strip():
            return b""
        if not name and (told := _TYPE.match(data)):
            name = told[1]
        return (b"event: %b\n" % name if name and self._names else b"") + b"data: %b\n" % self.reword(data)


class JsonLines(Lines):
    """One JSON document a line; blank lines keep a connection alive and mean nothing."""

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`."""
        if line.strip():
            yield self.reword(line) + b"\n"

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`."""
        return self.reword(rest) if rest.strip() else b""
