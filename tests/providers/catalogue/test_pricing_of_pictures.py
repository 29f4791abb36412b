"""Money for pictures themselves: by the piece and by the megapixel, or a reason why not."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from providers.catalogue.pricing import Bill, Pricer
from providers.config.connections import PRESETS
from providers.interface import Usage
from tests.providers.catalogue.test_pricing import bill, price

FLUX = "black-forest-labs/FLUX.1-schnell"


def drawn(*pixels: int, provider: str = "together", steps: int | None = None, usage: Usage | None = None) -> Bill:
    return replace(bill(provider, FLUX, usage), pixels=pixels, steps=steps)


def test_a_host_that_charges_by_the_megapixel_needs_no_tokens() -> None:
    cost = price(drawn(1024 * 1024, 512 * 512))
    assert [(line.what, line.tokens, line.amount) for line in cost.lines] == [
        ("picture", None, Decimal("0.0028311552")), ("picture", None, Decimal("0.0007077888")),
    ]  # fmt: skip
    assert cost.exact == Decimal("0.003538944")
    assert (cost.source or "").endswith(": $0.0027 per megapixel")
    assert cost.price_date == "2026-11-30"


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (drawn(), "it is charged by the picture ($0.0027 per megapixel), and none has come"),
        (drawn(0), "it is charged by the megapixel: set a size under Parameters"),
        (drawn(1024 * 1024, steps=20), "its price is known for up to 4 steps only"),
    ],
)
def test_what_a_picture_comes_to_that_has_no_price_is_unknown_and_never_nothing(of: Bill, why: str) -> None:
    cost = price(of)
    assert (cost.kind, cost.amount, cost.reason) == ("unknown", None, why)


def test_own_prices_of_pictures_stand_alone_or_beside_tokens(tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(
        f'["together:{FLUX}"]\npicture = 0.04\nmegapixel = 0.01\n["lab:*"]\ninput = 2\noutput = 4\npicture = 0.5\n'
    )
    assert price(drawn(2_000_000), prices).exact == Decimal("0.06")
    both = price(drawn(1, provider="lab", usage=Usage(1000, 0)), prices)
    assert [(line.what, line.amount) for line in both.lines] == [
        ("input", Decimal("0.002")), ("output", Decimal(0)), ("picture", Decimal("0.5")),
    ]  # fmt: skip
    assert price(drawn(provider="lab", usage=Usage(1000, 0)), prices).exact == Decimal("0.002"), "a text has none"
    assert Pricer(PRESETS, prices).list_price("together", FLUX, bill().at).kind == "unknown"


@pytest.mark.parametrize(
    "row", ["picture = -1", "megapixel = 1\ninput = 1", "as_of = '2026-01-01'", "picture = 1\ncache_read = 1"]
)
def test_half_a_row_is_refused(tmp_path: Path, row: str) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(f'["lab:*"]\n{row}\n')
    assert "lab" in (Pricer(PRESETS, prices).problem or "")
