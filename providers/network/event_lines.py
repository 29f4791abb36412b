"""Normalises server-sent events as servers and proxies write them to the form that every SDK reads.

Owns the fields of an event: data and name; comments, ids, other fields and padding are dropped, events separated by
only one line end are told apart, and lines of JSON without a field are read too.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from providers.network import vendor_errors
from providers.network.documents import as_it_is, documents_apart, parsed, unpacked
from providers.network.stream_lines import END, PADDING, Lines, Reword, Whole

_FIELDS = frozenset({b"", b"data", b"event"})
_FIELD = re.compile(rb"[A-Za-z][\w-]*")
_TYPE = re.compile(rb'\{\s*"type"\s*:\s*"([\w.]+)"')
_EVENT = re.compile(rb"^(?:data|event):", re.MULTILINE)
_PULSES = frozenset({b"ping", b"heartbeat", b"keepalive", b"keep-alive", b"keep_alive"})
_END = re.compile(rb'"?\[?done\]?"?', re.IGNORECASE)
"""Misspellings of the end mark by hosts that imitate it."""
_MOST_WORDS = 2000
_PLAIN = re.compile(rb"(?:event: ([\w.]+)\n)?data: (\{[^\n]*\})\n\n")
"""An event in the form that every SDK reads."""


def hold_events(head: bytes) -> bool:
    """Whether a body that begins so is a stream of events. A web page is not, even if a line begins with `data:`."""
    return not head.lstrip().startswith(b"<") and _EVENT.search(head) is not None


_STUCK = re.compile(rb"\}(?:data:\s*)?(?=\{)")


def _apart(value: bytes) -> Iterable[bytes]:
    """The documents in one field: mostly one, several if a proxy drops line ends or lists them, or one inside a JSON
    text."""
    if value[:2] == b'"{' and isinstance(text := parsed(value), str):
        return (text.encode("utf-8", "surrogatepass"),)
    if value[:2] == b"[{" and isinstance(several := parsed(value), list):
        return [json.dumps(each).encode() for each in cast(list[object], several)]
    if _STUCK.search(value) and parsed(value) is None:  # else it is in a text
        return documents_apart(_STUCK.sub(b"}", value))
    return (value,)


class EventLines(Lines):
    """Server-sent events: name and data of each; events without data are dropped.

    `names`: whether the SDK needs the names of events (True), must not see any (False), or accepts both (None).
    `stops`: whether the SDK reads nothing after the end mark; then the mark ends the body, and the SDK does not see it.
    """

    def __init__(
        self, reword: Reword = bytes, whole: Whole = as_it_is, *, names: bool | None = True, stops: bool = False
    ) -> None:
        super().__init__(reword, whole)
        self._names, self._stops = names, stops
        self._name = b""
        self._data: list[bytes] = []
        self._one_line_end = False  # whether this server has been seen to do so
        self._bare = 0

    @property
    def over(self) -> bool:
        """See `Lines.over`."""
        return self._stops and self.heard is not None and self.heard.marked

    def is_plain(self, text: bytes) -> bool:
        """See `Lines.is_plain`. Not plain if an event has a name that the SDK must not see,
        or lacks one that it needs."""
        if self._data or self._name or self._one_line_end:
            return False
        at, before = 0, self._documents
        while at < len(text):
            event = _PLAIN.match(text, at)
            if event is None or not self._is_plain_event(event[1], event[2]):
                self._documents = before
                return False
            at = event.end()
        return True

    def _is_plain_event(self, name: bytes | None, data: bytes) -> bool:
        as_read = self._names is None or (name is not None) == self._names
        as_read = as_read and b"}{" not in data and b"}data:" not in data
        return as_read and name not in _PULSES and self.is_document(data, name or b"")

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. An event is passed on whole, with the blank line that ends it."""
        field, _, value = line.partition(b":")
        if field not in _FIELDS:
            field = field.removeprefix(BOM_UTF8).strip().lower()
        if not line:
            self._hear_words()
            if event := self._event():
                yield event + b"\n"
        elif field == b"data":
            yield from self._datum(value.strip())
        elif field == b"event":
            yield from self._begin(value.strip())
        elif field == b"error":  # older servers of llama.cpp write it in place of `data`
            yield from self._begin(field)
            yield from self._datum(value.strip())
        elif not line.strip(PADDING):
            return  # padding
        elif not field:
            self.pulse(value)
        elif not _FIELD.fullmatch(field):
            yield from self._odd(line)

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`. What is left is an event if it is a whole document, although no blank line ends it."""
        plain = b"".join(self.line(rest)) if rest else b""
        ended = b"\n" if self._is_document() and parsed(b" ".join(self._data)) is not None else b""
        return plain + self._event() + ended

    def written(self, document: bytes) -> bytes:
        """See `Lines.written`."""
        return self._as_event(b"", document) + b"\n"

    def _begin(self, name: bytes) -> Iterator[bytes]:
        """Begin an event with its name; the one before it is passed on if no blank line has ended it."""
        if self._is_document() and (self._name or self._one_line_end):
            self._one_line_end = True
            yield self._event() + b"\n"
        self._name = name

    def _datum(self, value: bytes) -> Iterator[bytes]:
        while value.startswith(b"data:"):  # a proxy has wrapped it twice
            value = value[5:].strip()
        for one in _apart(value):
            yield from self._add(one)

    def _add(self, value: bytes) -> Iterator[bytes]:
        if self._data and value[:1] in (b"{", b"[") and self._is_document():
            self._one_line_end = True
            yield self._event() + b"\n"
        self._data.append(END if _END.fullmatch(value) else value)
        if self._one_line_end and self._is_document():
            yield self._event() + b"\n"

    def _hear_words(self) -> None:
        """Handle an event with plain words instead of a document: a pulse, or a server's message about its failure."""
        words = b" ".join(self._data)
        if self.heard is None or not words or words.startswith(END) or self._others_name():
            return
        if words[:1] in b'{"' or (words[:1] == b"[" and not words[1:2].isalpha()):
            return  # a document, even if a broken one
        document = parsed(words)
        if isinstance(document, int | float):
            self._data = []  # a number is not a document: a counter, perhaps
            self.pulse(words)
        elif document is None:
            self._data = []
            if words.strip(b".: ").lower() in (*_PULSES, b"null"):
                self.pulse(words)
            elif self.heard.failure is None:
                self.heard.failure = vendor_errors.from_data(words.decode("utf-8", "replace")[:_MOST_WORDS])

    def _others_name(self) -> bool:
        """Whether the event has a name of its own, which an SDK that does not know it would skip."""
        return bool(self._name) and b"error" not in self._name.lower()

    def _is_document(self) -> bool:
        """Whether the data so far can be a complete document, so that what comes next is another one."""
        return bool(self._data) and (self._data[0][:1], self._data[-1][-1:]) in ((b"{", b"}"), (b"[", b"]"))

    def _odd(self, line: bytes) -> Iterator[bytes]:
        """Handle a line that is not a field: an indented one,
        a bare line of JSON, or a line of another kind of body."""
        inner = line.strip()
        if inner.startswith((b"data:", b"event:")):
            yield from self.line(inner)
        elif self.heard is not None and inner[:1] == b"{" and (document := parsed(inner)) is not None:
            self._bare += 1
            yield from self.one_of_many(document, line + b"\n")
            self.heard.whole = self._bare == 1 and self._documents <= 1
        elif self.heard is not None and self._documents:
            self.pulse(line)  # not part of an event stream; the answer may continue after it
        else:
            yield line + b"\n"

    def _event(self) -> bytes:
        """The event collected so far. The data are JSON, in which a line end between two pieces is white space."""
        name, data = self._name, b" ".join(self._data)
        self._name, self._data = b"", []
        if not data.strip():
            if name:
                self.pulse(name)
            return b""
        if data.startswith(END):
            if self.heard is not None:
                self.heard.marked = True
            return b"" if self.over else b"data: %b\n" % data
        return self._as_event(name, data)

    def _as_event(self, name: bytes, data: bytes) -> bytes:
        inner = unpacked(data)
        if not name or inner is not data:
            name = self._named(inner)
        data = inner
        if name in _PULSES:
            self.pulse(name)
            return b""
        document = self.document(data, name)
        return (b"event: %b\n" % name if name and self._names else b"") + b"data: %b\n" % document if document else b""

    def _named(self, data: bytes) -> bytes:
        """The event's name as given in its data."""
        if told := _TYPE.match(data):
            return told[1]
        fields = parsed(data) if self._names else None
        if not isinstance(fields, Mapping):
            return b""
        kind = next(iter(as_it_is(cast(Mapping[str, object], fields)))).get("type")  # it may be in an envelope
        return kind.encode() if isinstance(kind, str) else b""
