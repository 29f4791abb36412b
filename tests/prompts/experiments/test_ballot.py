"""What of an experiment can be voted on blind: texts and pictures, and nothing that was not answered."""

from __future__ import annotations

from dataclasses import replace

from prompts.experiments.asked import AskedCell
from prompts.experiments.ballot import candidates, case_key, case_of
from providers.pictures import Picture
from tests.prompts.experiments.asked_cells import asked


def drawn(cell: AskedCell, digest: str = "aa") -> AskedCell:
    picture = Picture(digest, "image/png", 8, 8, "image/png", 10)
    assert cell.completion is not None
    return replace(cell, completion=replace(cell.completion, text="", pictures=(picture,)))


def test_every_answer_is_one_of_its_case_and_side() -> None:
    experiment, cells = asked("+ -", "+ !")
    found = candidates(experiment, cells)
    assert [(case_of(each.case), each.name) for each in found] == [
        (0, "openai:gpt-x"), (1, "openai:gpt-x"), (0, "ollama:llama"),
    ]  # fmt: skip
    assert found[0].case == case_key("e1", 0)


def test_a_picture_is_an_answer_though_it_has_no_text() -> None:
    experiment, cells = asked("+", "+")
    assert len(candidates(experiment, [drawn(each) for each in cells])) == 2


def test_what_a_filter_withheld_or_replaced_takes_no_part() -> None:
    experiment, cells = asked("+", "+")
    assert candidates(experiment, [replace(drawn(each), state="filtered") for each in cells]) == []


def test_what_has_neither_text_nor_a_picture_that_is_kept_is_none() -> None:
    experiment, cells = asked("+", "+")
    silent = [replace(each, completion=replace(each.completion, text=" \n")) for each in cells if each.completion]
    assert candidates(experiment, silent) == []
    assert candidates(experiment, [drawn(each, "") for each in cells]) == []
