"""The chart of a reshaped distribution: one row a word, in the order given, each figure with its unit."""

from __future__ import annotations

from dashboard.how_it_works.chart import MODELS, RESHAPED, Reshaped, reshaped

ROWS = [Reshaped("method", 0.21, 0.4), Reshaped("which", 0.16, 0.1), Reshaped("all 3,000 others", 0.63, 0.5)]


def test_bars_and_ticks_share_rows_and_scale() -> None:
    spec = reshaped(ROWS).to_dict()
    bars, ticks = (layer["encoding"] for layer in spec["layer"])
    assert bars["y"]["scale"]["domain"] == ticks["y"]["scale"]["domain"] == [row.word for row in ROWS]
    assert bars["x"]["scale"] == ticks["x"]["scale"] == {"domain": [0, 0.63]}
    assert (bars["x"]["field"], ticks["x"]["field"]) == ("reshaped", "own")
    assert bars["color"]["scale"]["domain"] == [RESHAPED, MODELS]


def test_the_tooltip_says_both_figures_as_the_page_does() -> None:
    spec = reshaped(ROWS).to_dict()
    assert [entry["title"] for entry in spec["layer"][0]["encoding"]["tooltip"]] == [
        "Next word", "With your settings", "The model's own",
    ]  # fmt: skip
    assert (spec["data"]["values"][0]["own_text"], spec["data"]["values"][0]["reshaped_text"]) == ("21 %", "40 %")


def test_colours_of_texts_are_left_to_the_theme() -> None:
    assert "labelColor" not in str(reshaped(ROWS).to_dict())
