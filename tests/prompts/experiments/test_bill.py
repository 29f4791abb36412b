"""The bill: calls, money and time of a plan before it is asked, and what is said where something is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from prompts.core.forecast import Forecast, Span
from prompts.core.targets import Target
from prompts.experiments.bill import FEWEST, SAMPLED, Tried, bill, sample
from prompts.experiments.bill_judges import AskJudge
from prompts.experiments.bill_parts import Pace
from prompts.experiments.bill_sentences import against_budget, confirmation, enough_cases, unheld
from prompts.experiments.cases import Cases, made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Budget, Plan, Wording
from prompts.experiments.planning import new_part
from prompts.experiments.throughput import Rate, Throughput
from providers.completion import Cost
from providers.interface import Request, Settings

FAST = Pace("openai", Throughput(10), 2.0, 38)
CASES = made(["mail"], [[f"mail {n}"] for n in range(12)])


def plan(*targets: str, cases: Cases = CASES, repeats: int = 1, wordings: int = 1, budget: Budget = Budget()) -> Plan:
    return Plan(
        name="Mail", wordings=tuple(Wording(f"w{n}", f"Sort {n}: {{{{mail}}}}") for n in range(wordings)), cases=cases,
        targets=tuple(Target("far", name) for name in targets), repeats=repeats, budget=budget,
    )  # fmt: skip


def a_cent(target: int, request: Request) -> Forecast:
    """Each call costs between 1 and 2 cents."""
    return Forecast(
        target=f"far:{request.model}", input_tokens=Span(10, 20), output_tokens=Span(10, 20), kind="amount",
        low=Decimal("0.01"), high=Decimal("0.02"), reason=None, fit="fits", context_tokens=1000,
        basis=("rule", "38 answers"),
    )  # fmt: skip


def priced(**of: str) -> Callable[[int, Request], Forecast]:
    """By model: `amount`, `local` or `unknown`; `open` has no upper end."""

    def forecast_of(target: int, request: Request) -> Forecast:
        known = a_cent(target, request)
        match of[request.model]:
            case "local":
                return replace(known, kind="local", low=None, high=None)
            case "unknown":
                return replace(known, kind="unknown", low=None, high=None, reason="no price is listed")
            case "open":
                return replace(known, high=None, reason="files")
            case _:
                return known

    return forecast_of


def test_calls_and_money_are_those_of_every_case_wording_and_repeat() -> None:
    found = bill(plan("a", "b", repeats=3, wordings=2), a_cent, [FAST, FAST])
    assert found.calls == 144
    assert [line.calls for line in found.lines] == [72, 72]
    assert [line.money for line in found.lines] == ["about $0.720 to $1.44"] * 2
    assert (found.low, found.high, found.money) == (Decimal("1.44"), Decimal("2.88"), "about $1.44 to $2.88")


def test_many_prompts_are_sampled_over_the_whole_table_and_scaled() -> None:
    seen: list[str] = []

    def note(target: int, request: Request) -> Forecast:
        seen.append(request.messages[0].text)
        return a_cent(target, request)

    cases = made(["mail"], [[f"mail {n}"] for n in range(1000)])
    found = bill(plan("a", cases=cases, wordings=2), note, [FAST])
    assert found.sampled == len(seen) == SAMPLED
    assert seen[0] == "Sort 0: mail 0"
    assert seen[-1] == "Sort 1: mail 990"
    assert (found.low, found.high) == (Decimal(20), Decimal(40))


def test_of_long_texts_fewer_are_forecast() -> None:
    cases = made(["mail"], [[f"{n} " + "word " * 2000] for n in range(1000)])
    assert bill(plan("a", cases=cases), a_cent, [FAST]).sampled == FEWEST


def test_a_sample_is_spread_and_a_small_table_taken_whole() -> None:
    assert sample(3, 200) == [0, 1, 2]
    assert sample(10, 5) == [0, 2, 4, 6, 8]


def test_the_settings_and_the_filled_system_prompt_are_what_is_forecast() -> None:
    seen: list[Settings] = []

    def note(target: int, request: Request) -> Forecast:
        seen.append(request.settings)
        return a_cent(target, request)

    planned = plan("a", cases=made(["mail"], [["hello"]]))
    wording = Wording("w", "x", "You sort {{mail}}.")
    bill(replace(planned, wordings=(wording,), targets=(Target("far", "a", Settings(seed=3)),)), note, [FAST])
    assert seen == [Settings(system="You sort hello.", seed=3)]


def test_time_is_that_of_the_slowest_place() -> None:
    local = Pace("this computer", Throughput(1), 10.0, 3)
    found = bill(plan("a", "b", "c"), a_cent, [FAST, local, local])
    assert [(place.name, place.calls, place.seconds) for place in found.places] == [
        ("openai", 12, pytest.approx(2.4)), ("this computer", 24, pytest.approx(240)),
    ]  # fmt: skip
    assert found.seconds == pytest.approx(240)
    assert found.duration == "about 4 min"


def test_an_unknown_time_makes_the_whole_at_least() -> None:
    found = bill(plan("a", "b"), a_cent, [FAST, Pace("other", Throughput(10), None)])
    assert found.duration == "at least 2.40 s"
    assert found.lines[1].seconds is None
    nothing = bill(plan("a"), a_cent, [Pace("other", Throughput(10), None)])
    assert nothing.duration == ""


@pytest.mark.parametrize(
    ("kinds", "money", "bounded"),
    [
        ({"a": "local", "b": "local"}, "no fee", True),
        ({"a": "amount", "b": "local"}, "about $0.120 to $0.240", True),
        ({"a": "amount", "b": "unknown"}, "≥ $0.120", False),
        ({"a": "amount", "b": "open"}, "≥ $0.240", False),
        ({"a": "unknown", "b": "unknown"}, "cost unknown", False),
    ],
)
def test_money_is_never_less_than_is_known_and_unknown_is_never_zero(
    kinds: dict[str, str], money: str, bounded: bool
) -> None:
    found = bill(plan("a", "b"), priced(**kinds), [FAST, FAST])
    assert (found.money, found.bounded) == (money, bounded)
    assert bounded or found.high is None


def test_under_a_budget_a_model_of_unknown_price_is_left_out_unless_told_otherwise() -> None:
    kinds = priced(a="amount", b="unknown")
    capped = bill(plan("a", "b", budget=Budget(Decimal(3))), kinds, [FAST, FAST])
    assert (capped.left_out, capped.calls, capped.money) == ((1,), 12, "about $0.120 to $0.240")
    assert [place.calls for place in capped.places] == [12]
    asked = bill(plan("a", "b", budget=Budget(Decimal(3), unknown="ask")), kinds, [FAST, FAST])
    assert (asked.left_out, asked.calls, asked.money) == ((), 24, "≥ $0.120")
    assert bill(plan("a", "b"), kinds, [FAST, FAST]).left_out == ()


@pytest.mark.parametrize(
    ("cap", "said"),
    [("1", "covers it"), ("0.15", "may not cover it"), ("0.10", "will not cover it")],
)
def test_the_budget_is_compared_with_the_forecast(cap: str, said: str) -> None:
    planned = plan("a", budget=Budget(Decimal(cap)))
    assert said in against_budget(bill(planned, a_cent, [FAST]), planned)


def test_what_a_budget_cannot_hold_is_said_before_the_start_refuses_it() -> None:
    checked = plan("a", budget=Budget(Decimal(1)))
    judged = replace(checked, checks=(Check("judge", "Polite.", ("far:j",)),))
    ask = AskJudge(lambda _, request: priced(j="unknown")(0, request), lambda _: FAST)
    found = bill(judged, a_cent, [FAST], None, ask)
    assert unheld(found, judged).startswith("What far:j costs is not known")
    assert against_budget(found, judged) == ""
    assert unheld(found, replace(judged, budget=Budget())) == ""
    nothing = checked
    assert unheld(bill(nothing, priced(a="unknown"), [FAST]), nothing).startswith("Nothing is left to ask")


def test_a_question_is_asked_only_above_the_amount_that_was_set() -> None:
    planned = plan("a", budget=Budget(ask_above=Decimal("0.2")))
    assert "$0.120 to $0.240; you wanted to be asked above $0.20." in confirmation(
        bill(planned, a_cent, [FAST]), planned
    )
    cheap = plan("a", budget=Budget(ask_above=Decimal("0.24")))
    assert confirmation(bill(cheap, a_cent, [FAST]), cheap) == ""
    free = bill(planned, priced(a="local"), [FAST])
    assert confirmation(free, planned) == ""
    unknown = bill(planned, priced(a="unknown"), [FAST])
    assert "no upper bound" in confirmation(unknown, planned)


def test_the_case_that_was_tried_speaks_beside_the_forecast_and_for_a_time_that_was_not_known() -> None:
    once = {0: Tried(Cost("amount", Decimal("0.015")), 3.0)}
    line = bill(plan("a"), a_cent, [Pace("far", Throughput(4), None)], once).lines[0]
    assert line.tried == "The case that was tried: $0.015, 3.00 s. 12 like it: $0.180."
    assert line.seconds == pytest.approx(9)
    assert line.money == "about $0.120 to $0.240"
    failed = bill(plan("a"), a_cent, [FAST], {0: Tried(Cost("unknown", reason="it failed"), None)})
    assert failed.lines[0].tried == "The case that was tried gave no answer."


def test_too_few_cases_for_the_difference_that_matters_are_said_with_how_many_it_takes() -> None:
    said = "Showing a difference of 10 points takes about 327 cases; this plan has 12 cases."
    assert enough_cases(plan("a", "b")) == said
    assert enough_cases(replace(plan("a", "b"), matters=0.9)) == ""
    assert enough_cases(plan("a")) == ""


def test_of_an_extension_only_what_is_new_is_on_the_bill() -> None:
    old = plan("a", repeats=2)
    more = made(["mail"], [*CASES.rows, ["new"]])
    assert new_part(replace(old, cases=more), old).size == 2
    assert new_part(plan("a", "b", repeats=2), old).size == 24
    assert new_part(replace(old, repeats=5), old).size == 36
    assert new_part(plan("a", wordings=2, repeats=2), old).size == 24
    both = replace(old, cases=more, repeats=5)
    assert new_part(both, old) == both
    assert new_part(old, old) == old


def test_judges_are_on_the_bill_with_a_call_for_each_answer_and_order() -> None:
    checks = (
        Check("judge", value="Polite.", values=("far:j",)),
        Check("judge-pair", value="Better?", values=("far:j",), against="x"),
    )
    planned = replace(plan("a", "b", repeats=2), checks=checks)
    seen: list[int] = []

    def judge(target: Target, request: Request) -> Forecast:
        seen.append(len(request.messages[0].text))
        return a_cent(0, request)

    found = bill(planned, a_cent, [FAST, FAST], None, AskJudge(judge, lambda _: Pace("far", Throughput(8), 1.0, 5)))
    assert [(each.name, each.calls, each.money) for each in found.judges] == [("far:j", 144, "about $1.44 to $2.88")]
    assert (found.calls, found.money) == (48, "about $1.92 to $3.84")
    assert seen[0] < seen[1]  # about an empty answer, and about the longest that is expected


def test_a_judge_of_unknown_price_leaves_the_sum_open() -> None:
    planned = replace(plan("a"), checks=(Check("judge", value="Polite.", values=("far:j",)),))
    unknown = AskJudge(lambda _, request: priced(j="unknown")(0, request), lambda _: Pace("far", Throughput(1), None))
    found = bill(planned, a_cent, [FAST], None, unknown)
    assert (found.money, found.bounded, found.high) == ("≥ $0.120", False, None)


@pytest.mark.parametrize(
    ("duration", "seconds", "said"),
    [(1.0, 4.8 + 18.0, "about 22.8 s"), (None, 4.8, "at least 4.80 s")],
)
def test_judges_take_their_time_once_the_answers_are_there(duration: float | None, seconds: float, said: str) -> None:
    planned = replace(plan("a", "b"), checks=(Check("judge", value="Polite.", values=("far:j",)),))
    pace = Pace("far", Throughput(2), None if duration is None else 1.5, 5)
    found = bill(planned, a_cent, [FAST, FAST], None, AskJudge(lambda _, request: a_cent(0, request), lambda _: pace))
    assert found.seconds == pytest.approx(seconds)
    assert found.duration == said
    assert [place.name for place in found.judge_places] == ["far"]


def test_a_limit_of_calls_a_minute_shows_as_the_time_it_takes_even_of_a_model_that_was_never_timed() -> None:
    cases = made(["mail"], [[f"mail {n}"] for n in range(3_606)])
    limited = Throughput(16, rates=(Rate(60),))
    found = bill(plan("a", cases=cases), a_cent, [Pace("far", limited, 0.5, 9)])
    assert found.seconds == pytest.approx(3_600)
    assert found.places[0].decided_by == "its own limit of 60 calls a minute"
    untimed = bill(plan("a", cases=cases), a_cent, [Pace("far", limited, None)])
    assert untimed.duration == "at least 1.0 h"


def test_a_limit_of_tokens_a_minute_counts_what_calls_read_and_write() -> None:
    cases = made(["mail"], [[f"mail {n}"] for n in range(1_000)])
    found = bill(plan("a", cases=cases), a_cent, [Pace("far", Throughput(16, rates=(Rate(500, "token"),)), 0.5, 9)])
    assert found.seconds == pytest.approx((30 * 1_000 - 50) / 500 * 60)  # 15 tokens in and 15 out, in the middle


def test_a_limit_holds_for_all_models_of_its_provider_together() -> None:
    pace = Pace("far", Throughput(16, rates=(Rate(12, own=False),)), 0.1, 9)
    found = bill(plan("a", "b"), a_cent, [pace, pace])
    assert found.lines[0].seconds == pytest.approx((12 - 1) * 5)
    assert found.seconds == pytest.approx((24 - 1) * 5)
    assert found.places[0].decided_by == "the limit set here of 12 calls a minute"


def test_a_provider_that_sends_nothing_for_an_hour_takes_an_hour_more_and_its_judges_wait_no_second_one() -> None:
    shut = Throughput(10, 5, wait_s=3_600)
    planned = replace(plan("a"), checks=(Check("judge", value="Polite.", values=("far:j",)),))
    judge = AskJudge(lambda _, request: a_cent(0, request), lambda _: Pace("far", shut, 2.0, 5))
    found = bill(planned, a_cent, [Pace("far", shut, 2.0, 5)], None, judge)
    assert found.seconds == pytest.approx(3_600 + 12 * 2 / 5 + 12 * 2 / 5)


def test_what_the_time_rests_on_is_said() -> None:
    held = Throughput(16, 4, (Rate(60), Rate(40_000, "token"), Rate(30, own=False)), 3_480)
    assert bill(plan("a"), a_cent, [Pace("far", held, 2.0, 38)]).lines[0].grounds[-1] == (
        "Time: 2.00 s a call (the median of 38 calls here), 4 at once since it refused (one more each minute, up to "
        "16), its own limit of 60 calls a minute, its own limit of 40,000 tokens a minute, the limit set here of 30 "
        "calls a minute, and nothing for the next 58 min."
    )


def test_a_model_whose_answers_were_all_cut_is_not_called_never_asked() -> None:
    """Only complete answers are timed, so that is what is missing."""
    (line,) = bill(plan("a"), a_cent, [Pace("far", Throughput(4), None)]).lines
    assert line.grounds[-1].startswith("Time: no complete answer of this model was timed here; ")
