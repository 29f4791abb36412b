"""What is said where the pictures of a run were not drawn alike."""

from __future__ import annotations

from dataclasses import replace

from prompts.analysis.unlike_drawings import unlike_drawings
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Adjustment, Settings
from providers.pictures import Picture, PictureSettings, Shown
from tests.runs import answer_of, run_of

PLAIN = Picture("a" * 64, "image/png", 512, 512, "image/png", 9)


def drawn(*pictures: Picture | None, steps: int | None = None, repeats: bool = False) -> Run:
    """A model each, or the repeats of one."""
    target = Settings(picture=PictureSettings(steps=steps))
    places = [(0, n) if repeats else (n, 0) for n in range(len(pictures))]
    run = run_of("A cat", [answer_of(Target("host", f"m{c}", target), n, c, r) for n, (c, r) in enumerate(places)])
    for live, each in zip(run.live, pictures, strict=True):
        if each is not None:
            live.take(Shown(each, b"."))
    return run


def with_(**told: str) -> Picture:
    return replace(PLAIN, drawn_with=told)


def test_alike_needs_no_word() -> None:
    assert unlike_drawings(drawn(PLAIN, PLAIN, None)) == ""
    assert unlike_drawings(drawn()) == ""
    assert unlike_drawings(drawn(with_(steps="20"), PLAIN)) == "", "what is not told cannot be compared"


def test_sizes_that_came_are_named_with_who_has_them() -> None:
    said = unlike_drawings(drawn(PLAIN, replace(PLAIN, width=1024), PLAIN))
    assert said == ("Not drawn alike, so compare with care: size 512 × 512 by m0 and m2, 1024 × 512 by m1.")


def test_steps_and_quality_are_compared_as_they_are_told() -> None:
    said = unlike_drawings(drawn(with_(steps="20", quality="low"), with_(steps="8", quality="high"), PLAIN))
    assert said.endswith("steps 20 by m0, 8 by m1; quality low by m0, high by m1.")


def test_steps_that_were_sent_count_where_nothing_is_told() -> None:
    run = drawn(with_(steps="8"), PLAIN, steps=20)
    assert "steps 8 by m0, 20 by m1" in unlike_drawings(run)
    run.live[1].change(adjustments=(Adjustment("steps", "it takes none"),))
    assert unlike_drawings(run) == ""


def test_models_of_one_name_are_told_apart_by_who_serves_them() -> None:
    targets = [Target(host, "m", Settings(picture=PictureSettings())) for host in ("here", "there")]
    run = run_of("A cat", [answer_of(target, n, n) for n, target in enumerate(targets)])
    for live, width in zip(run.live, (512, 600), strict=True):
        live.take(Shown(replace(PLAIN, width=width), b"."))
    assert "size 512 × 512 by here:m, 600 × 512 by there:m" in unlike_drawings(run)


def test_a_preview_is_no_picture() -> None:
    assert unlike_drawings(drawn(PLAIN, replace(PLAIN, width=64, partial=True))) == ""


def test_repeats_of_one_model_may_differ_too() -> None:
    assert "512 × 512 by m0, 600 × 512 by m0" in unlike_drawings(drawn(PLAIN, replace(PLAIN, width=600), repeats=True))
