"""What several calls together may cost, as one line and what it rests on."""

from __future__ import annotations

from prompts.core import format as text_of
from prompts.core.forecast import RULE, Outlook, Span, outlook
from providers.interface import Adjustment, ModelInfo, Settings
from tests.prompts.core.forecasting import IMAGE, answers, of

TWENTY = answers(*range(101, 121))
SAID = "102 to 119 tokens out, the 10th to 90th percentile of 20 answers here."


def test_the_sum_is_a_range_and_says_on_hover_what_it_rests_on() -> None:
    one = of("a" * 1000, past=TWENTY)
    found = outlook([one, one])
    assert one.low is not None
    assert one.high is not None
    assert found.money == f"about {text_of.money(2 * one.low)} to {text_of.money(2 * one.high)}"
    assert found.grounds == (f"{RULE}.", SAID)
    assert found.misfits == ()


def test_what_rests_on_the_answers_of_one_model_names_it() -> None:
    known, other = of("a" * 1000, past=TWENTY), of("a" * 1000, model="o3", past=answers(*range(1, 10)))
    assert outlook([known, other]).grounds == (
        f"{RULE}.", f"openai:gpt-4o: {SAID}",
        "openai:o3: 1 to 9 tokens out, the smallest to largest of 9 answers here.",
    )  # fmt: skip


def test_a_sum_with_an_unknown_part_is_at_least_and_says_why() -> None:
    known, local = of("a" * 1000, past=TWENTY), of(model="ngram-3", provider="builtin")
    found = outlook([known, of(files=(IMAGE,)), of(model="nobody-knows-it"), local])
    assert found.money.startswith("≥ $0.0")
    assert any(
        line.startswith("openai:gpt-4o: the most it can cost is unknown, because how many") for line in found.grounds
    )
    assert any(
        line.startswith("openai:nobody-knows-it: the cost is unknown, because no list price") for line in found.grounds
    )
    assert found.misfits == ()


def test_local_models_ask_no_fee_and_unpriced_ones_are_not_free() -> None:
    local = of(model="ngram-3", provider="builtin")
    assert outlook([local, local]) == Outlook("no fee")
    assert outlook([of(model="nobody-knows-it")]).money == "cost unknown"
    assert outlook([]) == Outlook("")


def test_what_does_not_fit_is_said_once() -> None:
    wide = of("word " * 150_000, settings=Settings(max_output_tokens=10))
    assert outlook([wide, wide]).misfits == (
        "openai:gpt-4o: this will not fit into its context window of 128,000 tokens.",
    )
    tight = of("word " * 100_000, settings=Settings(max_output_tokens=10))
    assert outlook([tight]).misfits == ("openai:gpt-4o: this may not fit into its context window of 128,000 tokens.",)


def test_a_maximum_that_the_provider_adds_bounds_cost_and_window() -> None:
    added = Adjustment("max_output_tokens", "Anthropic requires a maximum", "2048")
    found = of(model="claude-sonnet-5-5", provider="anthropic", adjustments=(added,))
    assert found.output_tokens == Span(250, 2048)
    assert found.basis[1].endswith(", at most 2,048 as Anthropic requires a maximum")
    info = ModelInfo("new", context_tokens=3000)
    full = of("word " * 2000, "new", "anthropic", info=info, adjustments=(added,))
    assert full.fit == "does not fit"
    set_by_hand = Settings(max_output_tokens=64)
    assert of(settings=set_by_hand, adjustments=(added,)).output_tokens == Span(60, 64)


def test_the_limit_that_a_vendor_lists_for_a_model_bounds_its_cost_but_is_not_sent() -> None:
    info = ModelInfo("new", context_tokens=1000, max_output_tokens=900)
    found = of("a" * 1000, info=info)
    assert (found.output_tokens, found.fit) == (Span(60, 900), "fits")
    assert found.basis[1].endswith(", at most 900 the model's own limit")
    assert of(past=TWENTY, info=info).output_tokens == Span(102, 119)
