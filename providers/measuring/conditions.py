"""What must be said about the numbers of a completion: conditions of its times, flags of its content. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from providers.catalogue.model_names import same_model
from providers.completion import State
from providers.interface import Adjustment, Condition, Done, Flag, Settings, Usage
from providers.network.stream_lines import Heard
from providers.pictures import Picture, PictureSettings


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
    masked: bool = False, repeated: bool = False, picture: bool = False, odd_preview: bool = False,
    otherwise: bool = False,
) -> tuple[Flag, ...]:  # fmt: skip
    """The flags that qualify the text and the counts."""
    usage = done.usage if done else None
    invalid = done is not None and "usage_invalid" in done.flags
    hidden = usage is not None and bool(usage.reasoning_tokens) and not thinking_seen
    answered = done.response_model if done and not _DEPLOYED.search(urlsplit(endpoint).hostname or "") else None
    other = answered is not None and not same_model(asked, answered)
    seen: dict[Flag, bool] = {
        "repaired": repaired,
        "stop_reason_unknown": done is not None and done.stop == "other" and "counted_so_far" not in done.flags,
        "tool_asked": done is not None and done.stop == "tool",
        "paused": done is not None and done.stop == "pause",
        "text_repeated": repeated,
        "usage_missing": done is not None and usage is None and not invalid and not picture,
        "thinking_hidden": hidden,
        "other_model": other,
        "thinking_in_tags": tagged,
        "key_masked": masked,
        "glimpse_unreadable": odd_preview,
        "drawn_otherwise": otherwise,
    }
    return tuple(dict.fromkeys((*(done.flags if done else ()), *(name for name, holds in seen.items() if holds))))


def drawn_otherwise(settings: Settings, adjusted: Sequence[Adjustment], pictures: Sequence[Picture]) -> bool:
    """Whether the pictures say another seed, or other steps or guidance, than were sent.

    Servers ignore settings without a word. What is not reported, or was known not to be sent, does not count.
    """
    asked, known = settings.picture or PictureSettings(), {each.setting for each in adjusted}
    seeds = [each.seed for each in pictures]
    told = [each.drawn_with for each in pictures]
    compared = (
        ("seed", settings.seed if settings.seed is not None and settings.seed >= 0 else None, seeds),
        ("steps", asked.steps, [_number(each.get("steps")) for each in told]),
        ("guidance", asked.guidance, [_number(each.get("guidance")) for each in told]),
    )
    return any(
        wanted is not None and name not in known and None not in said and bool(said) and wanted not in said
        for name, wanted, said in compared
    )


def _number(told: str | None) -> float | None:
    try:
        return None if told is None else float(told)
    except ValueError:
        return None


def told_at_once(done: Done, heard: Heard | None) -> Done:
    """`done`, marked if the answer came in one piece, whatever the format."""
    whole = heard is not None and heard.whole and "not_streamed" not in done.flags
    return replace(done, flags=(*done.flags, "not_streamed")) if whole else done


_DEPLOYED = re.compile(r"\.azure(?:-api)?\.(?:com|net|us|cn)$")
"""Hosts at which one asks for a deployment, which has a name chosen by its owner."""
