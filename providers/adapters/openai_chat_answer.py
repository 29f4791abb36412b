"""Reads the chunks of a Chat Completions stream, in every dialect of the compatible hosts.

Owns where hosts put text, thinking, the end and the counts. Oddities besides the answer are ignored; if its text cannot
be read that is an error, as an answer with a gap would be reported as complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, cast

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.native_pieces import as_chunk
from providers.adapters.plain_events import mapping
from providers.adapters.server_timings import BEDROCK, server_timings
from providers.adapters.stop_reasons import Ending, meaning
from providers.adapters.token_counts import PLACES, cost_in, counted_in, usage_in
from providers.interface import Delta, Done, Flag, Stop
from providers.measuring.usage import Counts, Tally, as_raw
from providers.network import vendor_errors
from providers.network.documents import as_it_is
from providers.network.stream_lines import Heard

_Kind = Literal["text", "thinking"]
_THINKING = (
    "reasoning_content", "reasoning", "thinking", "reasoning_details", "reasoning_text", "thinking_content", "thought",
    "thoughts", "thinking_blocks",
)  # fmt: skip
_REASONS = (
    "finish_reason", "finishReason", "finish_details", "native_finish_reason", "stop_reason", "stopReason",
    "done_reason",
)  # fmt: skip
"""Other fields for the stop reason. vLLM's `stop_reason` is the text or token at which it stopped."""
_TIMED = frozenset({"timings", "metrics", BEDROCK})
_BESIDE = frozenset({"x_groq", *_TIMED, *PLACES}) - {"usage"}
_ENDS = frozenset(_REASONS)
_ELSEWHERE = _ENDS - {"finish_reason"}
_IN_DELTA = frozenset({"usage", "error", "extra_content", "tool_calls", "function_call", *_THINKING, *_ENDS})
_TEXTS = ("text", "thinking", "content", "summary")


class Answer:
    """What the chunks of one stream have contained so far."""

    def __init__(self, heard: Heard | None) -> None:
        self.ending = Ending()
        self._heard = heard
        self._usage = Tally()
        self._model: str | None = None
        self._id: str | None = None
        self._system: object = None
        self._tier: object = None
        self._beside: Mapping[str, object] = {}
        self._index: str | None = None
        self._refused = self._by_delta = self._native = False
        self._error: object = None
        self._messages = ""
        """Text that arrived in whole messages instead of deltas."""
        self._message_count = 0

    def take(self, chunk: object) -> Iterable[Delta]:
        """The deltas of our choice in this chunk."""
        said = mapping(chunk)
        if "choices" not in said:
            said = next(as_it_is(outer := said))  # each chunk in an envelope of its own
            if "choices" not in said and (self._index is None or self._native):
                whole = self._heard is not None and self._heard.whole
                said = as_chunk(said, whole=whole, plain=whole or said is not outer)
                self._native = self._native or "choices" in said
        self._model = self._model or cast("str | None", said.get("model"))
        self._id = self._id or cast("str | None", said.get("id"))
        self._system = said.get("system_fingerprint") or self._system
        self._tier = said.get("service_tier") or self._tier
        if usage := said.get("usage"):
            self._usage.add(usage)
        if not _BESIDE.isdisjoint(said):
            self._told_beside(said)
        choices = said.get("choices")
        found: list[Delta] = []
        for choice in cast(list[object], choices) if isinstance(choices, list) else (choices,):  # one without a list
            if (fields := mapping(choice)) and self._is_ours(fields):
                found.extend(self._choice(fields))
        if self.ending.reason is None and not _ENDS.isdisjoint(said):
            self._told_elsewhere(said)
        return found

    def _told_beside(self, said: Mapping[str, object]) -> None:
        if not said.get("usage"):
            self._usage.add(mapping(said.get("x_groq")).get("usage") or counted_in(said) or said.get(BEDROCK))
        if not _TIMED.isdisjoint(said):
            self._beside = said

    def done(self) -> Done | None:
        """The proof of the end; `None` without one. Raises `protocol` for an end without a beginning."""
        heard = self._heard
        whole = heard is not None and heard.whole
        marked = heard is None or heard.marked or whole
        if self.ending.reason is None and not marked:
            return None
        if self._index is None:
            raise errors.error("protocol", "the stream ended without a single choice")
        flags: list[Flag] = [] if marked else ["end_marker_missing"]
        if self._message_count == 1 and not self._by_delta:
            flags.append("not_streamed")
        return self.told(*flags)

    def told(self, *flags: Flag) -> Done:
        """All that was told so far, as if this were the end."""
        told = self._usage.value or as_raw(self._beside.get("timings"))  # llama.cpp counts there too
        counts = Counts(told)
        usage = usage_in(counts)
        return Done(
            self._stop(), stop_reason=self.ending.reason, usage=usage, raw_usage=told,
            response_model=self._model, response_id=self._id, reported_cost=cost_in(told),
            flags=(*counts.flags, *flags),
            fingerprint=fingerprint(system_fingerprint=self._system, service_tier=self._tier),
            server_timings=server_timings(self._beside, told or {}), why=self.ending.why,
        )  # fmt: skip

    def _is_ours(self, choice: Mapping[str, object]) -> bool:
        """Whether a choice is ours: only one was requested,
        so the first to arrive counts, whatever its index and its type."""
        index = str(choice.get("index") or 0)
        if self._index is None:
            self._index = index
        return index == self._index

    def _choice(self, choice: Mapping[str, object]) -> Iterator[Delta]:
        for piece in self._pieces(choice):
            self.ending.text_came()
            self.ending.called = False  # the host called its own tool, and went on
            yield piece
        if "message" in choice:
            self._error = self._error or mapping(choice["message"]).get("error")
        if error := choice.get("error") or self._error:
            raise errors.ProviderError(vendor_errors.from_data({"error": error}))
        if usage := choice.get("usage"):
            self._usage.add(usage)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason.lower() == "error":
            told = "the host ended the answer with finish_reason 'error'"
            raise errors.ProviderError(errors.failure("server", told, retry="ask"))
        if reason:
            self.ending.told(reason)
            self._told_natively(choice)
        elif self.ending.reason is None:
            if not _ELSEWHERE.isdisjoint(choice):
                self._told_elsewhere(choice)
            if not _ENDS.isdisjoint(delta := mapping(choice.get("delta"))):
                self._told_elsewhere(delta)

    def _told_natively(self, choice: Mapping[str, object]) -> None:
        """Note what the vendor behind a gateway said, if it is more exact than the gateway's plain `stop`."""
        native = _word(choice.get("native_finish_reason"))
        if native is not None and self.ending.stop == "stop" and meaning(native) not in ("stop", "other"):
            self.ending.told(native)

    def _told_elsewhere(self, said: Mapping[str, object]) -> None:
        """Note an end given in a field that this format does not have, if its word is known."""
        for place in _REASONS:
            word = _word(said.get(place))
            if word is not None and meaning(word) != "other":
                self.ending.told(word)

    def _pieces(self, choice: Mapping[str, object]) -> Iterator[Delta]:
        delta = choice.get("delta")
        if delta is not None:
            for piece in _content("text", delta) if isinstance(delta, str) else self._said(delta):
                self._by_delta = True
                yield piece
        if not self._by_delta:
            if message := choice.get("message"):
                yield from self._message(message)
            elif isinstance(text := choice.get("text"), str) and text:
                yield Delta("text", text)  # the legacy Completions API

    def _message(self, message: object) -> Iterator[Delta]:
        """A whole message instead of a delta: the only one, the next piece, or all text so far with what is new."""
        pieces = list(self._said(message))
        self._message_count += bool(pieces)
        text = "".join(piece.text for piece in pieces if piece.kind == "text")
        if self._messages and text.startswith(self._messages):
            text, pieces = text.removeprefix(self._messages), []
            if text:
                pieces = [Delta("text", text)]
        self._messages += text
        yield from pieces

    def _said(self, delta: object) -> Iterator[Delta]:
        if isinstance(delta, list):
            raise errors.error("protocol", "a choice contains a list where a delta was expected")
        said = mapping(delta)
        if not _IN_DELTA.isdisjoint(said):
            self._usage.add(said.get("usage"))
            self._error = said.get("error")
            yield from _thinking(next((said[name] for name in _THINKING if said.get(name)), None))
        content = said.get("content", said.get("text"))
        if mapping(mapping(said.get("extra_content")).get("google")).get("thought") and isinstance(content, str):
            content = [{"type": "thinking", "thinking": content.removeprefix("<thought>")}]
        if isinstance(content, str):  # the usual case
            if content:
                yield Delta("text", content)
        elif content is not None:
            yield from _content("text", content)
        for piece in _content("text", said.get("refusal")):
            self._refused = True
            yield piece
        if said.get("tool_calls") or any(mapping(said.get("function_call")).values()):
            self.ending.called = True

    def _stop(self) -> Stop:
        stop = self.ending.stop
        return "refusal" if self._refused and stop == "stop" else stop


def _word(reason: object) -> str | None:
    """A stop reason given as a word, or in an object."""
    if isinstance(reason, Mapping):
        reason = cast(Mapping[str, object], reason).get("type")
    return reason if isinstance(reason, str) else None


def _thinking(value: object) -> Iterator[Delta]:
    """The thinking in a text, an object or a list of either; anything else is ignored."""
    if isinstance(value, str):
        if value:
            yield Delta("thinking", value)
    elif isinstance(value, list):
        for part in cast(list[object], value):
            yield from _thinking(part)
    elif isinstance(value, Mapping):
        fields = cast(Mapping[str, object], value)
        yield from _thinking(next((fields[name] for name in _TEXTS if fields.get(name)), None))


def _content(kind: _Kind, content: object) -> Iterator[Delta]:
    """The text of `content`, which for Mistral's thinking models is a list of parts."""
    if isinstance(content, str):
        if content:
            yield Delta(kind, content)
    elif isinstance(content, list):
        for part in cast(list[object], content):
            if part is None:
                raise errors.error("protocol", "a delta contains a list that is not of parts")
            yield from _content(kind, part)
    elif isinstance(content, Mapping):
        yield from _part(kind, cast(Mapping[str, object], content))
    elif content is not None:
        raise errors.error("protocol", f"a delta contains {type(content).__name__} where text was expected")


def _part(kind: _Kind, part: Mapping[str, object]) -> Iterator[Delta]:
    """The text of a part of type `text`, or of type `thinking` with nested parts; other types contain no text."""
    named = part.get("type", "text")
    if named in ("thinking", "reasoning"):
        yield from _thinking(part)
    elif named in ("text", "output_text"):
        yield from _content(kind, part.get("text", part.get("value")))  # or an object that contains it
