"""How a plan's file asks for pictures: read, written back, and refused in words that say what to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.plan import Plan, PlanError, Wording
from prompts.experiments.plan_file import loads
from prompts.experiments.plan_writer import dumps
from prompts.experiments.stored_plan import plan_from, plan_json
from providers.interface import Settings
from providers.pictures import PictureSettings

WHOLE = """
name = "Cats"
targets = ["openai:gpt-image-2"]
[settings]
seed = 3
[settings.picture]
size = "1024x512"
quality = "low"
[[prompt]]
prompt = "A {{what}}"
[[target]]
target = "openai:gpt-image-2"
picture = { quality = "high", steps = 20, guidance = 4 }
[[cases.row]]
what = "cat"
"""
SHARED = Settings(seed=3, picture=PictureSettings(1024, 512, "low"))


def read(text: str) -> Plan:
    return loads(text, ["openai", "builtin"], lambda name: b"", lambda name: Wording(name, ""))


def test_a_target_draws_as_all_do_unless_it_says_otherwise() -> None:
    plan = read(WHOLE)
    own = replace(SHARED, picture=PictureSettings(1024, 512, "high", 20, 4.0))
    assert (plan.settings, plan.draws) == (SHARED, True)
    assert plan.targets == (Target("openai", "gpt-image-2", SHARED), Target("openai", "gpt-image-2", own))


def test_an_empty_table_asks_for_pictures_too() -> None:
    plan = read('name = "x"\ntargets = ["builtin:shapes"]\n[settings.picture]\n')
    assert plan.targets[0].settings.picture == PictureSettings()
    assert not read('name = "x"\ntargets = ["builtin:shapes"]').draws


@pytest.mark.parametrize("picture", [PictureSettings(), PictureSettings(64, 64, "low", 4, 2.5, "text", "Euler a")])
def test_what_is_written_is_read_back_from_a_file_and_from_the_record(picture: PictureSettings) -> None:
    shared, own = Settings(picture=picture), Settings(picture=replace(picture, steps=9))
    targets = (Target("builtin", "shapes", shared), Target("openai", "gpt-image-2", own))
    plan = Plan("Cats", (Wording("a", "A cat"),), made(["x"], [["1"]]), targets, settings=shared)
    assert read(dumps(plan)) == plan
    assert plan_from(plan_json(plan)) == plan


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("[settings]\npicture = true", "settings.picture is True; write a table, such as [settings.picture]"),
        ('[settings.picture]\nsize = "large"', "settings.picture.size is 'large'; write width x height in pixels"),
        ('[settings.picture]\nquality = "best"', "settings.picture.quality is 'best'; write one of low, medium, high."),
        ("[settings.picture]\nwidth = 8", "[settings.picture]: 'width' is not known. There are: avoid, guidance"),
        ("[settings.picture]\nsteps = 1.5", "settings.picture.steps is 1.5"),
    ],
)
def test_what_cannot_be_followed_is_named(table: str, sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        read(f'name = "x"\ntargets = ["builtin:shapes"]\n{table}\n')
    assert sentence in str(caught.value)
