"""Reads the chunks of a Gemini stream: text and thinking, the end, the counts.

Requests are written by `google.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.plain_events import mapping, word
from providers.adapters.stop_reasons import Ending
from providers.adapters.token_counts import counted_in, usage_in
from providers.interface import Delta, Done
from providers.measuring.usage import Counts, Tally, as_raw
from providers.network.documents import as_it_is
from providers.network.exchange import exchange
from providers.pictures import Drawn

_NONE: Mapping[str, object] = {}
_REASONS: Mapping[object, str] = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 5: "OTHER"}
"""The numbers of the reasons, where Google's two APIs agree on them."""


class Answer:
    """One answer while its chunks arrive. It ends with the stream, as some servers send a reason with every chunk."""

    def __init__(self) -> None:
        self.ending = Ending()
        self._usage = Tally()
        self._last: Mapping[str, object] | None = None
        self._pieces = 0
        self._blocked: str | None = None
        self._why = ""
        self._index: str | None = None

    def picture_came(self) -> None:
        """Note that a picture arrived, which is part of the answer like text."""
        self._pieces += 1
        self.ending.text_came()

    def take(self, chunk: object) -> Iterator[Delta | Drawn]:
        """The deltas of one chunk."""
        said = mapping(chunk)
        if "candidates" not in said:
            said = next(as_it_is(said))  # each chunk in an envelope of its own, as Code Assist sends them
            if isinstance(said.get("content"), str):
                said = {**said, "candidates": [said]}  # one of the predictions of Google's older API
        usage = mapping(counted_in(said))
        if any("_" in name for piece in (said, *map(mapping, listed(said.get("candidates"))[:1])) for name in piece):
            said = mapping(_camel(said))  # as Google's older SDK for Python writes them
        told, feedback = said.get("candidates"), mapping(said.get("promptFeedback"))
        if told is not None or said.get("usageMetadata") or feedback:
            self._last = said
        self._usage.add(usage)
        candidate = next(filter(self._is_ours, map(mapping, listed(told))), _NONE)
        for part in _parts(candidate):
            yield from self.part(fields(part))
        if reason := candidate.get("finishReason"):
            self.ending.told(_REASONS.get(reason, reason), candidate.get("finishMessage"))
        elif (blocked := feedback.get("blockReason")) and not (told and self._pieces):
            self._blocked, self._why = str(blocked), word(feedback.get("blockReasonMessage")) or ""

    def part(self, part: Mapping[str, object]) -> Iterator[Delta | Drawn]:
        """The deltas in one part of the content."""
        if text := part.get("text"):
            if not isinstance(text, str):
                raise errors.error("protocol", f"a part contains {type(text).__name__} where text was expected")
            self._pieces += 1
            self.ending.text_came()
            yield Delta("thinking" if part.get("thought") else "text", text)
        elif part.get("functionCall"):
            self.ending.called = True

    def _is_ours(self, candidate: Mapping[str, object]) -> bool:
        """Whether a candidate is ours: only one was requested, so the first to arrive counts, whatever its index."""
        index = str(candidate.get("index") or 0)
        if self._index is None:
            self._index = index
        return index == self._index

    def done(self) -> Done | None:
        """The end of a stream that gave a reason for it; `None` without a reason."""
        if self._last is None:
            return None
        seen = exchange.get()
        whole = seen is not None and seen.heard is not None and seen.heard.whole
        if self._blocked is None and self.ending.reason is None and not whole:
            if self._pieces == 0:
                raise errors.ProviderError(errors.failure("server", _NOTHING, retry="ask"))
            return None
        return self.told()

    def told(self) -> Done | None:
        """All that was told so far, as if this were the end; `None`: nothing was."""
        if self._last is None:
            return None
        reason, stop = (self._blocked, "filter") if self._blocked else (self.ending.reason, self.ending.stop)
        seen = exchange.get()
        told = self._usage.value or {}
        counts = Counts(told)
        usage = usage_in(counts)
        return Done(
            stop, reason, usage, as_raw(_snake(told)) or None, response_model=word(self._last.get("modelVersion")),
            response_id=word(self._last.get("responseId")), flags=counts.flags,
            fingerprint=fingerprint(service_tier=_tier(seen.headers if seen else {}, told)),
            why=self._why if self._blocked else self.ending.why,
        )  # fmt: skip


def _tier(headers: Mapping[str, str], told: Mapping[str, object]) -> str | None:
    """The tier that answered, from a header or, for Google Cloud, from the kind of traffic in the counts.

    It may differ from the requested one. Source: ai.google.dev, "Priority inference"; types of the SDK.
    """
    traffic = str(told.get("trafficType") or told.get("traffic_type") or "").rpartition(".")[2].lower()
    told_by_traffic = traffic.removeprefix("on_demand_") if traffic != "traffic_type_unspecified" else ""
    return (headers.get("x-gemini-service-tier") or told_by_traffic).lower().removeprefix("service_tier_") or None


_NOTHING = "the answer came without a candidate and without a reason"


def _parts(candidate: Mapping[str, object]) -> Sequence[object]:
    """The parts of a candidate. Google's older API has only a text, under either name."""
    content = candidate.get("content") or candidate.get("output")
    if isinstance(content, str):
        return ({"text": content},)
    return listed(fields(content).get("parts", content))


def listed(value: object) -> Sequence[object]:
    """The items of a list; also accepts a single item without a list, and nothing."""
    if isinstance(value, list):
        return cast(list[object], value)
    return (fields(value),) if value else ()


def fields(value: object) -> Mapping[str, object]:
    """A field that should be an object. Raises `protocol` if it is something else."""
    if value is not None and not isinstance(value, dict):
        raise errors.error("protocol", f"a chunk contains {type(value).__name__} where an object was expected")
    return mapping(cast(object, value))


def _camel(value: object) -> object:
    """A value with names in camel case, as in the API, from one with names in snake case."""
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, object], value).items()
        return {re.sub("_([a-z])", lambda found: found[1].upper(), name): _camel(inner) for name, inner in pairs}
    return [_camel(inner) for inner in cast(list[object], value)] if isinstance(value, list) else value


def _snake(value: object) -> object:
    """A value with names in snake case, as in Google's SDK; counts are recorded under these names."""
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, object], value).items()
        return {re.sub("([A-Z])", r"_\1", name).lower(): _snake(inner) for name, inner in pairs}
    return [_snake(inner) for inner in cast(list[object], value)] if isinstance(value, list) else value
