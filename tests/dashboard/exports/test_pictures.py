"""Pictures in a file of HTML: put in as they are while there is room, and named where there is none."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from dashboard.exports.html_report import report
from prompts.core.embedded import Embedded
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.config.connections import PRESETS
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings, Shown
from tests.pictures import picture
from tests.runs import answer_of, run_of

PNG = picture("PNG", (20, 10))
KNOWN = Picture("a" * 64, "image/png", 20, 10, "image/png", len(PNG), seed=7, revised_prompt="a <big> cat")


def drawn(*pictures: Picture) -> Run:
    run = run_of("A cat?", [answer_of(Target("builtin", "shapes", Settings(picture=PictureSettings())), 0, 0)])
    for each in pictures:
        run.live[0].take(Shown(each, PNG))
    return run


def test_a_picture_is_in_the_file_with_its_facts_and_words_for_who_does_not_see_it() -> None:
    page = report(drawn(KNOWN), PRESETS, {"a" * 64: PNG}.get)
    assert f"<img src='data:image/png;base64,{b64encode(PNG).decode()}'" in page
    assert "alt='Picture by Built-in shapes (toy diffusion) for the prompt: A cat?'" in page
    assert "A picture of 20 × 10, seed 7, drawn as “a &lt;big&gt; cat”" in page
    assert "default-src 'none'; img-src data:;" in page, "what reaches outside stays forbidden"


def test_a_picture_whose_content_is_gone_is_told_by_its_facts() -> None:
    page = report(drawn(KNOWN), PRESETS)
    assert "<img" not in page
    assert "Its content is not on record" in page


def test_a_type_that_a_browser_would_run_is_not_put_in() -> None:
    svg = replace(KNOWN, media_type="image/svg+xml' onload='x")
    assert "<img" not in report(drawn(svg), PRESETS, {"a" * 64: b"<svg/>"}.get)


def test_what_finds_no_room_is_named_where_it_would_stand_and_at_the_end() -> None:
    page = Embedded({"a" * 64: PNG, "b" * 64: PNG[:-1]}.get, most=len(PNG))
    assert "<img" in page.figure(KNOWN, "One", "")
    assert page.remainder() == ""
    said = page.figure(replace(KNOWN, sha256="b" * 64), "Two", "")
    assert "<img" not in said
    assert f"It is not in this page, which contains at most {len(PNG)} B of pictures" in said
    assert f"Left out for lack of space: 1 picture</h2><ul class='muted'><li>Two, 20 × 10, {len(PNG) - 1} B" in (
        page.remainder()
    )
