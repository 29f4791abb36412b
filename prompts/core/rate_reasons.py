"""Why an answer has no tokens/s, as far as its record tells: the sentence beside the "—"."""

from __future__ import annotations

from providers.completion import Completion
from providers.measuring.rate import TOKENS, WINDOW_S
from providers.measuring.timing import TOKENS_WITHOUT_TEXT


def why_no_rate(done: Completion) -> str | None:
    """One sentence; `None` if there is a rate, or no answer that could have one."""
    times, tokens = done.timings, done.usage.answer_tokens if done.usage else None
    first, last = times.time_to_first_token_s, times.time_to_last_token_s
    if times.output_tokens_per_s is not None or first is None or last is None:
        return None
    if tokens is None:
        return "No tokens were counted."
    if done.text and tokens > len(done.text.encode()) + TOKENS_WITHOUT_TEXT:
        return "The token count is far larger than the visible text."
    if last - first < WINDOW_S or tokens < TOKENS:
        return f"The answer was over too soon: a rate needs {WINDOW_S:g} s and {TOKENS} tokens."
    if "contended" in done.conditions:
        return "This computer was too busy to see the answer arrive."
    return "The answer came in too few pieces: a rate would measure the network, not the model."
