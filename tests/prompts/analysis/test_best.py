"""Who is best of a run, and when nobody may be called so."""

from dataclasses import replace

import pytest

from prompts.analysis.best import TITLES, Best, best_of
from prompts.core.answer import Answer
from prompts.core.feedback import Mark
from providers.completion import Timings
from tests.prompts.analysis.answers import LOCAL, UNPRICED, answer, dollars, run_of


def best(title: str, *answers: Answer, person: str = "") -> Best:
    return next(each for each in best_of(run_of(*answers), person) if each.title == title)


def timed(column: int, first: float | None, repeat: int = 0) -> Answer:
    return answer(column, repeat, times=Timings(time_to_first_token_s=first, duration_s=2.0))


def test_every_figure_has_an_entry_in_a_fixed_order() -> None:
    assert tuple(each.title for each in best_of(run_of(answer(0), answer(1)))) == TITLES


def test_the_least_is_named_with_its_figure_its_answers_and_its_doubt() -> None:
    found = best("Fastest", answer(0, duration=3.0), answer(1, duration=2.0))
    assert (found.names, found.figure, found.n) == (("openai:m1",), "2.00 s", 1)
    assert found.doubt == "One answer each: repeat to be sure."


@pytest.mark.parametrize(
    ("title", "answers", "said"),
    [
        ("Cheapest", (answer(0), answer(1, cost=UNPRICED)), "Not known: the price of openai:m1."),
        ("Fastest", (answer(0), answer(1, duration=None)), "Not known: the time of openai:m1."),
        ("First token", (timed(0, 0.2), timed(1, None)), "Not known: the time of openai:m1."),
        ("Shortest", (answer(0), answer(1, text="")), "Not known: the length of openai:m1."),
        ("Cheapest", (answer(0, cost=LOCAL), answer(1, cost=LOCAL)), "None of them charges a fee."),
        ("Cheapest", (answer(0), answer(1, cost=LOCAL)), "openai:m1 charges no fee. Only openai:m0 charges one."),
        ("Fastest", (answer(0), answer(1, state="failed")), "Fewer than two models answered."),
        ("Fastest", (answer(0), answer(1, state="empty", text="")), "Fewer than two models answered."),
        ("Your best", (answer(0), answer(1)), "Mark the best answer, or give stars to two or more."),
    ],
)
def test_what_is_not_known_of_all_is_said_of_none(title: str, answers: tuple[Answer, ...], said: str) -> None:
    found = best(title, *answers)
    assert (found.names, found.doubt) == ((), said)


def test_one_repeat_without_a_price_is_enough_to_call_nobody_cheapest() -> None:
    unpriced = answer(0, 1, cost=UNPRICED)
    assert best("Cheapest", answer(0, 0), unpriced, answer(1, 0), answer(1, 1)).unknown == ("openai:m0",)


def test_a_model_without_a_fee_neither_wins_nor_hides_the_cheapest() -> None:
    found = best("Cheapest", answer(0, cost=LOCAL), answer(1, cost=dollars("2")), answer(2, cost=dollars("1")))
    assert (found.names, found.among) == (("openai:m2",), "of those that charge a fee")
    assert found.doubt.startswith("openai:m0 charges no fee.")


def test_ties_are_said() -> None:
    two = best("Cheapest", *(answer(n, cost=dollars(cost)) for n, cost in enumerate(("1", "1", "2"))))
    assert two.names == ("openai:m0", "openai:m1")
    every = best("Cheapest", answer(0), answer(1))
    assert (len(every.names), every.doubt) == (2, "All are the same.")


def test_failures_and_warm_ups_never_win() -> None:
    found = best("Fastest", answer(0, duration=5.0), answer(1, duration=4.0), answer(2, duration=0.1, state="failed"))
    assert found.names == ("openai:m1",)


def repeats(column: int, *durations: float) -> list[Answer]:
    return [answer(column, n, duration=each) for n, each in enumerate(durations)]


def test_of_repeats_the_median_counts_and_few_of_them_cannot_tell() -> None:
    found = best("Fastest", *repeats(0, 1.0, 9.0, 3.0), *repeats(1, 2.0, 2.0, 9.0))
    assert (found.names, found.figure, found.n) == (("openai:m1",), "2.00 s", 3)
    assert found.doubt == "Medians; with fewer than 6 answers each, the difference may be chance."


def test_enough_repeats_take_the_doubt_away_or_say_of_whom_it_stays() -> None:
    quick = (1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.05, 1.15)
    clear = best("Fastest", *repeats(0, *quick), *repeats(1, *(3 * each for each in quick)))
    assert (clear.names, clear.doubt) == (("openai:m0",), "")
    near, far = (0.001 + each for each in reversed(quick)), (3 * each for each in quick)
    close = best("Fastest", *repeats(0, *quick), *repeats(1, *near), *repeats(2, *far))
    assert (close.names, close.doubt) == (("openai:m0",), "Not yet distinguishable from openai:m1.")


def test_unequal_conditions_are_named() -> None:
    found = best("Fastest", answer(0, duration=3.0, conditions=("cold_load",)), answer(1))
    assert found.conditions == ("openai:m0: model was loaded first",)
    same = best("Fastest", answer(0, conditions=("new_connection",)), answer(1, conditions=("new_connection",)))
    assert same.conditions == ()


def marked(column: int, *marks: Mark) -> Answer:
    return replace(answer(column), marks=marks)


def test_your_best_is_the_marked_one_else_the_one_with_most_stars_and_never_somebody_elses() -> None:
    chosen = best("Your best", marked(0, Mark("me", stars=5)), marked(1, Mark("me", best=True)), person="me")
    assert (chosen.names, chosen.figure) == (("openai:m1",), "marked best")
    rated = [marked(0, Mark("me", stars=3)), marked(1, Mark("me", stars=4)), marked(2, Mark("you", best=True))]
    found = best("Your best", *rated, person="me")
    assert (found.names, found.figure, found.doubt) == (("openai:m1",), "★ 4", "Without stars: openai:m2.")
