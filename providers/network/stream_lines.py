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
from providers.network.documents import as_it_is, begun_list, bounded, contents, documents_apart, parsed, unpacked

Reword = Callable[[bytes], bytes]
"""An adapter's change to one JSON document of the stream before its SDK sees it."""
Whole = Callable[[Mapping[str, object]], Iterable[Mapping[str, object]]]
"""Converts an answer in one piece to the documents of an equivalent stream."""

END = b"[DONE]"
"""What some formats write after the last document."""
PADDING = b" \t\0"
"""Characters without meaning at either end of a line."""
_BLANK = re.compile(rb"\n{3,}")


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

    @property
    def over(self) -> bool:
        """Whether nothing that follows is part of the answer, even if the body goes on."""
        return False

    def is_whole(self) -> bool:
        """Whether the text held back is one complete document,
        so that the answer is complete however its connection ends."""
        return self.heard is not None and self._documents == 0 and isinstance(parsed(self._waiting()), Mapping | list)

    def broken_off(self) -> bytes:
        """What is left if the connection breaks: the whole documents of a list, which prove no end by themselves."""
        body = self._waiting()
        if self.heard is None or self._documents or body.lstrip()[:1] != b"[":
            return b""
        return b"".join(self._items_of(list(begun_list(body))))

    def _waiting(self) -> bytes:
        return b"\n".join((*self._body, b"".join(self._begun)))

    def _line(self, line: bytes) -> Iterable[bytes]:
        if self.over:
            return ()
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
        body = unpacked(bounded(b"\n".join((*self._body, rest))))
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
        heard, items = self.heard, list(begun_list(body))
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
        heard, document = self.heard, contents(document)
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
        heard, data = self.heard, unpacked(bounded(data))
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
        if self.reword(data) is not data or bounded(data) is not data or unpacked(data) is not data:
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
