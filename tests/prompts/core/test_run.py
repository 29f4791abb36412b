"""A run and its lanes as plain data."""

import pytest

from prompts.core.run import LIVE, WARM_UP, Lane, Run, plan
from prompts.core.targets import Target
from providers.interface import Delta, Message, Settings
from tests.prompts.samples import FAILED, FULL

ONE, TWO = Target("builtin", "ngram-2"), Target("openai", "gpt-4o", Settings(seed=3))


def test_a_plan_has_one_lane_for_each_target_and_repeat() -> None:
    run = plan("Why?", [ONE, TWO], repeats=3)
    assert [(lane.target, lane.position, lane.column, lane.repeat) for lane in run.lanes] == [
        (ONE, 0, 0, 0), (TWO, 1, 1, 0), (ONE, 2, 0, 1), (TWO, 3, 1, 1), (ONE, 4, 0, 2), (TWO, 5, 1, 2),
    ]  # fmt: skip
    assert len({lane.id for lane in run.lanes}) == 6
    assert {lane.state for lane in run.lanes} == {"waiting"}


def test_the_same_target_may_be_asked_in_two_columns() -> None:
    assert [lane.column for lane in plan("Why?", [ONE, ONE]).lanes] == [0, 1]


@pytest.mark.parametrize("prompt", ["", " ", "\n\t", "\u3000"])
def test_an_empty_prompt_is_refused_in_words(prompt: str) -> None:
    with pytest.raises(ValueError, match="The prompt is empty"):
        plan(prompt, [ONE])


def test_no_target_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Pick at least one"):
        plan("Why?", [])


def test_each_lane_asks_its_own_model_with_its_own_settings() -> None:
    run = plan(" Why?\n", [ONE, TWO])
    request = run.request(run.lanes[1])
    assert (request.model, request.settings) == ("gpt-4o", Settings(seed=3))
    assert request.messages == (Message("user", " Why?\n"),)  # as typed


def test_a_run_is_finished_when_no_lane_is_live() -> None:
    run = plan("Why?", [ONE, TWO])
    assert not run.finished
    run.lanes[0].finish(FULL)
    assert not run.finished
    run.lanes[1].finish(FAILED)
    assert run.finished


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_lane_is_live_until_it_has_its_outcome(state) -> None:
    lane = Lane(ONE, 0, 0)
    lane.state = state
    assert lane.live
    lane.finish(FAILED, "why")
    assert not lane.live
    assert (lane.completion, lane.state, lane.note) == (FAILED, "failed", "why")


def test_deltas_are_gathered_by_kind_and_begin_the_streaming() -> None:
    lane = Lane(ONE, 0, 0)
    lane.take(Delta("thinking", "hm"))
    assert lane.state == "streaming"
    lane.take(Delta("text", "a"))
    lane.take(Delta("text", "b"))
    assert (lane.text_parts, lane.thinking_parts) == (["a", "b"], ["hm"])


def test_another_attempt_starts_over_and_leaves_the_old_texts_to_their_readers() -> None:
    lane = Lane(ONE, 0, 0)
    lane.begin()
    lane.take(Delta("text", "old"))
    lane.finish(FAILED, "why")
    old = lane.text_parts
    lane.begin()
    assert (lane.attempt, lane.state, lane.text_parts, lane.thinking_parts) == (2, "waiting", [], [])
    assert (lane.completion, lane.note, lane.sent_at) == (None, None, None)
    assert old == ["old"]


def test_runs_and_lanes_are_compared_by_identity() -> None:
    assert Lane(ONE, 0, 0, id="x") != Lane(ONE, 0, 0, id="x")
    assert Run("a", [], id="x") != Run("a", [], id="x")
    assert Run("a", []).created_at.tzinfo is not None


def test_what_every_attempt_cost_is_kept() -> None:
    lane = Lane(ONE, 0, 0)
    assert lane.costs == ()
    lane.begin()
    assert lane.costs == ()
    lane.finish(FULL)
    assert (lane.spent, lane.costs) == ((), (FULL.cost,))
    lane.begin()
    assert (lane.spent, lane.costs) == ((FULL.cost,), (FULL.cost,))
    lane.finish(FAILED)
    lane.begin()
    assert lane.costs == (FULL.cost, FAILED.cost)


@pytest.mark.parametrize("repeats", [1, 2, 5])
@pytest.mark.parametrize("fair", [False, True])
def test_warm_ups_are_lanes_that_count_in_no_number_of_repeats(repeats: int, fair: bool) -> None:
    run = plan("Why?", [ONE, TWO], repeats=repeats, fair=fair)
    assert run.repeats == repeats
    assert [lane.target for lane in run.lanes if lane.repeat == WARM_UP] == ([ONE, TWO] if fair else [])
    assert sum(lane.counts for lane in run.lanes) == 2 * repeats
