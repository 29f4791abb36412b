"""Everything that is known for a purpose: whom it considers, and that pictures and text are not mixed."""

from __future__ import annotations

from dataclasses import replace

from prompts.core.targets import Target
from prompts.decide.people import People
from prompts.decide.pool import Asked
from prompts.decide.study import Question, Study, study
from prompts.decide.task import Purpose
from providers.catalogue.catalogue import find
from providers.config.connections import PRESETS
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.prompts.decide.made import NOW, PRICE
from tests.prompts.experiments.asked_cells import PLAN, asked

DRAWN = replace(PLAN, targets=(Target("builtin", "shapes", Settings(picture=PictureSettings(512, 512))),), checks=())


def known(*found: Asked) -> Study:
    purpose = Purpose("Mail", tuple(experiment.id for experiment, _ in found))
    return study(Question(purpose), found, dict[str, People](), PRESETS, lambda *_: PRICE, NOW)


def draws(found: Study) -> set[bool]:
    """Of all that are considered and in the catalogue."""
    rows = (find(*str(each.facts.target).split(":", 1)) for each in found.candidates)
    return {row.draws for row in rows if row is not None}


def test_for_text_models_that_write_are_considered_and_for_pictures_those_that_draw() -> None:
    assert draws(known(asked("+ +", "+ -"))) == {False}
    pictures = known(asked("+ +", plan=DRAWN))
    assert draws(pictures) == {True}
    assert {"builtin:shapes", "openai:gpt-image-2.5-sunburst"} <= {each.name for each in pictures.candidates}


def test_evidence_of_both_kinds_together_is_said_to_say_nothing_of_each_other() -> None:
    text, drawn = asked("+ +", "+ -"), asked("+ +", plan=DRAWN)
    assert any("asked for pictures" in each for each in known(drawn, text).pool.notes)
    assert not any("asked for pictures" in each for each in known(text).pool.notes)
