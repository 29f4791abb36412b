"""What the chunks of a Gemini stream say: text and thinking, the end, the counts.

Owns where Google puts each of them. How a request is written is `google.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from providers import errors
from providers.adapters.fingerprint import fingerprint
from providers.adapters.stop_reasons import Ending
from providers.interface import Delta, Done, Flag, Usage
from providers.measuring.usage import Counts, Tally, as_raw, odd_counts
from providers.network.exchange import exchange
from providers.pictures import Drawn


class Answer:
    """One answer while its chunks arrive. The end is the stream's: some servers send a reason with every chunk."""

    def __init__(self) -> None:
        self.ending = Ending()
        self._usage = Tally()
        self._last: Any = None
        self._pieces = 0
        self._blocked: str | None = None
        self._index: int | None = None

    def picture_came(self) -> None:
        """A picture is a part of the answer as a text is."""
        self._pieces += 1
        self.ending.text_came()

    def take(self, chunk: Any) -> Iterator[Delta | Drawn]:
        """The deltas of one chunk."""
        if chunk.candidates is not None or chunk.usage_metadata or chunk.prompt_feedback:
            self._last = chunk
        self._usage.add(chunk.usage_metadata)
        candidate = next(filter(self._is_ours, chunk.candidates or ()), None)
        for part in (candidate and candidate.content and candidate.content.parts) or ():
            if part.text:
                self._pieces += 1
                self.ending.text_came()
                yield Delta("thinking" if part.thought else "text", part.text)
            elif part.function_call:
                self.ending.called = True
        blocked = chunk.prompt_feedback and chunk.prompt_feedback.block_reason
        if candidate and candidate.finish_reason:
            self.ending.told(candidate.finish_reason.value)
        elif blocked and not chunk.candidates:
            self._blocked = str(blocked.value)

    def _is_ours(self, candidate: Any) -> bool:
        """Only one is asked for: the first to come, whatever its number."""
        index = candidate.index or 0
        if self._index is None:
            self._index = index
        return index == self._index

    def done(self) -> Done | None:
        """The end of a stream in which a reason for it was told; `None` where there was none."""
        if self._last is None:
            return None
        reason, stop = (self._blocked, "filter") if self._blocked else (self.ending.reason, self.ending.stop)
        seen = exchange.get()
        whole = seen is not None and seen.heard is not None and seen.heard.whole
        if reason is None and not whole:
            if self._pieces == 0:
                raise errors.ProviderError(errors.failure("server", _NOTHING, retry="ask"))
            return None
        told = {**(self._usage.value or {}), **{_snake(name): value for name, value in odd_counts().items()}}
        usage, flags = usage_in(told)
        return Done(
            stop, reason, usage, as_raw(told) or None, response_model=self._last.model_version,
            response_id=self._last.response_id, flags=flags,
            fingerprint=fingerprint(service_tier=_tier(seen.headers if seen else {}, told)),
        )  # fmt: skip


def _tier(headers: Mapping[str, str], told: Mapping[str, object]) -> str | None:
    """Which tier answered: a header says it, and of Google's cloud the kind of traffic among the counts.

    It may be another than was asked for. Source: ai.google.dev, "Priority inference"; types of the SDK.
    """
    traffic = str(told.get("traffic_type") or "").rpartition(".")[2].lower()
    told_by_traffic = traffic.removeprefix("on_demand_") if traffic != "traffic_type_unspecified" else ""
    return (headers.get("x-gemini-service-tier") or told_by_traffic).lower().removeprefix("service_tier_") or None


_NOTHING = "the answer came without a candidate and without a reason"


def usage_in(told: Mapping[str, object]) -> tuple[Usage | None, tuple[Flag, ...]]:
    """The counts in our terms, and whether one was impossible."""
    counts = Counts(told)
    usage = counts.usage(
        input_tokens=counts.total("prompt_token_count", "tool_use_prompt_token_count"),
        output_tokens=counts.total("candidates_token_count", "thoughts_token_count"),
        cache_read_tokens=counts("cached_content_token_count"), reasoning_tokens=counts("thoughts_token_count"),
    )  # fmt: skip
    return usage, counts.flags


def _snake(name: str) -> str:
    """As the SDK spells the vendor's names."""
    return re.sub("([A-Z])", r"_\1", name).lower()
