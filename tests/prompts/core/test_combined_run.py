"""Runs put side by side: their own lanes under one id, told apart, and never more than can be read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.core.combined_run import MOST_COLUMNS, GatheringError, gather, gathered_id, ids_of
from prompts.core.run import NOT_KEPT, Run, plan
from prompts.core.targets import Target
from providers.interface import Settings
from tests.prompts.samples import FULL, NOW, TARGET


def ended(prompt: str = "Why?", targets: int = 1, days: float = 0, **more: int) -> Run:
    """A finished run of some day."""
    run = plan(prompt, [TARGET] * targets, **more)
    run.created_at = NOW + timedelta(days=days)
    for lane in run.lanes:
        lane.begin()
        lane.text_parts.append(f"{prompt} {days}")
        lane.finish(replace(FULL, text=f"{prompt} {days}"))
    return run


def of(*runs: Run, ids: list[str] | None = None) -> Run:
    """Gather runs, or what `ids` names of them."""
    by_id = {run.id: run for run in runs}
    owner = {lane.id: run.id for run in runs for lane in run.lanes}
    return gather(gathered_id(ids or list(by_id)), by_id.get, owner.get)


def test_an_id_names_its_parts_each_once_and_no_other_id_is_taken_for_one():
    assert ids_of(gathered_id(["a", "b", "a", "c"])) == ("a", "b", "c")
    assert ids_of("5e0d1f2a-0000-4000-8000-000000000000") == ()


def test_the_lanes_are_the_true_ones_in_columns_of_their_own():
    first, second = ended(targets=2), ended(days=1)
    run = of(first, second)
    assert [lane.id for lane in run.lanes] == [lane.id for lane in (*first.lanes, *second.lanes)]
    assert [(lane.position, lane.column) for lane in run.lanes] == [(0, 0), (1, 1), (2, 2)]
    assert all(a.text_parts is b.text_parts for a, b in zip(run.lanes, (*first.lanes, *second.lanes), strict=True))
    assert (run.prompt, run.gathered, run.finished) == ("Why?", (first.id, second.id), True)


def test_the_originals_stay_as_they_are():
    first, second = ended(), ended("How?", days=1)
    of(second, first)
    assert [(lane.position, lane.column, lane.label, lane.asked) for lane in first.lanes] == [(0, 0, "", "")]


def test_repeats_stay_repeats_and_warm_ups_are_left_out():
    run = of(ended(repeats=2, fair=True), ended(days=1))
    assert [(lane.column, lane.repeat) for lane in run.lanes] == [(0, 0), (0, 1), (1, 0)]


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
    assert [lane.label for lane in run.lanes] == labels


def test_where_prompts_differ_each_answer_says_its_own():
    run = of(ended("Why?"), ended("How?", days=1))
    assert [lane.asked for lane in run.lanes] == ["Why?", "How?"]
    assert run.prompt == "1. Why?\n\n2. How?"


def test_shared_settings_stay_shared_and_others_are_nobodys():
    alike, other = ended(), ended(days=1)
    alike.settings = other.settings = Settings(seed=1)
    assert of(alike, other).settings == Settings(seed=1)
    other.settings = Settings()
    assert of(alike, other).settings == Settings()


def test_single_answers_can_be_picked_and_are_shown_once():
    first, second = ended(targets=3, repeats=2), ended(days=1)
    wanted = first.lanes[4]
    run = of(first, second, ids=[wanted.id, second.id, second.lanes[0].id])
    assert [(lane.id, lane.column, lane.repeat) for lane in run.lanes] == [
        (wanted.id, 0, 0), (second.lanes[0].id, 1, 0),
    ]  # fmt: skip


def test_what_is_gone_is_left_out_and_the_rest_is_shown():
    run = ended()
    gathered = of(run, ids=[run.id, "gone"])
    assert gathered.gathered == (run.id,)
    with pytest.raises(GatheringError, match="on record"):
        of(ids=["gone", "too"])


def test_a_run_that_is_still_asked_is_not_put_beside_others():
    with pytest.raises(GatheringError, match="still being asked"):
        of(ended(), plan("Why?", [Target("a", "b")]))


def test_an_answer_that_was_never_kept_says_so_beside_others():
    kept, without = ended(), ended(days=1)
    without.prompt, without.keeps, without.lanes[0].text_parts = "", "figures", []
    assert [lane.note for lane in of(kept, without).lanes] == [None, NOT_KEPT]


def test_there_is_a_bound_to_what_can_be_read():
    with pytest.raises(GatheringError, match="two runs or more"):
        gathered_id(["one", "one"])
    with pytest.raises(GatheringError, match=f"at most {MOST_COLUMNS} answers"):
        gathered_id([str(n) for n in range(MOST_COLUMNS + 1)])
    with pytest.raises(GatheringError, match="The 25 answers of these runs are too many"):
        of(ended(targets=MOST_COLUMNS), ended(days=1))
    with pytest.raises(GatheringError, match="are too many"):
        gather("~" * 100_000, lambda _: None, lambda _: None)
