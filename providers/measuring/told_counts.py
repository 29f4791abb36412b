"""Which of the token counts that a vendor reported can be believed. Pure.

Covers impossible zeros, and the counts of an answer that broke off: what it read is known then, what it wrote is not.
"""

from __future__ import annotations

from dataclasses import replace

from providers.interface import Done, Usage


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


def counted_so_far(told: Done | None) -> Done | None:
    """What was reported of an answer whose end never came, flagged as such; `None` if no tokens were counted."""
    told = told and without_impossible_zeros(told, wrote=False)
    if told is None or told.usage is None:
        return None
    invalid = tuple(flag for flag in told.flags if flag == "usage_invalid")
    return replace(told, stop="other", stop_reason=None, flags=("counted_so_far", *invalid))


def final_counts(done: Done) -> Usage | None:
    """The counts that hold for the whole answer: for one that broke off, not those of what was written."""
    if done.usage is None or "counted_so_far" not in done.flags:
        return done.usage
    read = replace(done.usage, output_tokens=None, reasoning_tokens=None)
    return None if read.input_tokens is None else read
