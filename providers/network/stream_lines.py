"""The lines of a streamed answer, however servers and the proxies before them write them -> what every SDK reads.

Owns what the standard of server-sent events allows and one SDK or another stumbles over (comments, `id:` and
`retry:` lines, events without data or without a name, no space after the colon), what servers write beside the
standard (one line end between events, lines of JSON, one JSON body in place of a stream), and the finding of
failures in it. A line of no answer passes unchanged: it may be a body of another kind.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from providers.errors import Failure
from providers.network import told_failures

Reword = Callable[[bytes], bytes]
"""What an adapter does with one JSON document of the stream before its SDK sees it."""
Whole = Callable[[Mapping[str, object]], Iterable[Mapping[str, object]]]
"""An answer in one piece -> the documents of a stream that say the same."""

_BLANK = re.compile(rb"\n{3,}")
_FIELD = re.compile(rb"[A-Za-z][\w-]*")
_TYPE = re.compile(rb'\{\s*"type"\s*:\s*"([\w.]+)"')
_EVENT = re.compile(rb"^(?:data|event):", re.MULTILINE)
_PULSES = frozenset({b"ping", b"heartbeat", b"keepalive", b"keep-alive", b"keep_alive"})
_ENVELOPES = ("data", "result", "response", "output", "body")
_END = b"[DONE]"
_PLAIN = re.compile(rb"(?:event: ([\w.]+)\n)?data: (\{[^\n]*\})\n\n")
"""An event as every SDK reads it."""


def hold_events(head: bytes) -> bool:
    """Whether a body that begins so is a stream of events. A web page is not, though `data:` may begin a line."""
    return not head.lstrip().startswith(b"<") and _EVENT.search(head) is not None


@dataclass(slots=True)
class Heard:
    """What the lines of one answer have told beside the answer itself."""

    failure: Failure | None = None
    """A failure told in its place. What follows it is not passed on."""
    marked: bool = False
    """`[DONE]` came."""
    whole: bool = False
    """The answer came in one piece and not as a stream."""
    sign: str = ""
    """The server's last word that it is still there: a comment, a ping."""


def as_it_is(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """For a format in which a whole answer is read like an event, or stands in an envelope."""
    inner = next((document[name] for name in _ENVELOPES if isinstance(document.get(name), Mapping)), None)
    bare = not any(name in document for name in ("choices", "candidates", "message"))
    yield cast(Mapping[str, object], inner) if bare and inner is not None else document


class Lines(ABC):
    """Puts lines together from pieces, in time proportional to their length."""

    def __init__(self, reword: Reword = bytes, whole: Whole = as_it_is) -> None:
        self.reword, self.whole = reword, whole
        self.heard: Heard | None = None
        """Set where an answer is read; `None` for other bodies, which pass unchanged."""
        self._begun: list[bytes] = []  # of a line; never empty pieces
        self._body: list[bytes] = []  # lines of a JSON body in place of a stream
        self._documents = 0

    def feed(self, text: bytes, *, final: bool = False) -> bytes:
        """The plain form of the lines that `text` completes; `final`: of everything that is left."""
        if not (final or self._begun or self._body) and self.is_plain(text):
            return text
        if b"\n" not in text and not final:
            self._begun.append(text)
            return b""
        if b"\n\n\n" in text:
            text = _BLANK.sub(b"\n\n", text)  # nothing but blank lines must not cost a step each
        *lines, rest = b"".join((*self._begun, text)).split(b"\n")
        self._begun = [rest] if rest else []
        plain = b"".join(piece for line in lines for piece in self._line(line))
        if not final:
            return plain
        if self._body:
            return plain + b"".join(self._told_at_once(rest))
        return plain + b"".join(self._last(rest))

    def _line(self, line: bytes) -> Iterable[bytes]:
        if self._body:
            self._body.append(line)
            return ()
        if self.heard is not None and self._opens_body(line):
            self._body.append(line)
            return ()
        return self.line(line)

    def _opens_body(self, line: bytes) -> bool:
        """Whether `line` opens JSON over several lines, or a list: what follows is one body."""
        return self._documents == 0 and (line[:1] == b"[" or line.strip() == b"{")

    def _last(self, rest: bytes) -> Iterable[bytes]:
        if self.heard is not None and self._documents == 0 and rest.lstrip()[:1] in (b"{", b"["):
            return self._told_at_once(rest)
        return (self.end(rest),)

    def _told_at_once(self, rest: bytes) -> Iterator[bytes]:
        """A body of JSON: one answer, or a list of its pieces. Anything else passes unchanged."""
        body = b"\n".join((*self._body, rest))
        try:
            data: object = json.loads(body)
        except (ValueError, RecursionError):
            yield body
            return
        documents = cast(list[object], data) if isinstance(data, list) else [data]
        for document in documents:
            yield from self.one_of_many(document, body if len(documents) == 1 else json.dumps(document).encode())

    def one_of_many(self, document: object, raw: bytes) -> Iterator[bytes]:
        """What a document becomes that came as a body or as a bare line. Raw where it is nothing known."""
        heard = self.heard
        if heard is None or heard.failure is not None:
            return
        heard.whole = True
        heard.failure = told_failures.failure_in(document, whole=True)
        if heard.failure is None and isinstance(document, Mapping) and document:
            for part in self.whole(cast(Mapping[str, object], document)):
                self._documents += 1
                yield self.written(self.reword(json.dumps(part).encode()))
        elif heard.failure is None:
            yield raw

    def document(self, data: bytes, name: bytes = b"") -> bytes:
        """One document of the stream as the SDK is to see it; empty where it tells a failure and nothing else."""
        heard = self.heard
        self._documents += 1
        if heard is None or heard.marked:
            return self.reword(data)
        if heard.failure is not None:
            return b""
        if told_failures.may_tell(name, data):
            fields = _json(data) or data.decode("utf-8", "replace")
            heard.failure = told_failures.failure_in(fields, name)
            if heard.failure is not None:
                rest = told_failures.without_error(fields)
                return self.reword(json.dumps(rest).encode()) if rest else b""
        return self.reword(data)

    def is_document(self, data: bytes, name: bytes = b"") -> bool:
        """Whether `document` would leave these data as they are; if so, they are counted as one."""
        heard = self.heard
        if heard is not None and (heard.marked or heard.failure is not None or told_failures.may_tell(name, data)):
            return False
        if self.reword(data) is not data:
            return False
        self._documents += 1
        return True

    def pulse(self, word: bytes) -> None:
        """A sign of life that is none of the answer."""
        if self.heard is not None:
            self.heard.sign = word.decode("utf-8", "replace").strip()[:80]

    @abstractmethod
    def is_plain(self, text: bytes) -> bool:
        """Whether `text` is pieces of an answer in plain form, so that nothing has to be done; nearly always.

        Asked only between two lines. What is plain is counted as documents.
        """

    @abstractmethod
    def line(self, line: bytes) -> Iterator[bytes]:
        """What one whole line, without its end, becomes."""

    @abstractmethod
    def end(self, rest: bytes) -> bytes:
        """What is left when the stream ends inside the line `rest`, or inside an event."""

    @abstractmethod
    def written(self, document: bytes) -> bytes:
        """A document as the stream's format writes it."""


class EventLines(Lines):
    """Server-sent events: of each its name and its data, of one without data nothing."""

    def __init__(self, reword: Reword = bytes, whole: Whole = as_it_is, *, names: bool = True) -> None:
        super().__init__(reword, whole)
        self._names = names  # whether the SDK reads the names of events
        self._name = b""
        self._data: list[bytes] = []
        self._one_line_end = False  # seen to be this server's manner
        self._bare = 0

    def is_plain(self, text: bytes) -> bool:
        """See `Lines.is_plain`. A name is left where the SDK reads names, and missed there."""
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
        return (name is not None) == self._names and name not in _PULSES and self.is_document(data, name or b"")

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. An event is passed on whole, with the blank line that ends it."""
        field, _, value = line.partition(b":")
        if not line:
            if event := self._event():
                yield event + b"\n"
        elif field == b"data":
            yield from self._datum(value.strip())
        elif field == b"event":
            if self._is_document() and (self._name or self._one_line_end):
                self._one_line_end = True
                yield self._event() + b"\n"
            self._name = value.strip()
        elif not field:
            self.pulse(value)
        elif not _FIELD.fullmatch(field):
            yield from self._odd(line)

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`. An event that no blank line ends stays so: each SDK knows what that means."""
        plain = b"".join(self.line(rest)) if rest else b""
        ended = b"\n" if self._one_line_end and self._is_document() else b""
        return plain + self._event() + ended

    def written(self, document: bytes) -> bytes:
        """See `Lines.written`."""
        return self._as_event(b"", document) + b"\n"

    def _datum(self, value: bytes) -> Iterator[bytes]:
        while value.startswith(b"data:"):  # a proxy has wrapped what was wrapped already
            value = value[5:].strip()
        if self._data and value[:1] in (b"{", b"[") and self._is_document():
            self._one_line_end = True
            yield self._event() + b"\n"
        self._data.append(value)
        if self._one_line_end and self._is_document():
            yield self._event() + b"\n"

    def _is_document(self) -> bool:
        """Whether the data so far can be a whole document: then what comes next is another."""
        return bool(self._data) and (self._data[0][:1], self._data[-1][-1:]) in ((b"{", b"}"), (b"[", b"]"))

    def _odd(self, line: bytes) -> Iterator[bytes]:
        """No field of an event: one that is indented, a bare line of JSON, or a line of another kind of body."""
        inner = line.strip()
        if inner.startswith((b"data:", b"event:")):
            yield from self.line(inner)
        elif self.heard is not None and inner[:1] == b"{" and (document := _json(inner)) is not None:
            self._bare += 1
            yield from self.one_of_many(document, line + b"\n")
            self.heard.whole = self._bare == 1 and self._documents <= 1
        else:
            yield line + b"\n"

    def _event(self) -> bytes:
        """The event gathered so far. The data are JSON, where a line end between two pieces is blank space."""
        name, data = self._name, b" ".join(self._data)
        self._name, self._data = b"", []
        if not data.strip():
            if name:
                self.pulse(name)
            return b""
        if data.startswith(_END):
            if self.heard is not None:
                self.heard.marked = True
            return b"data: %b\n" % data
        return self._as_event(name, data)

    def _as_event(self, name: bytes, data: bytes) -> bytes:
        if not name:
            name = self._named(data)
        if name in _PULSES:
            self.pulse(name)
            return b""
        document = self.document(data, name)
        return (b"event: %b\n" % name if name and self._names else b"") + b"data: %b\n" % document if document else b""

    def _named(self, data: bytes) -> bytes:
        """The event's name as its data tell it."""
        if told := _TYPE.match(data):
            return told[1]
        fields = _json(data) if self._names else None
        kind = cast(Mapping[str, object], fields).get("type") if isinstance(fields, Mapping) else None
        return kind.encode() if isinstance(kind, str) else b""


class JsonLines(Lines):
    """One JSON document a line; blank lines keep a connection alive and mean nothing."""

    def is_plain(self, text: bytes) -> bool:
        """See `Lines.is_plain`."""
        return text[:1] == b"{" and text[-2:] == b"}\n" and text.count(b"\n") == 1 and self.is_document(text[:-1])

    def line(self, line: bytes) -> Iterator[bytes]:
        """See `Lines.line`. A proxy may have made events of the lines."""
        line = line.strip()
        if line.startswith((b":", b"event:", b"id:", b"retry:")):
            self.pulse(line.partition(b":")[2])
            return
        line = line.removeprefix(b"data:").strip()
        if line and line != _END and (document := self.document(line)):
            yield self.written(document)

    def end(self, rest: bytes) -> bytes:
        """See `Lines.end`."""
        rest = rest.removeprefix(b"data:").strip()
        return self.document(rest) if rest and rest != _END else b""

    def written(self, document: bytes) -> bytes:
        """See `Lines.written`."""
        return document + b"\n"


def _json(data: bytes) -> object:
    """`data` parsed; `None` where it is not JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
