"""Reads the parts of an Ollama stream: deltas, counts and durations, which are in nanoseconds.

Requests are written by `ollama.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from providers.adapters.plain_events import mapping
from providers.adapters.stop_reasons import Ending
from providers.interface import Delta, Done, ServerTimings
from providers.measuring.usage import Counts, OddCounts, Tally, as_raw, odd_counts
from providers.network.documents import as_it_is, parsed
from providers.pictures import Drawn, Step

_COUNTED = (
    "prompt_eval_count", "eval_count", "total_duration", "load_duration", "prompt_eval_duration", "eval_duration",
)  # fmt: skip
ODD = OddCounts(*_COUNTED)


def readable(document: bytes) -> bytes:
    """`document` with the message that the SDK requires: hosts leave an empty one out, write as `/api/generate` does,
    or give thinking another name. Counts that are not integers are removed."""
    if not document.startswith(b'{"model"'):
        document = _out_of_envelope(document)
    if b'"reasoning' in document and isinstance(told := parsed(document), dict):
        message = mapping(cast(dict[str, object], told).get("message"))
        if thought := message.get("reasoning") or message.get("reasoning_content"):
            return ODD.taken_from(json.dumps({**told, "message": {"thinking": thought, **message}}).encode())
    if b'"message"' not in document and isinstance(told := parsed(document), dict) and "done" in told:
        said = cast(dict[str, object], told)
        message = {"role": "assistant", "content": said.get("response") or "", "thinking": said.get("thinking")}
        return ODD.taken_from(json.dumps({**said, "message": message}).encode())
    return ODD.taken_from(document)


def _out_of_envelope(document: bytes) -> bytes:
    told = parsed(document)
    if not isinstance(told, dict) or "done" in told:
        return document
    inner = next(as_it_is(cast(dict[str, object], told)))
    return document if inner is told else json.dumps(inner).encode()


class Answer:
    """One answer while its parts arrive. It ends with the stream, as some servers send `done` with every part."""

    def __init__(self) -> None:
        self.ending = Ending()
        self.parts = 0
        self._end: Any = None
        self._usage = Tally()

    def take(self, part: Any) -> Sequence[Delta | Drawn | Step]:
        """The deltas of one part."""
        self.parts += 1
        message = part.message
        text, thinking = message.content, message.thinking
        if text and not thinking and not part.done and self.ending.reason is None:
            return (Delta("text", text),)  # the case for nearly every part
        found = [Delta("thinking", thinking)] if thinking else []
        if text:
            found.append(Delta("text", text))
        if found:
            self.ending.text_came()
        if message.tool_calls:
            self.ending.called = True
        self.see_end(part)
        return found

    def see_end(self, part: Any) -> None:
        """Note what a part says about the end, if it is marked as the end."""
        if part.done:
            self._end = part
            self._usage.add(_counted(part))
            self.ending.told(part.done_reason)

    @property
    def at_once(self) -> bool:
        """Whether all of the text came together with the end."""
        return self.parts == 1 and bool(self._end.message.content)

    def done(self) -> Done | None:
        """The end, if a part was marked as the end; else `None`."""
        if self._end is None:
            return None
        done = _done(self._end, {**(self._usage.value or {}), **odd_counts()})
        return replace(
            done, stop=self.ending.stop, stop_reason=self.ending.reason,
            flags=done.flags + (("not_streamed",) if self.at_once else ()),
        )  # fmt: skip


def _counted(part: Any) -> dict[str, object]:
    """The counts in a part. A null means that a count is not reported this time, unless it never is."""
    told = part.model_dump(include=set(_COUNTED))
    return told if any(value is not None for value in told.values()) else {}


def told_at_once(part: Any) -> Done:
    """The end of an answer sent in one piece."""
    return _done(part, _counted(part))


def _done(part: Any, told: Mapping[str, object]) -> Done:
    counts = Counts(told)
    usage = counts.usage(input_tokens=counts("prompt_eval_count"), output_tokens=counts("eval_count"))
    return Done(
        "other", None, usage, as_raw(told) or None, response_model=part.model, server_timings=_timings(part),
        flags=counts.flags,
    )  # fmt: skip


def _timings(part: Any) -> ServerTimings:
    """Durations by the server.

    Waiting for a busy runner is in no field, only in the total: docs/design/providers.md#ollama.
    """
    total, load, prompt, evaluated = (
        _seconds(ns) for ns in (part.total_duration, part.load_duration, part.prompt_eval_duration, part.eval_duration)
    )
    queue = None
    if total is not None and load is not None and prompt is not None and evaluated is not None:
        queue = total - load - prompt - evaluated
    return ServerTimings(load, prompt, evaluated, queue if queue is not None and queue >= 0 else None, total)


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None or nanoseconds < 0 else nanoseconds / 1e9
