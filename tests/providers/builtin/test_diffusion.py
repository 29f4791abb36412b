"""The small diffusion model does what the text says of its settings."""

from __future__ import annotations

import numpy as np
import pytest

from providers.builtin.diffusion import SHAPES, SIZE, _pictures, as_svg, frames


def last(shape, **settings):
    return frames(shape, **({"seed": 1, "steps": 12, "guidance": 2.0} | settings))[-1]


def is_a(shape, picture) -> bool:
    return bool((abs(_pictures(shape) - picture.ravel()).max(axis=1) < 0.05).any())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_becomes_the_shape_that_was_asked_for(shape, seed: int) -> None:
    assert is_a(shape, last(shape, seed=seed))


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    assert np.array_equal(last("circle"), last("circle"))
    assert len({last("circle", seed=n).tobytes() for n in range(1, 9)}) > 1


def test_without_guidance_the_prompt_does_not_count() -> None:
    for seed in range(1, 6):
        assert np.array_equal(last("circle", seed=seed, guidance=0), last("cross", seed=seed, guidance=0))


def test_one_step_is_a_blurred_guess() -> None:
    assert not any(is_a(shape, last("circle", steps=1)) for shape in SHAPES)


@pytest.mark.parametrize(("steps", "shown"), [(1, 2), (3, 4), (5, 6), (30, 6)])
def test_the_first_frame_is_noise_and_the_last_the_picture(steps: int, shown: int) -> None:
    drawn = frames("square", seed=4, steps=steps, guidance=1.0)
    assert len(drawn) == shown
    assert all(picture.shape == (SIZE, SIZE) for picture in drawn)
    assert not is_a("square", drawn[0])


def test_a_picture_is_drawn_cell_by_cell_in_the_colour_of_the_text() -> None:
    svg = as_svg(np.where(np.eye(SIZE) > 0, 1.0, -1.0))
    assert svg.count("h1v1h-1z") == SIZE
    assert 'fill="currentColor"' in svg
