"""A run and its answers as plain data."""

import pickle
import threading

import pytest

from prompts.core.answer import LIVE, LiveAnswer
from prompts.core.plan import WARM_UP, plan
from prompts.core.targets import Target
from providers.interface import Delta, Message, Moved, Settings
from tests.prompts.samples import FAILED, FULL
from tests.runs import answer_of, run_of, started

ONE, TWO = Target("builtin", "ngram-2"), Target("openai", "gpt-4o", Settings(seed=3))


def test_a_plan_has_one_answer_for_each_target_and_repeat() -> None:
    run = started("Why?", [ONE, TWO], repeats=3)
    assert [(answer.target, answer.position, answer.column, answer.repeat) for answer in run.answers] == [
        (ONE, 0, 0, 0), (TWO, 1, 1, 0), (ONE, 2, 0, 1), (TWO, 3, 1, 1), (ONE, 4, 0, 2), (TWO, 5, 1, 2),
    ]  # fmt: skip
    assert len({answer.id for answer in run.answers}) == 6
    assert {answer.state for answer in run.answers} == {"waiting"}


def test_the_same_target_may_be_asked_in_two_columns() -> None:
    assert [answer.column for answer in started("Why?", [ONE, ONE]).answers] == [0, 1]


@pytest.mark.parametrize("prompt", ["", " ", "\n\t", "\u3000"])
def test_an_empty_prompt_is_refused_in_words(prompt: str) -> None:
    with pytest.raises(ValueError, match="The prompt is empty"):
        started(prompt, [ONE])


def test_no_target_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Pick at least one"):
        started("Why?", [])


def test_each_answer_asks_its_own_model_with_its_own_settings() -> None:
    run = started(" Why?\n", [ONE, TWO])
    request = run.request(run.cells[1])
    assert (request.model, request.settings) == ("gpt-4o", Settings(seed=3))
    assert request.messages == (Message("user", " Why?\n"),)  # as typed


def test_a_run_is_finished_when_no_answer_is_live() -> None:
    run = started("Why?", [ONE, TWO])
    assert not run.finished
    run.live[0].finish(FULL)
    assert not run.finished
    run.live[1].finish(FAILED)
    assert run.finished


@pytest.mark.parametrize("state", sorted(LIVE))
def test_an_answer_is_live_until_it_has_its_outcome(state) -> None:
    live = LiveAnswer(answer_of(ONE, state=state))
    assert live.now.live
    live.finish(FAILED, "why")
    assert not live.now.live
    assert (live.now.completion, live.now.state, live.now.note) == (FAILED, "failed", "why")


def test_deltas_are_gathered_by_kind_and_begin_the_streaming() -> None:
    live = LiveAnswer(answer_of(ONE))
    live.take(Delta("thinking", "hm"))
    assert live.now.state == "streaming"
    live.take(Delta("text", "a"))
    live.take(Delta("text", "b"))
    assert (live.now.text_parts, live.now.thinking_parts, live.now.text) == (["a", "b"], ["hm"], "ab")


def test_text_that_turns_out_to_be_thinking_moves_and_leaves_old_readers_theirs() -> None:
    live = LiveAnswer(answer_of(ONE))
    live.take(Delta("thinking", "a"))
    live.take(Delta("text", "b"))
    old = live.now
    live.take(Moved())
    live.take(Delta("text", "yes"))
    assert (live.now.text, live.now.thinking_parts, live.now.moves) == ("yes", ["a", "b"], 1)
    assert (old.text, old.thinking_parts, old.moves) == ("b", ["a"], 0)
    live.begin()
    assert live.now.moves == 1  # so that what was shown of an earlier attempt is never taken for this one


def test_another_attempt_starts_over_and_leaves_the_old_texts_to_their_readers() -> None:
    live = LiveAnswer(answer_of(ONE))
    live.begin()
    live.take(Delta("text", "old"))
    live.finish(FAILED, "why")
    old = live.now
    live.begin()
    now = live.now
    assert (now.attempt, now.state, now.text_parts, now.thinking_parts) == (2, "waiting", [], [])
    assert (now.completion, now.note, now.sent_at) == (None, None, None)
    assert (old.attempt, old.text, old.completion) == (1, "old", FAILED)


def test_a_retry_may_leave_out_a_setting_that_the_plan_keeps() -> None:
    run = started("Why?", [TWO])
    run.live[0].finish(FAILED)
    run.live[0].begin(TWO.with_settings(Settings()))
    assert (run.answers[0].target.settings, run.cells[0].target) == (Settings(), TWO)


def test_what_people_say_is_not_lost_while_an_answer_changes() -> None:
    run = started("Why?", [ONE])
    going = threading.Event()

    def say() -> None:
        going.wait()
        for number in range(2000):
            run.note_feedback({run.cells[0].id: ((), (str(number),))})

    thread = threading.Thread(target=say)
    thread.start()
    going.set()
    for number in range(2000):
        run.live[0].change(note=str(number))
    thread.join()
    assert (run.answers[0].note, run.answers[0].tags) == ("1999", ("1999",))


def test_a_plan_is_plain_data_that_another_process_can_be_handed() -> None:
    made = plan("Why?", [ONE, TWO], repeats=2, fair=True)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 -- our own bytes


def test_runs_are_compared_by_identity() -> None:
    assert run_of("a", [], id="x") != run_of("a", [], id="x")
    assert run_of("a", []).created_at.tzinfo is not None


def test_what_every_attempt_cost_is_kept() -> None:
    live = LiveAnswer(answer_of(ONE))
    assert live.now.costs == ()
    live.begin()
    assert live.now.costs == ()
    live.finish(FULL)
    assert (live.now.spent, live.now.costs) == ((), (FULL.cost,))
    live.begin()
    assert (live.now.spent, live.now.costs) == ((FULL.cost,), (FULL.cost,))
    live.finish(FAILED)
    live.begin()
    assert live.now.costs == (FULL.cost, FAILED.cost)


@pytest.mark.parametrize("repeats", [1, 2, 5])
@pytest.mark.parametrize("fair", [False, True])
def test_warm_ups_are_answers_that_count_in_no_number_of_repeats(repeats: int, fair: bool) -> None:
    run = started("Why?", [ONE, TWO], repeats=repeats, fair=fair)
    assert run.repeats == repeats
    assert [answer.target for answer in run.answers if answer.repeat == WARM_UP] == ([ONE, TWO] if fair else [])
    assert sum(answer.counts for answer in run.answers) == 2 * repeats
