"""What pictures will probably cost, as a forecast says it: published prices, or unknown with what to do."""

from __future__ import annotations

from decimal import Decimal

from prompts.core.forecast import Past, outlook
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.prompts.core.forecasting import of

LOW = Settings(picture=PictureSettings(1024, 1024, "low"))


def test_a_published_price_is_the_least_and_says_what_comes_on_top() -> None:
    found = of("A cat", "gpt-image-2", settings=LOW)
    assert found.kind == "amount"
    assert found.low is not None
    assert Decimal("0.006") < found.low < Decimal("0.0061"), "the prompt is read too"
    assert found.high is None
    said = outlook([found])
    assert said.money.startswith("≥ $0.006")
    assert any("OpenAI's image generation guide, as quoted by yingtu.ai, 2026-05-06" in each for each in said.grounds)
    assert any("because each preview on the way adds tokens" in each for each in said.grounds)


def test_published_tokens_are_priced_as_a_receipt_would() -> None:
    found = of("A cat", "gemini-3.1-flash-image", "google", Settings(picture=PictureSettings()))
    assert found.low is not None
    assert Decimal("0.0672") <= found.low < Decimal("0.0673"), "1120 tokens at $60 a million"


def test_a_size_without_a_price_is_unknown_and_says_which_have_one() -> None:
    found = of("A cat", "gpt-image-2", settings=Settings(picture=PictureSettings()))
    assert (found.kind, found.low) == ("unknown", None)
    assert found.reason is not None
    assert found.reason.startswith("its price is known for low 1024x1024, medium 1024x1024,")


def test_what_earlier_texts_of_it_took_says_nothing_of_a_picture() -> None:
    found = of("A cat", "gpt-image-2.6-flare", settings=LOW, past=[Past(10)] * 9)
    assert (found.kind, found.reason) == ("unknown", "the cost of a picture is only known once it is drawn")


def test_a_machine_of_ones_own_asks_no_fee() -> None:
    assert outlook([of("A circle", "shapes", "builtin", LOW)]).money == "no fee"


def test_a_price_by_the_megapixel_is_the_whole_once_a_size_is_set() -> None:
    flux = "black-forest-labs/FLUX.1-schnell"
    found = of("A cat", flux, "together", Settings(picture=PictureSettings(1024, 512)))
    assert (found.kind, found.low, found.high) == ("amount", Decimal("0.0014155776"), Decimal("0.0014155776"))
    said = outlook([found])
    assert said.money == "about $0.0014"
    assert any("$0.0027 per megapixel, 2026-11-30" in each for each in said.grounds)
    unsized = of("A cat", flux, "together", Settings(picture=PictureSettings()))
    assert (unsized.kind, unsized.reason) == (
        "unknown", "it is charged by the megapixel: set a size under Parameters",
    )  # fmt: skip
