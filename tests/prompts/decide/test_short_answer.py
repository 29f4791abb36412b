"""The sentences on top of a choice: who is left, what each leads in, who is beaten, and how sure that is."""

from __future__ import annotations

from prompts.analysis.statistics.verdicts import Verdict
from prompts.decide.candidate import Candidate
from prompts.decide.efficient import efficient
from prompts.decide.short_answer import short_answer
from tests.prompts.decide.made import candidate

OPEN = Verdict((0, 1), "open", "", None, 20, 0.4, 517)
SAME = Verdict((0, 1), "same", "", None, 400, 0.9)
BETTER = Verdict((0, 1), "better", "", None, 20, 0.01)


def said(*candidates: Candidate, verdicts: tuple[Verdict, ...] = ()) -> tuple[str, ...]:
    return short_answer(efficient(candidates).standings, verdicts)


def test_those_that_nobody_beats_are_named_with_what_they_lead_in() -> None:
    left, beaten = said(
        candidate("a:dear", 0.9, 0.003, 2.0), candidate("a:good", 0.95, 0.002, 0.5), candidate("a:cheap", 0.7, 0.0001),
    )  # fmt: skip
    assert left == (
        "Left to choose between: a:good (highest quality, 95 %, range 95 to 95 %; fastest, 500 ms); "
        "a:cheap (lowest cost, $0.100 for 1,000 requests)."
    )
    assert beaten == "Beaten on quality, cost and time together: a:dear."


def test_one_that_beats_all_others_is_said_to_do_so() -> None:
    best, _ = said(candidate("a:good", 0.95, 0.001, 0.5), candidate("a:same-price", 0.7, 0.001))
    assert best == (
        "At least as good, as cheap and as fast as every other that was measured here: a:good (highest quality, "
        "95 %, range 95 to 95 %; fastest, 500 ms)."
    )


def test_that_a_range_overlaps_is_said_of_those_that_are_beaten() -> None:
    _, beaten = said(candidate("a:good", 0.9, 0.001), candidate("a:near", 0.88, 0.002, half=0.1))
    assert beaten.endswith("a:near, though ranges overlap.")


def test_nobody_leads_where_all_are_the_same() -> None:
    assert said(candidate("a:one"), candidate("a:two"))[0] == "Left to choose between: a:one; a:two."


def test_what_asks_no_fee_leads_in_cost_without_a_figure() -> None:
    [left] = said(candidate("builtin:own", 0.5, 0.0, no_fee=True), candidate("a:good", 0.9, 0.001))
    assert "builtin:own (lowest cost, no fee)" in left


def test_more_than_four_are_counted() -> None:
    [left] = said(*(candidate(f"a:{n}", 0.5 + n / 20, 0.001 + n / 1000) for n in range(6)))
    assert left.endswith("; 2 more.")


def test_how_sure_it_is_says_what_would_settle_it() -> None:
    two = candidate("a:one", 0.9, 0.002), candidate("a:two", 0.8, 0.001)
    *_, sure = said(*two, verdicts=(OPEN, BETTER))
    assert sure == (
        "On quality the cases distinguish 1 of 2 pairs; the rest may be chance. About 517 cases like these would "
        "probably show a difference that matters; you have 20."
    )
    assert said(*two, verdicts=(BETTER,))[-1] == "On quality the cases distinguish 1 of 1 pair."
    assert said(*two, verdicts=(BETTER, SAME))[-1] == (
        "On quality the cases distinguish 1 of 2 pairs and show no difference that matters in 1."
    )


def test_nothing_is_sure_while_an_experiment_runs() -> None:
    two = candidate("a:one", 0.9, 0.002), candidate("a:two", 0.8, 0.001)
    running = Verdict((0, 1), "running", "", None, 20)
    assert said(*two, verdicts=(running,))[-1].startswith("How sure that is cannot be said before")


def test_with_fewer_than_two_that_can_be_compared_nothing_is_said() -> None:
    assert said(candidate("a:one"), candidate("a:dark", None)) == ()
