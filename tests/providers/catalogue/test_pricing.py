"""Money to the last digit, or a reason why not."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from providers.catalogue.catalogue import catalogue
from providers.catalogue.own_prices import read_overrides
from providers.catalogue.pricing import Bill, ListPrice, LongPrompt, Pricer
from providers.completion import Cost, CostLine
from providers.config.connections import PRESETS, Connection, configured
from providers.interface import Usage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
USAGE = Usage(1000, 100, cache_read_tokens=400, cache_write_tokens=50, reasoning_tokens=30)
OWN = """
["openai:gpt-5*"]
input = 2
output = 10.5
cache_read = 0.25
cache_write = 2.5
as_of = 2026-11-01

["*:gpt-5.4-mini"]
input = 1
output = 1
"""


def bill(provider: str = "openai", model: str = "gpt-4o", usage: Usage | None = USAGE, **more: object) -> Bill:
    fields: dict[str, object] = {"response_model": None, "at": NOON, **more}
    return Bill(provider, model, usage=usage, **fields)  # type: ignore[arg-type]


def price(of: Bill, overrides: Path | None = None, **connections: Connection) -> Cost:
    return Pricer({**PRESETS, **connections}, overrides)(of)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    file = tmp_path / "prices.toml"
    file.write_text(OWN)
    return file


def test_a_receipt_adds_up_exactly(prices: Path) -> None:
    cost = price(bill(model="gpt-5.4"), prices)
    assert cost.lines == (
        CostLine("input", 550, Decimal(2), Decimal("0.0011")),
        CostLine("cache read", 400, Decimal("0.25"), Decimal("0.0001")),
        CostLine("cache write", 50, Decimal("2.5"), Decimal("0.000125")),
        CostLine("output", 100, Decimal("10.5"), Decimal("0.00105")),
    )
    assert cost.amount == Decimal("0.002375") == sum(line.amount for line in cost.lines)
    assert (cost.kind, cost.price_date, cost.priced_model) == ("amount", "2026-11-01", "gpt-5.4")
    assert str(prices) in (cost.source or "")


def test_a_cache_without_a_price_of_its_own_costs_as_fresh_input(prices: Path) -> None:
    prices.write_text('["openai:*"]\ninput = 2\noutput = 10\n')
    cost = price(bill(), prices)
    assert cost.amount == Decimal(1000 * 2 + 100 * 10) / 10**6
    assert [(line.what, line.tokens) for line in cost.lines] == [
        ("input", 550), ("cache read", 400), ("cache write", 50), ("output", 100),
    ]  # fmt: skip


def test_lines_without_tokens_are_left_out_but_input_and_output_stay(prices: Path) -> None:
    cost = price(bill(model="gpt-5.4", usage=Usage(0, 0)), prices)
    assert [(line.what, line.amount) for line in cost.lines] == [("input", Decimal(0)), ("output", Decimal(0))]
    assert cost.amount == 0


def test_the_first_pattern_in_the_file_wins(prices: Path) -> None:
    assert price(bill(model="gpt-5.4-mini", usage=Usage(1000, 0)), prices).amount == Decimal("0.002")
    assert price(bill("groq", "gpt-5.4-mini", Usage(1000, 0)), prices).amount == Decimal("0.001")
    assert list(read_overrides(prices)) == ["openai:gpt-5*", "*:gpt-5.4-mini"]


def test_the_users_own_prices_can_be_looked_at_in_the_order_of_the_file(prices: Path) -> None:
    own = Pricer(PRESETS, prices).overrides
    assert list(own) == ["openai:gpt-5*", "*:gpt-5.4-mini"]
    first = own["openai:gpt-5*"]
    assert (first.input, first.output, first.cache_read) == (Decimal(2), Decimal("10.5"), Decimal("0.25"))
    assert (own["*:gpt-5.4-mini"].cache_read, own["*:gpt-5.4-mini"].as_of) == (None, None)
    assert Pricer(PRESETS).overrides == {}
    assert Pricer(PRESETS, prices.with_name("none.toml")).overrides == {}


def test_a_pattern_meets_the_answering_model_as_well_as_the_asked_one(prices: Path) -> None:
    alias = bill(model="newest", response_model="gpt-5.4-2026-03-05", usage=Usage(1000, 0))
    assert price(alias, prices).amount == Decimal("0.002")


def test_own_prices_go_before_a_reported_cost_and_before_local(prices: Path) -> None:
    prices.write_text('["*:*"]\ninput = 1\noutput = 1\n')
    assert price(bill(reported_cost=Decimal(5)), prices).amount == Decimal("0.0011")
    assert price(bill("ollama", "llama3.3"), prices).amount == Decimal("0.0011")


def test_a_reported_cost_goes_before_list_prices_and_needs_no_counts() -> None:
    cost = price(bill(usage=None, reported_cost=Decimal("0.00014")))
    assert (cost.kind, cost.amount, cost.lines, cost.source) == ("amount", Decimal("0.00014"), (), "reported by openai")


@pytest.mark.parametrize("provider", ["ollama", "builtin", "vllm", "lmstudio", "llamacpp"])
def test_local_is_neither_unknown_nor_an_amount(provider: str) -> None:
    for usage in (USAGE, None):
        cost = price(bill(provider, "gpt-4o", usage))
        assert (cost.kind, cost.amount) == ("local", None)
        assert cost.reason


def test_list_prices_itemise_the_cache() -> None:
    cost = price(bill())
    assert cost.lines == (
        CostLine("input", 550, Decimal("2.5"), Decimal("0.001375")),
        CostLine("cache read", 400, Decimal("1.25"), Decimal("0.0005")),
        CostLine("cache write", 50, Decimal("2.5"), Decimal("0.000125")),
        CostLine("output", 100, Decimal("10"), Decimal("0.001")),
    )
    assert cost.amount == Decimal("0.003")
    assert cost.priced_model == "gpt-4o"
    assert (cost.source or "").startswith("list prices of genai-prices ")


def test_the_answering_model_is_priced_before_the_asked_one() -> None:
    assert price(bill(model="gpt-4o", response_model="gpt-4o-mini-2024-07-18")).priced_model == "gpt-4o-mini"
    assert price(bill(model="gpt-4o", response_model="something-new")).priced_model == "gpt-4o"
    assert price(bill("google", "models/gemini-2.5-pro")).priced_model == "gemini-2.5-pro"


@pytest.mark.parametrize(("tokens", "input_price", "output_price"), [(200_000, "1.25", "10"), (200_001, "2.5", "15")])
def test_a_long_prompt_is_priced_by_its_tier(tokens: int, input_price: str, output_price: str) -> None:
    cost = price(bill("google", "gemini-2.5-pro", Usage(tokens, 1000)))
    assert [line.price for line in cost.lines] == [Decimal(input_price), Decimal(output_price)]
    assert cost.amount == (tokens * Decimal(input_price) + 1000 * Decimal(output_price)) / 10**6


def test_prices_are_those_of_the_day_of_the_request() -> None:
    before, after = (price(bill(model="o3", at=datetime(2025, month, 1, tzinfo=UTC))) for month in (6, 7))
    assert before.amount is not None
    assert after.amount is not None
    assert before.amount > after.amount


UNKNOWN = {
    "no usage": bill(usage=None),
    "no counts": bill(usage=Usage(cache_read_tokens=5)),
    "a model nobody lists": bill(model="my-own-finetune"),
    "a host nobody lists": bill("myhost", "my-model"),
    "parts above their total": bill(usage=Usage(10, 5, cache_read_tokens=8, cache_write_tokens=8)),
    "a provider without a connection": bill("nobody", "gpt-4o"),
}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_unknown_is_never_zero_and_says_why(unknown: Bill) -> None:
    cost = price(unknown, myhost=Connection("myhost", "openai", "Mine", "https://llm.example.com/v1"))
    assert (cost.kind, cost.amount, cost.lines) == ("unknown", None, ())
    assert cost.reason


@pytest.mark.parametrize(
    ("usage", "known", "why"),
    [
        (Usage(1000, None), Usage(1000, 0), "at least this: how many tokens it wrote was not reported"),
        (
            Usage(1000, None, reasoning_tokens=9),
            Usage(1000, 9),
            "at least this: how many tokens it wrote was not reported",
        ),
        (Usage(None, 1000), Usage(0, 1000), "at least this: how many tokens it read was not reported"),
        (Usage(None, 9, 500), Usage(500, 9, 500), "at least this: how many tokens it read was not reported"),
    ],
)
def test_where_half_of_the_tokens_was_told_it_costs_at_least_these(usage: Usage, known: Usage, why: str) -> None:
    cost = price(bill(usage=usage))
    assert (cost.kind, cost.amount, cost.reason) == ("unknown", price(bill(usage=known)).amount, why)


def test_contradicting_counts_are_unknown_with_own_prices_too(prices: Path) -> None:
    cost = price(bill(model="gpt-5.4", usage=Usage(10, 5, cache_read_tokens=8, cache_write_tokens=8)), prices)
    assert (cost.kind, cost.amount) == ("unknown", None)
    assert "contradict" in (cost.reason or "")


def test_another_address_than_the_vendors_is_said_in_the_source() -> None:
    moved = configured(PRESETS["openai"], environ={"OPENAI_BASE_URL": "https://me:secret@proxy.example.com/v1"})
    cost = price(bill(), openai=moved)
    assert cost.kind == "amount"
    assert "sent to https://proxy.example.com/v1, whose prices may differ" in (cost.source or "")
    assert "secret" not in (cost.source or "")
    assert "prices may differ" not in (price(bill()).source or "")


def test_a_host_under_a_name_of_its_own_is_priced_by_its_address() -> None:
    mine = replace(PRESETS["groq"], name="fast")
    cost = price(bill("fast", "llama-3.3-70b-versatile", Usage(1000, 1000)), fast=mine)
    assert cost.amount == price(bill("groq", "llama-3.3-70b-versatile", Usage(1000, 1000))).amount
    assert cost.kind == "amount"


def list_price(provider: str, model: str, overrides: Path | None = None, at: datetime = NOON) -> ListPrice:
    return Pricer(PRESETS, overrides).list_price(provider, model, at)


@pytest.mark.parametrize(
    ("provider", "model"),
    [(row.provider, row.id) for provider in PRESETS for row in catalogue(provider)],
)
def test_a_list_price_and_a_receipt_never_disagree(provider: str, model: str) -> None:
    listed, cost = list_price(provider, model), price(bill(provider, model, Usage(1000, 1000)))
    assert listed.kind == cost.kind
    receipt = {line.what: line.price for line in cost.lines}
    assert (listed.input, listed.output) == (receipt.get("input"), receipt.get("output"))
    assert listed.source == cost.source


def test_a_list_price_has_its_source_and_says_what_long_prompts_cost() -> None:
    found = list_price("google", "gemini-2.5-pro")
    assert (found.kind, found.input, found.output) == ("amount", Decimal("1.25"), Decimal(10))
    assert (found.source or "").startswith("list prices of genai-prices ")
    assert found.as_of is None
    assert found.long_prompt == LongPrompt(200_000, Decimal("2.5"), Decimal(15))
    assert list_price("openai", "gpt-4o").long_prompt is None


def test_the_users_own_price_is_listed_first_with_its_date(prices: Path) -> None:
    found = list_price("openai", "gpt-5.4", prices)
    assert (found.input, found.output, found.as_of) == (Decimal(2), Decimal("10.5"), "2026-11-01")
    assert str(prices) in (found.source or "")
    assert found.long_prompt is None


def test_a_list_price_is_that_of_the_day() -> None:
    before, after = (list_price("openai", "o3", at=datetime(2025, month, 1, tzinfo=UTC)) for month in (6, 7))
    assert (before.output, after.output) == (Decimal(40), Decimal(8))


@pytest.mark.parametrize(
    ("provider", "model", "kind", "reason"),
    [
        ("openai", "my-own-finetune", "unknown", "no list price is known for my-own-finetune at openai"),
        ("nobody", "gpt-4o", "unknown", "no list price is known"),
        ("ollama", "llama3.3", "local", "no fee is charged"),
    ],
)
def test_without_a_list_price_there_is_a_reason(provider: str, model: str, kind: str, reason: str) -> None:
    found = list_price(provider, model)
    assert (found.kind, found.input, found.output) == (kind, None, None)
    assert reason in (found.reason or "")


def test_a_model_that_is_not_priced_by_the_token_is_not_free() -> None:
    cost = price(bill("google", "gemma-3"))
    assert (cost.kind, cost.amount) == ("unknown", None)
    assert cost.reason is not None
    assert "no price per token for gemma-3" in cost.reason
    assert Pricer(PRESETS).list_price("google", "gemma-3", NOON).kind == "unknown"


def test_a_model_that_ollama_passes_on_is_not_called_free() -> None:
    cost = price(bill("ollama", "gpt-oss:120b-cloud"))
    assert cost.kind == "unknown"
    assert price(bill("ollama", "gpt-oss:20b")).kind == "local"
