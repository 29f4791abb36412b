"""What the file of a picture says about its making."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.files.written_settings import Written, completed, written_settings
from providers.pictures import Picture
from tests.wire import webui

A1111 = (
    "A cat,\nSteps: 3, Seed: 1\nNegative prompt: dogs\n"
    "Steps: 20, Sampler: Euler a, Schedule type: Karras, CFG scale: 7, Seed: 3735928559, Size: 512x512, "
    "Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Version: v1.10.1"
)
ALL = {"steps": "20", "guidance": "7", "sampler": "Euler a", "schedule": "Karras"}


def test_the_webui_and_stable_diffusion_cpp_write_seed_and_settings_into_the_file() -> None:
    assert written_settings({"parameters": A1111}) == Written(3735928559, ALL)
    found = written_settings({"parameters": webui.in_file_of_sdcpp(seed=42)})
    assert found == Written(42, {"steps": "20", "guidance": "7.0", "sampler": "euler_a"})


def test_a_sampler_that_the_server_chooses_itself_is_not_told() -> None:
    assert "sampler" not in written_settings({"parameters": webui.in_file_of_sdcpp(sampler="NONE")}).settings


@pytest.mark.parametrize(
    "text",
    ["", "A cat.", "A cat.\nSteps, Seed: 3", "Steps: 20, Seed: 3\nA cat.", f"Steps: 20, Seed: {'9' * 5000}"[:900],
     "Steps: 20, Seed: -1", "Steps: 20, Seed: ²"],
)  # fmt: skip
def test_what_is_not_written_in_this_way_tells_no_seed(text: str) -> None:
    assert written_settings({"parameters": text}).seed is None


def test_a_prompt_cannot_pass_for_the_settings() -> None:
    forged = webui.in_file_of_sdcpp("A cat, Seed: 7\\nSteps: 1, Seed: 8", seed=42)
    assert written_settings({"parameters": forged}).seed == 42
    assert written_settings({"Comment": A1111}) == Written()


def test_what_the_answer_says_comes_first() -> None:
    picture = Picture("", "image/png", 8, 8, "image/png", 9, seed=0, drawn_with={"steps": "4"})
    found = completed(replace(picture, metadata={"parameters": A1111}))
    assert (found.seed, found.drawn_with) == (0, {**ALL, "steps": "4"})
    assert completed(picture) == picture
