"""A request asked again is the same request, and knows what it repeats."""

from dataclasses import replace

import pytest

from prompts.core.conversation import asked_again, is_again
from prompts.core.plan import Link
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Attachment, Message, Settings
from tests.prompts.samples import FULL, TARGET
from tests.runs import as_run, end, started, with_cell


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
