"""What is said of a request asked again: figures, change, and whether the same thing answered."""

from dataclasses import replace

import pytest

from prompts.analysis.rerun_changes import NOT_TOLD, served, then_and_now
from prompts.core.conversation import asked_again
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, Timings
from providers.interface import Settings, Usage
from tests.prompts.samples import FAILED, FULL, TARGET
from tests.runs import as_run, end, started, with_cell

PLAIN = replace(FULL, conditions=(), fingerprint={})


def asked(*completions: Completion, columns: int = 1) -> Run:
    run = started("Why?", [TARGET] * columns, repeats=len(completions) // columns)
    return fill(run, *completions)


def fill(plan: Plan, *completions: Completion) -> Run:
    run = as_run(plan)
    for live, done in zip(run.live, completions, strict=True):
        end(live, done, done.text)
    return run


def took(seconds: float, **more: object) -> Completion:
    return replace(PLAIN, timings=Timings(time_to_first_token_s=seconds / 2, duration_s=seconds), **more)


def changes(then: Run, now: Run) -> dict[str, tuple[str, str, str]]:
    (pair,) = then_and_now(then, now)
    return {each.name: (each.then, each.now, each.said) for each in pair.changes}


def test_figures_stand_beside_one_another_with_the_change():
    then = asked(took(2.0, usage=Usage(10, 40), cost=Cost("amount", FULL.cost.amount)))
    now = fill(asked_again(then), took(3.0, usage=Usage(10, 50), cost=Cost("unknown")))
    said = changes(then, now)
    assert said["Duration"] == ("2.00 s", "3.00 s", "+1.00 s (+50 %)")
    assert said["First token"] == ("1.00 s", "1.50 s", "+500 ms (+50 %)")
    assert said["Tokens in"] == ("10", "10", "same")
    assert said["Tokens out"] == ("40", "50", "+10 (+25 %)")
    assert said["Cost"] == ("$0.00012", "—", "—")


def test_a_model_without_a_fee_has_none_then_and_now():
    then = asked(took(2.0, cost=Cost("local")))
    assert changes(then, fill(asked_again(then), took(2.0, cost=Cost("local"))))["Cost"] == ("no fee", "no fee", "same")


def test_less_is_said_as_less():
    then = asked(took(3.0))
    assert changes(then, fill(asked_again(then), took(2.0)))["Duration"][2] == "−1.00 s (−33 %)"


def test_conditions_of_both_sides_are_told():
    then = asked(replace(took(2.0), conditions=("cold_load",)))
    (pair,) = then_and_now(then, fill(asked_again(then), took(1.0)))
    duration = next(each for each in pair.changes if each.name == "Duration")
    assert duration.help == "Then: model was loaded first. Now: clean."


def test_one_point_gives_no_verdict_and_repeats_do():
    then = asked(took(1.0))
    (pair,) = then_and_now(then, fill(asked_again(then), took(9.0)))
    assert [each.verdict for each in pair.changes] == [""] * len(pair.changes)
    slow = asked(*(took(9 + n / 10) for n in range(8)))
    (pair,) = then_and_now(slow, fill(asked_again(slow), *(took(1 + n / 10) for n in range(8))))
    duration = next(each for each in pair.changes if each.name == "Duration")
    assert duration.verdict.startswith("Now is faster than Then")
    assert duration.then == "9.35 s, median of 8"


def test_an_answer_that_failed_has_no_figures_and_no_text():
    then = asked(PLAIN)
    (pair,) = then_and_now(then, fill(asked_again(then), FAILED))
    assert {each.now for each in pair.changes} == {"—"}
    assert pair.texts is None
    assert pair.served.state == "untold"


def test_targets_find_their_earlier_selves_and_one_that_was_not_asked_says_so():
    then = asked(took(1.0), took(2.0), columns=2)
    now = fill(asked_again(then), took(3.0), took(4.0))
    now = with_cell(now, 1, target=Target("google", "gemini"))
    pairs = then_and_now(then, now)
    assert [(pair.target.provider, len(pair.then)) for pair in pairs] == [("openai", 1), ("google", 0)]


def test_settings_that_were_changed_by_a_retry_are_told():
    then = asked(PLAIN)
    now = fill(asked_again(then), PLAIN)
    now = with_cell(now, 0, target=TARGET.with_settings(replace(TARGET.settings, temperature=None)))
    assert then_and_now(then, now)[0].differs == ("temperature not sent",)
    assert Settings() != TARGET.settings


@pytest.mark.parametrize(
    ("then", "now", "state"),
    [
        ({"system_fingerprint": "fp_1"}, {"system_fingerprint": "fp_1"}, "same"),
        ({"system_fingerprint": "fp_1"}, {"system_fingerprint": "fp_2"}, "moved"),
        ({"digest": "aa", "quantization": "Q4"}, {"digest": "aa", "quantization": "Q4"}, "same"),
        ({"digest": "aa", "quantization": "Q4"}, {"digest": "bb", "quantization": "Q4"}, "moved"),
        ({"system_fingerprint": "fp_1"}, {}, "named"),
        ({}, {}, "named"),
        ({"service_tier": "flex"}, {"service_tier": "default"}, "named"),
        ({"response_model": None}, {}, "untold"),
        ({"response_model": "gpt-4o-2025"}, {}, "moved"),
        ({"response_model": None}, {"response_model": None}, "untold"),
    ],
)
def test_not_told_is_never_the_same(then, now, state):
    def completion(told: dict[str, str]) -> Completion:
        model = told.get("response_model", "gpt-4o-2024")
        return replace(
            PLAIN, response_model=model, fingerprint={k: v for k, v in told.items() if k != "response_model"}
        )

    assert served([completion(then)], [completion(now)]).state == state


def test_a_side_that_does_not_tell_is_shown_as_such():
    told = served([replace(PLAIN, fingerprint={"digest": "aa"})], [PLAIN]).told
    assert told == (
        ("answered by", FULL.response_model, FULL.response_model), ("digest", "aa", NOT_TOLD),
    )  # fmt: skip
