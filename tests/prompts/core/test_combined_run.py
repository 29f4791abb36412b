"""Runs put side by side: their own answers under one id, told apart, and never more than can be read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.core.combined_run import MOST_COLUMNS, MOST_RUNS, GatheringError, gather, gathered_id, ids_of, readable
from prompts.core.run import NOT_KEPT, Run
from prompts.core.targets import Target
from providers.interface import Settings
from tests.prompts.samples import FULL, NOW, TARGET
from tests.runs import end, started


def ended(prompt: str = "Why?", targets: int = 1, days: float = 0, **more: int) -> Run:
    """A finished run of some day."""
    run = started(prompt, [TARGET] * targets, created_at=NOW + timedelta(days=days), **more)
    for live in run.live:
        end(live, replace(FULL, text=f"{prompt} {days}"), f"{prompt} {days}")
    return run


def of(*runs: Run, ids: list[str] | None = None) -> Run:
    """Gather runs, or what `ids` names of them."""
    by_id = {run.id: run for run in runs}
    owner = {answer.id: run.id for run in runs for answer in run.answers}
    return gather(gathered_id(ids or list(by_id)), by_id.get, owner.get)


def test_an_id_names_its_parts_each_once_and_no_other_id_is_taken_for_one():
    assert ids_of(gathered_id(["a", "b", "a", "c"])) == ("a", "b", "c")
    assert ids_of("5e0d1f2a-0000-4000-8000-000000000000") == ()


def test_the_answers_are_the_true_ones_in_columns_of_their_own():
    first, second = ended(targets=2), ended(days=1)
    run = of(first, second)
    assert [answer.id for answer in run.answers] == [answer.id for answer in (*first.answers, *second.answers)]
    assert [(answer.position, answer.column) for answer in run.answers] == [(0, 0), (1, 1), (2, 2)]
    assert all(
        a.text_parts is b.text_parts for a, b in zip(run.answers, (*first.answers, *second.answers), strict=True)
    )
    assert (run.prompt, run.combined, run.finished) == ("Why?", (first.id, second.id), True)


def test_the_originals_stay_as_they_are():
    first, second = ended(), ended("How?", days=1)
    of(second, first)
    assert [(answer.position, answer.column, answer.label, answer.asked) for answer in first.answers] == [
        (0, 0, "", "")
    ]


def test_repeats_stay_repeats_and_warm_ups_are_left_out():
    run = of(ended(repeats=2, fair=True), ended(days=1))
    assert [(answer.column, answer.repeat) for answer in run.answers] == [(0, 0), (0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        ((0, 1), ["2026-11-20", "2026-11-21"]),
        ((0, 1 / 24), ["2026-11-20 09:30 UTC", "2026-11-20 10:30 UTC"]),
        ((0, 1 / 86400), ["2026-11-20 09:30:00 UTC", "2026-11-20 09:30:01 UTC"]),
        ((0, 0), ["2026-11-20 09:30:00 UTC · run 1", "2026-11-20 09:30:00 UTC · run 2"]),
    ],
)
def test_a_label_says_when_as_precisely_as_needed(days, labels):
    run = of(*(ended(days=day) for day in days))
    assert [answer.label for answer in run.answers] == labels


def test_where_prompts_differ_each_answer_says_its_own():
    run = of(ended("Why?"), ended("How?", days=1))
    assert [answer.asked for answer in run.answers] == ["Why?", "How?"]
    assert run.prompt == "1. Why?\n\n2. How?"


def test_shared_settings_stay_shared_and_others_are_nobodys():
    alike, other = ended(), ended(days=1)
    alike, same = (replace(run, settings=Settings(seed=1)) for run in (alike, other))
    assert of(alike, same).settings == Settings(seed=1)
    assert of(alike, other).settings == Settings()


def test_single_answers_can_be_picked_and_are_shown_once():
    first, second = ended(targets=3, repeats=2), ended(days=1)
    wanted = first.answers[4]
    run = of(first, second, ids=[wanted.id, second.id, second.answers[0].id])
    assert [(answer.id, answer.column, answer.repeat) for answer in run.answers] == [
        (wanted.id, 0, 0), (second.answers[0].id, 1, 0),
    ]  # fmt: skip


def test_what_is_gone_is_left_out_and_the_rest_is_shown():
    run = ended()
    gathered = of(run, ids=[run.id, "gone"])
    assert gathered.combined == (run.id,)
    with pytest.raises(GatheringError, match="on record"):
        of(ids=["gone", "too"])


def test_a_run_that_is_still_asked_is_not_put_beside_others():
    with pytest.raises(GatheringError, match="still being asked"):
        of(ended(), started("Why?", [Target("a", "b")]))


def test_an_answer_that_was_never_kept_says_so_beside_others():
    kept, without = ended(), ended(days=1)
    without = replace(without, prompt="", keeps="figures")
    assert [answer.note for answer in of(kept, without).answers] == [None, NOT_KEPT]


def test_there_is_a_bound_to_what_can_be_read():
    with pytest.raises(GatheringError, match="two runs or more"):
        gathered_id(["one", "one"])
    with pytest.raises(GatheringError, match=f"at most {MOST_RUNS} fit"):
        gathered_id([str(n) for n in range(MOST_RUNS + 1)])
    with pytest.raises(GatheringError, match="are too many"):
        gather("~" * 100_000, lambda _: None, lambda _: None)


def test_more_answers_than_stand_side_by_side_are_for_a_matrix():
    assert readable(of(ended(targets=MOST_COLUMNS - 1), ended(days=1)))
    assert not readable(of(ended(targets=MOST_COLUMNS), ended(days=1)))
