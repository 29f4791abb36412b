"""The word beside the "—" of tokens/s."""

from dataclasses import replace

import pytest

from prompts.core.rate_reasons import why_no_rate
from providers.completion import Completion, Timings
from providers.interface import Usage
from tests.prompts.samples import FULL

SLOW = Timings(time_to_first_token_s=1.0, time_to_last_token_s=3.0)
QUICK = Timings(time_to_first_token_s=1.0, time_to_last_token_s=1.125)


def answer(timings: Timings = SLOW, output: int | None = 40, text: str = "word " * 40, **changes: object) -> Completion:
    usage = None if output is None else Usage(10, output)
    return replace(FULL, timings=timings, usage=usage, text=text, conditions=(), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (answer(), "too few pieces"),
        (answer(QUICK), "over too soon"),
        (answer(output=9), "over too soon"),
        (answer(output=None), "No tokens were counted"),
        (answer(output=400, text="word"), "token count is far larger"),
        (replace(answer(), conditions=("contended",)), "too busy"),
    ],
)
def test_a_missing_rate_has_its_reason(done: Completion, said: str) -> None:
    assert said in (why_no_rate(done) or "")


def test_there_is_none_where_there_is_a_rate_or_was_no_answer() -> None:
    assert why_no_rate(answer(replace(SLOW, output_tokens_per_s=20.0))) is None
    assert why_no_rate(answer(Timings(duration_s=1.0), text="")) is None
