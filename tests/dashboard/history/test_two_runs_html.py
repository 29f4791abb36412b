"""What differs between two runs, as HTML: prompts, settings and pictures, all of it escaped."""

from __future__ import annotations

from dataclasses import replace

from dashboard.history.two_runs_html import two_runs_html
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings
from tests.runs import answer_of, run_of

SHAPES = Target("builtin", "shapes", Settings(picture=PictureSettings()))


def drawn(prompt: str, *digests: str, settings: Settings = SHAPES.settings, described: str = "") -> Run:
    pictures = tuple(Picture(each * 64, "image/png", 8, 8, "image/png", 9, described=described) for each in digests)
    return run_of(prompt, [replace(answer_of(SHAPES), pictures=pictures)], settings=settings)


def test_what_was_added_to_the_prompt_is_marked_and_both_pictures_are_shown() -> None:
    html = two_runs_html(drawn("A cat"), drawn("A red <b>cat</b>", "b", described='A "fox"'), lambda each: each[:1])
    assert "<ins>" in html
    assert "<b>" not in html
    assert '<img src="b"' in html
    assert 'alt="A &quot;fox&quot;"' in html
    assert "<h4>Earlier</h4><p class='muted'>builtin:shapes: waiting, no picture</p>" in html


def test_a_prompt_that_is_the_same_says_so_and_settings_are_named() -> None:
    later = Settings(system="Be brief.", picture=PictureSettings(512, 512))
    html = two_runs_html(drawn("A cat", "a"), drawn("A cat", "b", settings=later), lambda each: each[:1])
    assert "<h4>Prompt</h4><p class='muted'>The same in both.</p>" in html
    assert "<h4>System prompt</h4><div class='again-diff'>" in html
    assert "<h4>Settings</h4><p>size 512x512</p>" in html
    assert html.count("<img") == 2


def test_of_many_pictures_the_rest_is_counted() -> None:
    html = two_runs_html(drawn("A cat", *"abcdefgh"), drawn("A cat"), lambda each: each[:1])
    assert html.count("<img") == 6
    assert "and 2 more" in html
