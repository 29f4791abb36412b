"""Reads the events of the Messages API: text and thinking, the end, the counts.

Requests are written by `anthropic.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, cast

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.plain_events import mapping, word
from providers.adapters.server_timings import BEDROCK, server_timings
from providers.adapters.stop_reasons import Ending
from providers.adapters.token_counts import WRITTEN, counted_in, usage_in
from providers.interface import Delta, Done, Flag
from providers.measuring.usage import Counts, as_raw
from providers.network.documents import as_it_is

_KINDS: Mapping[str, Literal["text", "thinking"]] = {"text": "text", "thinking": "thinking", "reasoning": "thinking"}
_BY_AMAZON = {
    "input_tokens": "inputTokenCount", "output_tokens": "outputTokenCount",
    "cache_read_input_tokens": "cacheReadInputTokenCount", "cache_creation_input_tokens": "cacheWriteInputTokenCount",
}  # fmt: skip
_UNWRITTEN: dict[str, object] = {name: None for names in WRITTEN for name in names}
_SERVING = ("service_tier", "inference_geo", "speed")  # reported together with the token counts


class Answer:
    """One answer while its events arrive."""

    def __init__(self) -> None:
        self.ending = Ending()
        self.ended = self.whole = False
        self._message: Mapping[str, object] = {}
        self._usage: dict[str, object] = {}
        self._written: dict[str, object] = {}
        """The counts of what was written that are final."""
        self._begun: list[Delta] = []  # text at the start, until it is clear whether its deltas repeat it
        self._metrics: Mapping[str, object] = {}  # of Amazon, which serves this format too
        self._streamed = False

    def take(self, event: object) -> Iterable[Delta | Done]:
        """What one event adds; nothing once the answer has ended."""
        said = mapping(event)
        if "type" not in said:
            said = next(as_it_is(said))  # each event in an envelope of its own
        kind = None if self.ended else said.get("type")
        if kind == "content_block_delta":
            return self._delta(_said(said.get("delta")))
        if kind == "content_block_start":
            self._begin(said.get("content_block"))
        elif kind == "message_start":
            self._message = mapping(said.get("message"))
            self._count(counted_in(self._message))
            self._told(self._message)
            for block in _blocks(self._message):
                self._begin(block)
        elif kind == "message":
            return self._at_once(said)
        else:
            return self._other(kind, said)
        return ()

    def _other(self, kind: object, said: Mapping[str, object]) -> Iterator[Delta | Done]:
        yield from self._block_begun()
        if kind == "message_delta":
            self._told(mapping(said.get("delta")))
            self._count_finally(said, said.get("delta"))
        elif kind == "message_stop":
            self.ended, self._metrics = True, mapping(said.get(BEDROCK))
            self._count_finally(said, said.get("message"))
            self._count_by_amazon()
            yield self.done()

    def _delta(self, delta: Delta | None) -> Iterable[Delta]:
        if delta is None:
            return ()
        before: Iterable[Delta] = ()
        if self._begun:
            told = next((each for each in self._begun if each.kind == delta.kind), None)
            if told and (told.text.startswith(delta.text) or delta.text.startswith(told.text)):
                self._begun.remove(told)
            else:
                before = self._block_begun()
        self._streamed = True
        self.ending.text_came()
        return (*before, delta)

    def _begin(self, block: object) -> None:
        self.ending.called = mapping(block).get("type") == "tool_use"
        begun = _said(block)
        if begun is not None and begun not in self._begun:
            self._begun.append(begun)

    def _block_begun(self) -> Iterator[Delta]:
        begun, self._begun = self._begun, []
        for each in begun:
            self._streamed = True
            self.ending.text_came()
            yield each

    def _at_once(self, message: Mapping[str, object]) -> Iterator[Delta]:
        """A message sent in one piece: the answer itself, or a repetition of what was streamed."""
        if not self._streamed:
            self.whole, self._message, self._begun = True, message, []
            yield from filter(None, map(_said, _blocks(message)))
            self._count_finally(message)
        self._count(counted_in(message))
        self._told(message)

    def _told(self, said: Mapping[str, object]) -> None:
        self.ending.told(said.get("stop_reason"), mapping(said.get("stop_details")).get("explanation"))

    def done(self, *flags: Flag) -> Done:
        """The end as reported. Their input count excludes the cache,
        ours includes it: docs/design/providers.md#anthropic."""
        # The first event also counts output, but only what was generated by then; the deltas have the final count.
        counts = Counts(self._usage | _UNWRITTEN | self._written)
        usage = usage_in(counts)
        told = (*flags, *counts.flags, *(("not_streamed",) if self.whole else ()))
        return Done(
            self.ending.stop, self.ending.reason, usage, self._usage or None,
            response_model=word(self._message.get("model")), response_id=word(self._message.get("id")),
            flags=cast(tuple[Flag, ...], told), why=self.ending.why,
            fingerprint=fingerprint(**{name: self._usage.get(name) for name in _SERVING}),
            server_timings=server_timings({BEDROCK: self._metrics}, {}),
        )  # fmt: skip

    def _count_finally(self, *places: object) -> None:
        """Add the counts in an event at the end, which has them beside or inside what it says."""
        for usage in (mapping(counted_in(mapping(place))) for place in places):
            self._count(usage)
            self._written |= {name: count for name in _UNWRITTEN if (count := usage.get(name))}

    def _count_by_amazon(self) -> None:
        """Fill in from Amazon's metrics the counts that the answer itself lacks."""
        known = self._usage | _UNWRITTEN | self._written
        told = {ours: self._metrics.get(theirs) for ours, theirs in _BY_AMAZON.items() if not known.get(ours)}
        self._count_finally({"usage": {name: value for name, value in told.items() if value is not None}})

    def _count(self, usage: object) -> None:
        """Add counts, which are cumulative: a later count replaces an earlier one, unless it is null or zero."""
        told = as_raw(usage) or {}
        self._usage |= {name: value for name, value in told.items() if value or name not in self._usage}


def _said(piece: object) -> Delta | None:
    """The text in a block or delta; signatures, citations and tool input are ignored."""
    said = mapping(piece)
    for name, kind in _KINDS.items():
        if text := said.get(name):
            if not isinstance(text, str):
                raise errors.error("protocol", f"a block contains {type(text).__name__} where text was expected")
            return Delta(kind, text)
    return None


def _blocks(message: Mapping[str, object]) -> list[object]:
    """The blocks in a whole message."""
    content = message.get("content")
    return cast(list[object], content) if isinstance(content, list) else [{"text": content}]
