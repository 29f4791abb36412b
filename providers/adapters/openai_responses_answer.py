"""Reads the events of a Responses stream: text and thinking, the end, the counts.

Requests are written by `openai_responses.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, cast

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.plain_events import mapping, word
from providers.adapters.server_timings import server_timings
from providers.adapters.stop_reasons import meaning
from providers.adapters.token_counts import counted_in, usage_in
from providers.interface import Delta, Done, Flag, Stop
from providers.measuring.usage import Counts, as_raw
from providers.network import vendor_errors
from providers.network.documents import as_it_is

_KINDS: dict[str, Literal["text", "thinking"]] = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "text",
    "response.reasoning_summary_text.delta": "thinking",
    "response.reasoning_text.delta": "thinking",
    "response.reasoning_summary.delta": "thinking",
    "response.reasoning.delta": "thinking",
}
_PARTS: Mapping[object, tuple[Literal["text", "thinking"], str]] = {
    "output_text": ("text", "text"),
    "text": ("text", "text"),
    "refusal": ("text", "refusal"),
    "summary_text": ("thinking", "text"),
    "reasoning_text": ("thinking", "text"),
}
"""What each kind of part is, and the field of its text."""
_DONE: Mapping[object, str] = {
    "response.output_text.done": "output_text",
    "response.refusal.done": "refusal",
    "response.reasoning_summary_text.done": "summary_text",
    "response.reasoning_text.done": "reasoning_text",
}
"""Events that contain a part as a whole, and its kind."""
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_CALLS = frozenset({"function_call", "custom_tool_call"})
"""Calls that wait for the caller, so that the answer is not over, whatever it says besides."""

# Values of `response.error.code` for failures on the vendor's side; all others are faults of the request.
_VENDORS_FAULT = frozenset({"server_error", "rate_limit_exceeded", "vector_store_timeout"})


class Answer:
    """What the events of one stream have contained so far."""

    def __init__(self) -> None:
        self._streamed = self._refused = self._ended = False
        self._told: dict[str, list[str]] = {"text": [], "thinking": []}
        self._texts = self._told["text"]
        self._parts: dict[object, dict[object, Mapping[str, object]]] = {}
        """Parts that were told as a whole: by item, then by place."""
        self._begun: Mapping[str, object] = {}
        """The response as it was last told on its way."""
        self._started: Mapping[str, object] = {}
        """A part that began with text, until it is clear whether its deltas repeat it."""

    def take(self, event: object) -> Iterable[Delta | Done]:
        """The deltas and the end in this event; nothing after the end, nor for unknown events."""
        said = mapping(event)
        if "type" not in said:
            said = next(as_it_is(said))  # each event in an envelope of its own
        kind = said.get("type")
        if self._ended:
            return ()
        if kind in _KINDS:
            self._streamed = True
            return self._delta(cast(str, kind), said.get("delta"))
        if kind in _ENDS or kind == "response.done":  # OpenRouter's end, whatever the status
            response = self._whole(said)
            status = f"response.{response.get('status')}"  # more exact than the event's name, if they differ
            return self._end(status if status in _ENDS else cast(str, kind), response)
        if isinstance(kind, str) and kind.endswith(".done"):
            self._started = {}
            return self._part_done(said)
        if kind == "response.content_part.added":
            self._started = mapping(said.get("part"))
        self._begun = mapping(said.get("response")) or self._begun
        return ()

    def told(self) -> Done:
        """All that was told so far; of counts nothing, unless a host tells them on the way."""
        return _done(self._begun, "other", "in_progress")

    def _whole(self, event: Mapping[str, object]) -> Mapping[str, object]:
        """The response that ends: inside the event or the event itself, with counts that were told beside or before."""
        response = mapping(event.get("response")) or event
        counted = counted_in(response) or counted_in(event) or counted_in(self._begun)
        return {**response, "usage": counted}

    def _delta(self, kind: str, text: object) -> Iterator[Delta]:
        if isinstance(text, Mapping):
            text = cast(Mapping[str, object], text).get("text")
        if not isinstance(text, str):
            raise errors.error("protocol", f"{kind} contains {type(text).__name__} where text was expected")
        if not text:
            return
        if self._started:
            yield from self._begin(text)
        self._told[_KINDS[kind]].append(text)
        self._refused |= kind == "response.refusal.delta"
        yield Delta(_KINDS[kind], text)

    def _begin(self, text: str) -> Iterator[Delta]:
        """The text that a part began with, unless its first delta repeats it."""
        kind, field = _PARTS.get(self._started.get("type"), ("text", ""))
        told, self._started = self._started.get(field), {}
        if isinstance(told, str) and told and not (told.startswith(text) or text.startswith(told)):
            self._told[kind].append(told)
            yield Delta(kind, told)

    def _end(self, kind: str, response: Mapping[str, object]) -> Iterator[Delta | Done]:
        if kind == "response.failed":
            done = _done(response, "error", "failed")
            raise errors.ProviderError(_failed(response), done if done.raw_usage else None)
        parts = [part for item in _items(response.get("output")) for part in _parts_of(item)]
        if not parts and not self._texts:
            parts = [self._started or {"type": "output_text", "text": response.get("output_text")}]
        yield from self._rest(parts)
        self._ended = True
        stop, reason = self._reason(kind, response)
        yield _done(response, stop, reason, *(() if self._streamed or not self._texts else ("not_streamed",)))

    def _reason(self, kind: str, response: Mapping[str, object]) -> tuple[Stop, str]:
        why = response.get("incomplete_details")
        why = why if isinstance(why, str) else mapping(why).get("reason")
        if kind == "response.incomplete" or (kind == "response.completed" and why):
            return (meaning(str(why)), str(why)) if why else ("other", "incomplete")
        if kind == "response.cancelled":
            return "error", "cancelled"
        kinds = {item.get("type") for item in _items(response.get("output"))}
        if kinds & _CALLS or (not self._texts and "mcp_call" in kinds):
            return "tool", "completed"
        return "refusal" if self._refused else "stop", "completed"

    def _part_done(self, event: Mapping[str, object]) -> Iterator[Delta]:
        """Note a part told as a whole, or those of a whole item, which replace what was told of it before."""
        at, item = event.get("output_index"), mapping(event.get("item"))
        if item:
            self._parts[at] = dict(enumerate(_parts_of(item)))
        else:
            part = _part_done(event)
            place = part.get("type"), event.get("content_index"), event.get("summary_index")
            self._parts.setdefault(at, {})[place] = part
        return self._rest(part for parts in self._parts.values() for part in parts.values())

    def _rest(self, parts: Iterable[Mapping[str, object]]) -> Iterator[Delta]:
        """What was not streamed of parts told as a whole, as one delta: all of it, or an end that a proxy has lost."""
        whole, refused = {"thinking": "", "text": ""}, False
        for part in parts:
            kind, field = _PARTS.get(part.get("type"), ("text", ""))
            if isinstance(text := part.get(field), str):
                whole[kind] += text
                refused |= field == "refusal"
        for kind, text in whole.items():
            streamed = "".join(self._told[kind])
            if len(text) > len(streamed) and text.startswith(streamed):
                self._refused |= refused
                self._told[kind][:] = [text]
                yield Delta("thinking" if kind == "thinking" else "text", text[len(streamed) :])


def _part_done(event: Mapping[str, object]) -> Mapping[str, object]:
    """The part that an event contains as a whole."""
    kind = _DONE.get(event.get("type"))
    return mapping(event.get("part")) if kind is None else {**event, "type": kind}


def _parts_of(item: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The parts of an item; of reasoning that has both, the summary. A text is its only part."""
    parts = item.get("summary") or item.get("content")
    yield from ({"type": "output_text", "text": parts},) if isinstance(parts, str) else _items(parts)


def _items(value: object) -> Iterator[Mapping[str, object]]:
    """The objects in a list; nothing if it is not a list."""
    return map(mapping, cast(list[object], value) if isinstance(value, list) else ())


def _done(response: Mapping[str, object], stop: Stop, reason: str, *flags: Flag) -> Done:
    counts = Counts(told := mapping(response.get("usage")))
    usage = usage_in(counts)
    return Done(
        stop, stop_reason=reason, usage=usage, raw_usage=as_raw(told) or None, flags=counts.flags + flags,
        response_model=word(response.get("model")), response_id=word(response.get("id")),
        fingerprint=fingerprint(service_tier=response.get("service_tier")),
        server_timings=server_timings(response, {}),
    )  # fmt: skip


def _failed(response: Mapping[str, object]) -> errors.Failure:
    """`response.failed` ends a generation that had begun, so it may be charged and is only repeated with consent."""
    told = response.get("error")
    code = mapping(told).get("code")
    failed = vendor_errors.from_data(told or {"message": "the response failed"})
    if failed.kind == "server" and code and code not in _VENDORS_FAULT:
        return replace(failed, kind="bad_request", retry="no")
    return replace(failed, retry="ask") if failed.retry == "yes" else failed
