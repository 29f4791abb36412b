"""What has to be said beside the numbers of a completion: conditions of its times, flags of its content. Pure."""

from __future__ import annotations

import re

from providers.completion import State
from providers.interface import Condition, Done, Flag, Usage


def conditions(
    known: tuple[Condition, ...], *, first_call: bool, new_connection: bool, usage: Usage | None, contended: bool,
    attempt: int, state: State,
) -> tuple[Condition, ...]:  # fmt: skip
    """Under which conditions the times were taken; `known` is what the adapter learned beforehand."""
    seen: dict[Condition, bool] = {
        "first_call": first_call,
        "new_connection": new_connection,
        "cache_hit": bool(usage and usage.cache_read_tokens),
        "contended": contended,
        "retried": attempt > 1,
        "cancelled": state == "cancelled",
    }
    return tuple(dict.fromkeys((*known, *(name for name, holds in seen.items() if holds))))


def flags(done: Done | None, *, asked: str, repaired: bool, thinking_seen: bool) -> tuple[Flag, ...]:
    """What qualifies the text and the counts."""
    usage = done.usage if done else None
    invalid = done is not None and "usage_invalid" in done.flags
    hidden = usage is not None and bool(usage.reasoning_tokens) and not thinking_seen
    other = done is not None and done.response_model is not None and not same_model(asked, done.response_model)
    seen: dict[Flag, bool] = {
        "repaired": repaired,
        "stop_reason_unknown": done is not None and done.stop == "other",
        "tool_asked": done is not None and done.stop == "tool",
        "paused": done is not None and done.stop == "pause",
        "usage_missing": done is not None and usage is None and not invalid,
        "thinking_hidden": hidden,
        "other_model": other,
    }
    return tuple(dict.fromkeys((*(done.flags if done else ()), *(name for name, holds in seen.items() if holds))))


# A date, or three digits and more: `-2024-08-06`, `-20241022`, `-05-20`, `-0613`, `@001`. Not `-mini`, not `.4`.
_DATED = re.compile(r"[-@](?:\d{3,8}|\d{4}-\d\d-\d\d|\d\d-\d\d|\d\d-\d{4})")


def same_model(asked: str, answered: str) -> bool:
    """Whether the answer's name is the asked one, perhaps dated or prefixed: `gpt-4o` and `gpt-4o-2024-08-06`."""
    asked, answered = _bare(asked), _bare(answered)
    if asked.endswith("-latest"):
        return answered.startswith(asked.removesuffix("latest"))
    return answered == asked or (answered.startswith(asked) and bool(_DATED.fullmatch(answered[len(asked) :])))


def _bare(model: str) -> str:
    return model.lower().rsplit("/", 1)[-1].removesuffix(":latest")
