"""Turns follow one another, each column with its own history."""

import pytest

from prompts.core.conversation import edited, follow_up, turns
from prompts.core.run import Link, Run, plan
from prompts.core.targets import Target
from providers.interface import Attachment, Message
from tests.prompts.samples import FAILED, FULL

ONE, TWO = Target("openai", "a"), Target("ollama", "b")
FILE = Attachment("a.png", "image/png", b"png")


def answered(run: Run, *texts: str) -> Run:
    for lane, text in zip(run.lanes, texts, strict=True):
        lane.begin()
        if text:
            lane.text_parts.append(text)
        lane.finish(FULL if text else FAILED)
    return run


def said(run: Run, column: int = 0) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in run.request(run.lanes[column]).messages]


@pytest.fixture
def first() -> Run:
    return answered(plan("Why?", [ONE, TWO], attachments=(FILE,)), "Because.", "No reason.")


def test_each_column_goes_on_from_its_own_answer(first: Run) -> None:
    second = follow_up(first, "And then?")
    assert said(second) == [("user", "Why?"), ("assistant", "Because."), ("user", "And then?")]
    assert said(second, 1)[1] == ("assistant", "No reason.")
    assert second.lanes[0].history[0] == Message("user", "Why?", (FILE,))
    assert second.link == Link("continues", first.id)
    assert [lane.follows for lane in second.lanes] == [lane.id for lane in first.lanes]


def test_everyone_can_go_on_from_one_answer(first: Run) -> None:
    second = follow_up(first, "And then?", answer_of=first.lanes[1])
    assert said(second, 0) == said(second, 1)
    assert said(second)[1] == ("assistant", "No reason.")
    assert [lane.target for lane in second.lanes] == [ONE, TWO]


def test_a_column_without_an_answer_is_left_out_unless_it_goes_on_from_another() -> None:
    first = answered(plan("Why?", [ONE, TWO]), "", "Because.")
    assert [lane.target for lane in follow_up(first, "Go on").lanes] == [TWO]
    assert len(follow_up(first, "Go on", answer_of=first.lanes[1]).lanes) == 2


def test_of_repeats_the_first_is_gone_on_from() -> None:
    first = answered(plan("Why?", [ONE], repeats=2, fair=True), "warm", "one", "two")
    second = follow_up(first, "Go on")
    assert [said(second, n)[1] for n in range(len(second.lanes))] == [("assistant", "one")]


@pytest.mark.parametrize(("run", "prompt", "why"), [
    (answered(plan("Why?", [ONE]), "x"), " ", "empty"),
    (answered(plan("Why?", [ONE]), ""), "Go on", "no answer"),
    (plan("Why?", [ONE]), "Go on", "still arriving"),
])  # fmt: skip
def test_what_cannot_be_continued_says_why(run: Run, prompt: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        follow_up(run, prompt)


def test_an_edited_turn_keeps_everything_but_its_prompt(first: Run) -> None:
    second = answered(follow_up(first, "And then?"), "x", "y")
    again = edited(second, "And before?")
    assert said(again) == [*said(second)[:2], ("user", "And before?")]
    assert again.link == Link("edits", second.id)
    assert edited(first, "How?").attachments == (FILE,)
    assert {lane.id for lane in again.lanes}.isdisjoint(lane.id for lane in second.lanes)


def test_an_edited_turn_stands_in_the_place_of_the_old_one(first: Run) -> None:
    second = answered(follow_up(first, "And then?"), "x", "y")
    again = answered(edited(second, "And before?"), "x", "y")
    third = follow_up(again, "So?")
    known = {run.id: run for run in (first, second, again)}
    assert turns(third, known.get) == ([first, again, third], True)


def test_a_missing_turn_is_told(first: Run) -> None:
    second = follow_up(first, "And then?")
    assert turns(second, {}.get) == ([second], False)
    assert turns(edited(first, "How?"), {}.get)[1]


def test_a_circle_on_record_ends(first: Run) -> None:
    first.link = Link("continues", first.id)
    found, whole = turns(first, {first.id: first}.get)
    assert not whole
    assert len(found) <= 201
