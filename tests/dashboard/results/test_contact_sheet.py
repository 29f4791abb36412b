"""The sheet of every repeat: each picture with its seed, and what came in place of one."""

from __future__ import annotations

import re

from dashboard.results.contact_sheet import sheet_html
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings, Shown
from tests.runs import answer_of, run_of

DRAW = Target("builtin", "<i>shapes", Settings(picture=PictureSettings()))


def drawn(*seeds: int | None) -> Run:
    run = run_of("A cat?", [answer_of(DRAW, n, 0, n) for n in range(len(seeds) + 1)])
    for live, seed in zip(run.live, seeds, strict=False):
        known = Picture(f"{live.now.repeat}" * 64, "image/png", 9, 9, "image/png", 9, seed=seed)
        live.take(Shown(known, b""))
    return run


def test_each_repeat_stands_in_its_order_with_its_seed() -> None:
    html = sheet_html(drawn(7, None), lambda digest: f"at/{digest[0]}")
    assert re.findall("data-pick='([0-9])' .*?src='at/([0-9])' .*?alt='Repeat ([0-9])'", html) == [
        ("0", "0", "1"), ("1", "1", "2"),
    ]  # fmt: skip
    assert "1 · seed 7</p>" in html
    assert "2 · seed not reported</p>" in html


def test_a_repeat_without_a_picture_says_how_it_stands() -> None:
    assert "<p class='muted'>3 · waiting</p>" in sheet_html(drawn(7, 8), lambda _: "")


def test_nobodys_text_becomes_markup() -> None:
    assert "<i>" not in sheet_html(drawn(7), lambda _: "")
