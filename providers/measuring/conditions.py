"""What must be said about the numbers of a completion: conditions of its times, flags of its content. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from providers.catalogue.model_names import same_model
from providers.completion import State
from providers.interface import Condition, Done, Flag, Usage
from providers.network.stream_lines import Heard


def conditions(
    known: tuple[Condition, ...], *, first_call: bool, new_connection: bool, usage: Usage | None, contended: bool,
    attempt: int, state: State,
) -> tuple[Condition, ...]:  # fmt: skip
    """The conditions under which the times were taken; `known` are those the adapter learnt in advance."""
    seen: dict[Condition, bool] = {
        "first_call": first_call,
        "new_connection": new_connection,
        "cache_hit": bool(usage and usage.cache_read_tokens),
        "contended": contended,
        "retried": attempt > 1,
        "cancelled": state == "cancelled",
    }
    return tuple(dict.fromkeys((*known, *(name for name, holds in seen.items() if holds))))


def flags(
    done: Done | None, *, asked: str, endpoint: str, repaired: bool, thinking_seen: bool, tagged: bool = False,
    masked: bool = False, repeated: bool = False, picture: bool = False, odd_glimpse: bool = False,
) -> tuple[Flag, ...]:  # fmt: skip
    """The flags that qualify the text and the counts."""
    usage = done.usage if done else None
    invalid = done is not None and "usage_invalid" in done.flags
    hidden = usage is not None and bool(usage.reasoning_tokens) and not thinking_seen
    answered = done.response_model if done and not _DEPLOYED.search(urlsplit(endpoint).hostname or "") else None
    other = answered is not None and not same_model(asked, answered)
    seen: dict[Flag, bool] = {
        "repaired": repaired,
        "stop_reason_unknown": done is not None and done.stop == "other",
        "tool_asked": done is not None and done.stop == "tool",
        "paused": done is not None and done.stop == "pause",
        "text_repeated": repeated,
        "usage_missing": done is not None and usage is None and not invalid and not picture,
        "thinking_hidden": hidden,
        "other_model": other,
        "thinking_in_tags": tagged,
        "key_masked": masked,
        "glimpse_unreadable": odd_glimpse,
    }
    return tuple(dict.fromkeys((*(done.flags if done else ()), *(name for name, holds in seen.items() if holds))))


def told_at_once(done: Done, heard: Heard | None) -> Done:
    """`done`, marked if the answer came in one piece, whatever the format."""
    whole = heard is not None and heard.whole and "not_streamed" not in done.flags
    return replace(done, flags=(*done.flags, "not_streamed")) if whole else done


def without_impossible_zeros(done: Done, *, wrote: bool) -> Done:
    """`done` with impossible zeros replaced by unknown: every prompt has tokens, and so has any output.

    Proxies that do not count send them, and they would make an answer appear free.
    """
    usage = done.usage
    if usage is None or not (usage.input_tokens == 0 or (wrote and usage.output_tokens == 0)):
        return done
    read = usage.input_tokens or None
    written = None if wrote and usage.output_tokens == 0 else usage.output_tokens
    known = replace(usage, input_tokens=read, output_tokens=written)
    flags = tuple(dict.fromkeys((*done.flags, "usage_invalid")))
    return replace(done, usage=None if read is None and written is None else known, flags=flags)


_DEPLOYED = re.compile(r"\.azure(?:-api)?\.(?:com|net|us|cn)$")
"""Hosts at which one asks for a deployment, which has a name chosen by its owner."""
