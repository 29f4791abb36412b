"""Reads the timings that servers with OpenAI-compatible formats report, each in its own form.

`timings` of llama.cpp, `metrics` of vLLM (served with `--enable-per-request-metrics`), Amazon's metrics of a call, and
the times that Groq puts beside its token counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import cast

from providers.interface import ServerTimings

BEDROCK = "amazon-bedrock-invocationMetrics"
"""Where Amazon puts its metrics, in the last piece of an answer in any format."""


def server_timings(beside: Mapping[str, object], usage: Mapping[str, object]) -> ServerTimings | None:
    """Timings from the fields besides the answer and from its usage; `None` if there are none."""
    told, metrics, amazons = (_fields(beside.get(name)) for name in ("timings", "metrics", BEDROCK))
    for found in (
        ServerTimings(prompt_s=_milliseconds(told, "prompt_ms"), eval_s=_milliseconds(told, "predicted_ms")),
        ServerTimings(
            # vLLM counts from when the request left the queue, so this is the time for processing the prompt.
            prompt_s=_milliseconds(metrics, "time_to_first_token_ms"),
            eval_s=_milliseconds(metrics, "generation_time_ms"),
            queue_s=_milliseconds(metrics, "queue_time_ms"),
        ),
        # Amazon's time to the first byte may include a queue, so only the total is one of ours.
        ServerTimings(total_s=_milliseconds(amazons, "invocationLatency")),
        ServerTimings(
            prompt_s=_seconds(usage.get("prompt_time")), eval_s=_seconds(usage.get("completion_time")),
            queue_s=_seconds(usage.get("queue_time")), total_s=_seconds(usage.get("total_time")),
        ),
    ):  # fmt: skip
        if found != ServerTimings():
            return found
    return None


def _fields(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}


def _milliseconds(fields: Mapping[str, object], name: str) -> float | None:
    return _seconds(fields.get(name), per_second=1000)


def _seconds(value: object, *, per_second: int = 1) -> float | None:
    """A time in seconds; `None` if the value cannot be one."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value / per_second if isfinite(value) and value >= 0 else None
