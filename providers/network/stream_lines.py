"""Normalises the lines of a streamed answer, as servers and proxies write them, to the form that every SDK reads.

Owns what both formats share (`event_lines.py`, `json_lines.py`): assembling lines from pieces, one JSON body instead of
a stream, and finding failures. A line that is not part of an answer passes unchanged, as the body may be of another
kind.
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
"""An adapter's change to one JSON document of the stream before its SDK sees it."""
Whole = Callable[[Mapping[str, object]], Iterable[Mapping[str, object]]]
"""Converts an answer in one piece to the documents of an equivalent stream."""

END = b"[DONE]"
"""What some formats write after the last document."""
PADDING = b" \t\0"
"""Characters without meaning at either end of a line."""
_BLANK = re.compile(rb"\n{3,}")
_ENVELOPES = ("data", "result", "response", "output", "body", "predictions")
_OWN = ("choices", "candidates", "message")


@dataclass(slots=True)
class Heard:
    """What the lines of one answer contained besides the answer itself."""

    failure: Failure | None = None
    """A failure reported instead of an answer. What follows it is not passed on."""
    marked: bool = False
    """Whether `[DONE]` arrived."""
    whole: bool = False
    """Whether the answer came in one piece instead of a stream."""
    broken: bool = False
    """Whether it came as one piece of invalid JSON: damaged, or incomplete."""
    sign: str = ""
    """The server's latest sign of life: a comment, a ping."""


def as_it_is(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The document unchanged, or taken out of an envelope together with what is beside it,
    for formats in which a whole answer is read like an event."""
    if not any(isinstance(document.get(name), Mapping | list) for name in _OWN):
        for name in _ENVELOPES:
            inner = _enclosed(name, document.get(name))
            if isinstance(inner, Mapping):
                beside = {key: value for key, value in document.items() if key != name}
                yield {**beside, **cast(Mapping[str, object], inner)}
                return
    yield document


def _enclosed(name: str, value: object) -> object:
    """What an envelope of that name encloses: an object, one in a JSON text, or the first prediction in a list."""
    if isinstance(value, str) and value[:1] == "{":
        return parsed(value.encode("utf-8", "surrogatepass"))
    if name == "predictions" and isinstance(value, list):
        return next(iter(cast(list[object], value)), None)
    return cast(object, value)


class Lines(ABC):
    """Assembles lines from pieces, in time proportional to their length."""

    def __init__(self, reword: Reword = bytes, whole: Whole = as_it_is) -> None:
        self.reword, self.whole = reword, whole
        self.heard: Heard | None = None
        """Set if an answer is read; `None` for other bodies, which pass unchanged."""
        self._begun: list[bytes] = []  # pieces of an unfinished line; never empty
        self._body: list[bytes] = []  # lines of a JSON body that came instead of a stream
        self._documents = 0

    def feed(self, text: bytes, *, final: bool = False) -> bytes:
        """The normalised lines that `text` completes; `final`: including everything that is left."""
        if not (final or self._begun or self._body) and self.is_plain(text):
            return text
        if b"\n" not in text and not final:
            self._begun.append(text)
            return b""
        if b"\n\n\n" in text:
            text = _BLANK.sub(b"\n\n", text)  # a run of blank lines must not cost a step each
        *lines, rest = b"".join((*self._begun, text)).split(b"\n")
        self._begun = [rest] if rest else []
        plain = b"".join(piece for line in lines for piece in self._line(line))
        if not final:
            return plain
        if self._body:
            return plain + b"".join(self._told_at_once(rest))
        return plain + b"".join(self._last(rest))

    def is_whole(self) -> bool:
        """Whether the text held back is one complete document,
        so that the answer is complete however its connection ends."""
        return self.heard is not None and self._documents == 0 and isinstance(parsed(self._waiting()), Mapping | list)

    def broken_off(self) -> bytes:
        """What is left if the connection breaks: the whole documents of a list, which prove no end by themselves."""
        body = self._waiting()
        if self.heard is None or self._documents or body.lstrip()[:1] != b"[":
            return b""
        return b"".join(self._items_of(list(_begun_list(body))))

    def _waiting(self) -> bytes:
        return b"\n".join((*self._body, b"".join(self._begun)))

    def _line(self, line: bytes) -> Iterable[bytes]:
        if self._body:
            self._body.append(line)
            return ()
        if self.heard is not None and self._opens_body(line):
            self._body.append(line)
            return ()
        return self.line(line)

    def _opens_body(self, line: bytes) -> bool:
        """Whether `line` opens JSON over several lines, a list or a text, so that what follows is one body."""
        return self._documents == 0 and (line[:1] in (b"[", b'"') or line.strip() == b"{")

    def _last(self, rest: bytes) -> Iterable[bytes]:
        if self.heard is not None and self._documents == 0 and rest.lstrip()[:1] in (b"{", b"[", b'"'):
            return self._told_at_once(rest)
        return (self.end(rest),)

    def _told_at_once(self, rest: bytes) -> Iterator[bytes]:
        """A body of JSON: one answer, a list of its pieces, or either in a text. Anything else passes unchanged."""
        body = bounded(b"\n".join((*self._body, rest)))
        self._body, self._begun = [], []
        try:
            data: object = json.loads(body)
        except (ValueError, RecursionError):
            several = list(documents_apart(body))
            if len(several) == 1:
                yield from self._broken(body)
                return
            yield from (self.written(plain) for each in several if (plain := self.document(each)))
            return
        if isinstance(data, str) and self.heard is not None:
            yield self.feed(data.encode("utf-8", "replace"), final=True) or body
            return
        documents = cast(list[object], data) if isinstance(data, list) else [data]
        for document in documents:
            yield from self.one_of_many(document, body if len(documents) == 1 else json.dumps(document).encode())

    def _broken(self, body: bytes) -> Iterator[bytes]:
        """A body of invalid JSON: of a list that was cut, the documents before the cut, which prove no end."""
        heard, items = self.heard, list(_begun_list(body))
        if heard is None or not items:
            if heard is not None and body.lstrip()[:1] == b"{":
                heard.broken = True
            yield body
            return
        yield from self._items_of(items)

    def _items_of(self, items: Iterable[object]) -> Iterator[bytes]:
        """The items of a list that was cut."""
        for item in items:
            yield from self.one_of_many(item, b"")
        if self.heard is not None:
            self.heard.whole = False

    def one_of_many(self, document: object, raw: bytes) -> Iterator[bytes]:
        """The normalised form of a document that came as a body or as a bare line; `raw` if it is nothing known."""
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
        """One document of the stream as the SDK should see it; empty if it only reports a failure."""
        heard, data = self.heard, bounded(data)
        self._documents += 1
        if heard is None or heard.marked:
            return self.reword(data)
        if heard.failure is not None:
            return b""
        if told_failures.may_tell(name, data):
            fields = parsed(data) or data.decode("utf-8", "replace")
            heard.failure = told_failures.failure_in(fields, name)
            if heard.failure is not None:
                rest = told_failures.without_error(fields)
                return self.reword(json.dumps(rest).encode()) if rest else b""
        return self.reword(data)

    def is_document(self, data: bytes, name: bytes = b"") -> bool:
        """Whether `document` would leave this data unchanged; if so, it is counted as a document."""
        heard = self.heard
        if heard is not None and (heard.marked or heard.failure is not None or told_failures.may_tell(name, data)):
            return False
        if self.reword(data) is not data or bounded(data) is not data:
            return False
        self._documents += 1
        return True

    def pulse(self, word: bytes) -> None:
        """Note a sign of life that is not part of the answer."""
        if self.heard is not None:
            self.heard.sign = word.decode("utf-8", "replace").strip()[:80]

    @abstractmethod
    def is_plain(self, text: bytes) -> bool:
        """Whether `text` consists of normalised pieces of an answer, so that nothing has to be done: the usual case.

        Only called between two lines. Plain text is counted as documents.
        """

    @abstractmethod
    def line(self, line: bytes) -> Iterator[bytes]:
        """The normalised form of one whole line, given without its end."""

    @abstractmethod
    def end(self, rest: bytes) -> bytes:
        """What is left if the stream ends inside the line `rest`, or inside an event."""

    @abstractmethod
    def written(self, document: bytes) -> bytes:
        """A document as the stream's format writes it."""


def documents_apart(line: bytes) -> Iterator[bytes]:
    """The documents in one line, as left by a proxy that drops line ends. A single one stays unchanged."""
    text, at, found = line.decode("utf-8", "surrogateescape"), 0, list[bytes]()
    try:
        while at < len(text):
            end = _DECODER.raw_decode(text, at)[1]
            found.append(text[at:end].encode("utf-8", "surrogateescape"))
            at = end
    except (ValueError, RecursionError):
        found = [line]
    yield from found


def _begun_list(body: bytes) -> Iterator[object]:
    """The whole items of a JSON list whose end is missing."""
    text = body.decode("utf-8", "replace").strip()
    at = 1 if text.startswith("[") else len(text)
    try:
        while at < len(text):
            item, at = _DECODER.raw_decode(text, at + len(text[at:]) - len(text[at:].lstrip(", \r\n\t")))
            yield item
    except (ValueError, RecursionError):
        return


_DECODER = json.JSONDecoder()


def bounded(document: bytes) -> bytes:
    """A JSON document in which numbers of thousands of digits, which Python refuses to parse, are replaced by 10^18.

    No count is that large, so it is reported as impossible without affecting anything else.
    """
    if not _may_be_endless(document) or not _ENDLESS.search(document):
        return document
    try:
        return json.dumps(json.loads(document, parse_int=_whole)).encode()
    except (ValueError, RecursionError):
        return document  # not JSON: the SDK gives the better error


def _may_be_endless(document: bytes) -> bool:
    """Whether a block half as long as the limit is all digits, as it would be inside a number that is too long.

    Checking each block is fast; searching through a picture of some megabytes would stop every stream.
    """
    return any(document[at : at + _BLOCK].isdigit() for at in range(0, len(document) - _BLOCK + 1, _BLOCK))


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < _MOST_DIGITS else 10**18


_MOST_DIGITS = 4000
"""Below Python's own limit for parsing an integer."""
_BLOCK = _MOST_DIGITS // 2
_ENDLESS = re.compile(rb"\d{%d}" % _MOST_DIGITS)


def parsed(data: bytes) -> object:
    """`data` parsed; `None` if it is not JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
