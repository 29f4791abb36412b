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


@pytest.mark.parametrize("told", [None, {"image_tokens": 1056, "text_tokens": 0}])
@pytest.mark.parametrize(
    ("model", "dollars"), [("gpt-image-1.5", 32), ("gpt-image-2", 30), ("gpt-image-1-mini", 8), ("gpt-image-1", 40)]
)
def test_all_that_a_gpt_image_model_writes_is_pictures_also_where_a_stream_does_not_say_so(
    model: str, dollars: int, told: object
) -> None:
    raw = {"output_tokens_details": told} if told else {}
    cost = price(bill("openai", model, Usage(14, 1056), raw_usage=raw, pixels=(1024 * 1024,)))
    input_price = {line.what: line.price for line in cost.lines}["input"]
    assert input_price is not None
    assert [(each.what, each.price) for each in cost.lines if each.tokens == 1056] == [("image output", dollars)]
    assert cost.exact == (14 * input_price + 1056 * dollars) / 10**6


def test_a_picture_whose_tokens_are_not_told_apart_costs_at_least_what_they_cost_as_text() -> None:
    usage, raw = Usage(7, 1310), {"candidates_tokens_details": [{"modality": "IMAGE", "token_count": 1120}]}
    drew = bill("google", "gemini-3.1-flash-image", usage, pixels=(1024 * 1024,))
    split = price(replace(drew, raw_usage=raw))
    assert (split.kind, split.exact) == ("amount", Decimal(7 * Decimal("0.5") + 190 * 3 + 1120 * 60) / 10**6)
    told = price(drew)
    assert (told.kind, told.amount) == ("unknown", Decimal(7 * Decimal("0.5") + 1310 * 3) / 10**6)
    assert (told.reason or "").startswith("at least this: no price is known for its picture")
    assert price(replace(drew, pixels=())).kind == "amount", "a text costs what text costs"
