"""What one picture comes to, where its vendor says so: each row dated and sourced, and never for another size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from providers.catalogue.catalogue import find as row_of
from providers.catalogue.picture_prices import Rate, _rows, find, google_size, rate, sizes
from providers.pictures import PictureSettings

LOW = PictureSettings(1024, 1024, "low")


def test_every_row_says_who_says_so_when_and_what_comes_on_top() -> None:
    for (provider, model), row in _rows().items():
        assert all(row[name] for name in ("source", "as_of")), model
        assert [name in row for name in ("dollars", "tokens", "megapixel")].count(True) == 1
        assert ("besides" in row) != ("megapixel" in row), "a lower bound says what comes on top"
        assert row_of(provider, model) is None or row_of(provider, model).draws  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("model", "asked", "dollars", "tokens"),
    [
        ("openai:gpt-image-2", LOW, Decimal("0.006"), None),
        ("openai:gpt-image-2", PictureSettings(1536, 1024, "high"), Decimal("0.165"), None),
        ("google:gemini-3.1-flash-image", PictureSettings(), None, 1120),
        ("google:gemini-3.1-flash-image", PictureSettings(2048, 1024), None, 1680),
        ("google:gemini-3-pro-image", PictureSettings(4096, 4096), None, 2000),
    ],
)
def test_what_is_published(model: str, asked: PictureSettings, dollars: Decimal | None, tokens: int | None) -> None:
    found = find(*model.split(":"), asked)
    assert found is not None
    assert (found.dollars, found.tokens) == (dollars, tokens)


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("openai:gpt-image-2", PictureSettings(1024, 1024)),  # the vendor chooses the quality
        ("openai:gpt-image-2", PictureSettings(512, 512, "low")),
        ("openai:gpt-image-2.6-sunburst", LOW),
        ("lab:gpt-image-2", LOW),
    ],
)
def test_what_is_not_published_stays_unknown(model: str, asked: PictureSettings) -> None:
    assert find(*model.split(":"), asked) is None


def test_the_sizes_that_have_a_price_can_be_named() -> None:
    assert "low 1024x1024" in sizes("openai", "gpt-image-2")
    assert sizes("lab", "x") == ()


def test_google_draws_in_the_smallest_size_that_is_no_smaller() -> None:
    given = [(512, 512), (1024, 1024), (1536, 1024), (1537, 1024), (4096, 2048), (8192, 8192)]
    assert [google_size(PictureSettings(*each)) for each in given] == ["1K", "1K", "1K", "2K", "4K", "4K"]


def test_a_rate_is_of_the_pixels_that_came() -> None:
    found = rate("together", "black-forest-labs/FLUX.1-schnell")
    assert found is not None
    assert found.of(1024 * 1024, None) == Decimal("0.0028311552")
    assert found.said == "$0.0027 per megapixel"
    assert rate("together", "black-forest-labs/FLUX.3") is None


@pytest.mark.parametrize(
    ("given", "pixels", "steps", "why"),
    [
        (Rate(None, Decimal(1)), 0, None, "it is charged by the megapixel: set a size under Parameters"),
        (Rate(None, Decimal(1), 4), 100, 5, "its price is known for up to 4 steps only"),
        (Rate(Decimal(1), None), 0, 50, ""),
        (Rate(Decimal(1), Decimal(1), 4), 100, 4, ""),
    ],
)
def test_a_rate_says_where_it_does_not_hold(given: Rate, pixels: int, steps: int | None, why: str) -> None:
    assert given.missing(pixels, steps) == why
    assert (given.of(pixels, steps) is None) == bool(why)
