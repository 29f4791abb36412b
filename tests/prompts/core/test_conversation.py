"""Turns follow one another, each column with its own history; a request asked again is the same request."""

from dataclasses import replace

import pytest

from prompts.core.conversation import asked_again, asked_more, edited, follow_up, is_again, turns
from prompts.core.plan import Link, Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Attachment, Message, Settings
from tests.prompts.samples import FAILED, FULL, TARGET
from tests.runs import as_run, end, started, with_cell

ONE, TWO = Target("openai", "a"), Target("ollama", "b")
FILE = Attachment("a.png", "image/png", b"png")


def answered(plan: Plan, *texts: str) -> Run:
    run = as_run(plan)
    for live, text in zip(run.live, texts, strict=True):
        end(live, FULL if text else FAILED, text)
    return run


def said(run: Plan, column: int = 0) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in run.request(run.cells[column]).messages]


@pytest.fixture
def first() -> Run:
    return answered(started("Why?", [ONE, TWO], attachments=(FILE,)), "Because.", "No reason.")


def test_each_column_goes_on_from_its_own_answer(first: Run) -> None:
    second = follow_up(first, "And then?")
    assert said(second) == [("user", "Why?"), ("assistant", "Because."), ("user", "And then?")]
    assert said(second, 1)[1] == ("assistant", "No reason.")
    assert second.cells[0].history[0] == Message("user", "Why?", (FILE,))
    assert second.link == Link("continues", first.id)
    assert [cell.follows for cell in second.cells] == [answer.id for answer in first.answers]


def test_everyone_can_go_on_from_one_answer(first: Run) -> None:
    second = follow_up(first, "And then?", answer_of=first.answers[1])
    assert said(second, 0) == said(second, 1)
    assert said(second)[1] == ("assistant", "No reason.")
    assert [cell.target for cell in second.cells] == [ONE, TWO]


def test_a_column_without_an_answer_is_left_out_unless_it_goes_on_from_another() -> None:
    first = answered(started("Why?", [ONE, TWO]), "", "Because.")
    assert [cell.target for cell in follow_up(first, "Go on").cells] == [TWO]
    assert len(follow_up(first, "Go on", answer_of=first.answers[1]).cells) == 2


def test_of_repeats_the_first_is_gone_on_from() -> None:
    first = answered(started("Why?", [ONE], repeats=2, fair=True), "warm", "one", "two")
    second = follow_up(first, "Go on")
    assert [said(second, n)[1] for n in range(len(second.cells))] == [("assistant", "one")]


@pytest.mark.parametrize(("run", "prompt", "why"), [
    (answered(started("Why?", [ONE]), "x"), " ", "empty"),
    (answered(started("Why?", [ONE]), ""), "Go on", "no answer"),
    (started("Why?", [ONE]), "Go on", "still arriving"),
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
    assert {cell.id for cell in again.cells}.isdisjoint(cell.id for cell in second.cells)


def test_an_edited_turn_stands_in_the_place_of_the_old_one(first: Run) -> None:
    second = answered(follow_up(first, "And then?"), "x", "y")
    again = answered(edited(second, "And before?"), "x", "y")
    third = as_run(follow_up(again, "So?"))
    known = {run.id: run for run in (first, second, again)}
    assert turns(third, known.get) == ([first, again, third], True)


def test_a_missing_turn_is_told(first: Run) -> None:
    second = as_run(follow_up(first, "And then?"))
    assert turns(second, {}.get) == ([second], False)
    assert turns(as_run(edited(first, "How?")), {}.get)[1]


def test_a_circle_on_record_ends(first: Run) -> None:
    first = replace(first, link=Link("continues", first.id))
    found, whole = turns(first, {first.id: first}.get)
    assert not whole
    assert len(found) <= 201


def finished(run: Run) -> Run:
    for live in run.live:
        end(live, FULL)
    return run


def test_it_is_the_same_request_with_ids_of_its_own():
    file = Attachment("a.png", "image/png", b"\x89PNG\x00")
    own = Target("google", "gemini-2.5-pro", Settings(temperature=0.2))
    first = finished(
        started("Why?", [TARGET, own], repeats=2, settings=Settings(seed=1), attachments=(file,), fair=True,
             local_only=True)
    )  # fmt: skip
    first = with_cell(first, 1, history=(Message("user", "Before?"), Message("assistant", "That.")))
    again = asked_again(first)
    assert (again.link, is_again(as_run(again)), is_again(first)) == (Link("again", first.id), True, False)
    assert (again.prompt, again.settings, again.attachments) == (first.prompt, first.settings, first.attachments)
    assert (again.fair, again.local_only, again.repeats) == (True, True, 2)
    assert [(a.target, a.position, a.column, a.repeat, a.history) for a in again.cells] == [
        (b.target, b.position, b.column, b.repeat, b.history) for b in first.answers
    ]
    assert {cell.id for cell in again.cells}.isdisjoint(cell.id for cell in first.cells)


def test_a_run_that_is_still_asked_is_not_asked_again():
    with pytest.raises(ValueError, match="still arriving"):
        asked_again(started("Why?", [TARGET]))


def test_a_run_of_which_only_figures_were_kept_cannot_be_asked_again():
    run = finished(started("Why?", [TARGET], keeps="figures"))
    assert asked_again(run).keeps == "figures"
    run = replace(run, prompt="")
    with pytest.raises(ValueError, match="was not saved"):
        asked_again(run)


def test_asking_more_keeps_targets_and_manner_and_asks_each_so_often() -> None:
    run = answered(started("?", [ONE, TWO], fair=True), *["Yes."] * 4)
    more = asked_more(run, 3)
    assert [(cell.repeat, cell.column, cell.position) for cell in more.cells] == [
        (repeat, column, 2 * (repeat + 1) + column) for repeat in (-1, 0, 1, 2) for column in (0, 1)
    ]
    assert len({cell.id for cell in more.cells}) == 8
    assert (more.fair, more.link) == (True, Link("again", run.id))
