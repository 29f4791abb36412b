"""Counts for Prometheus: sums by provider and outcome, and what is missing of a sum."""

from decimal import Decimal

from prometheus_client.parser import text_string_to_metric_families

from prompts.observing.counts import Counts
from providers.completion import Cost, Timings
from providers.interface import Usage
from tests.prompts.observing.calls import call, failed, planted

ORDER = ("provider", "outcome", "direction")


def read(counts: Counts) -> dict[tuple[str, ...], float]:
    """Each sample by its name and its labels."""
    return {
        (sample.name, *(sample.labels[each] for each in ORDER if each in sample.labels)): sample.value
        for family in text_string_to_metric_families(counts.text())
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


def test_calls_tokens_money_and_times_are_summed_by_provider_and_outcome() -> None:
    counts = Counts()
    for _ in range(2):
        counts.tell(call())
    counts.tell(call("failed", error=failed(), usage=None, cost=Cost("unknown"), timings=Timings()))
    counts.tell(call(provider="ollama", cost=Cost("local")))
    assert read(counts) == {
        ("collate_calls_total", "openai", "complete"): 2,
        ("collate_calls_total", "openai", "failed"): 1,
        ("collate_calls_total", "ollama", "complete"): 1,
        ("collate_tokens_total", "openai", "complete", "input"): 20,
        ("collate_tokens_total", "openai", "complete", "output"): 40,
        ("collate_tokens_total", "ollama", "complete", "input"): 10,
        ("collate_tokens_total", "ollama", "complete", "output"): 20,
        ("collate_calls_without_usage_total", "openai", "failed"): 1,
        ("collate_cost_usd_total", "openai", "complete"): 0.0042,
        ("collate_calls_of_unknown_cost_total", "openai", "failed"): 1,
        ("collate_duration_seconds_count", "openai", "complete"): 2,
        ("collate_duration_seconds_sum", "openai", "complete"): 3,
        ("collate_duration_seconds_count", "ollama", "complete"): 1,
        ("collate_duration_seconds_sum", "ollama", "complete"): 1.5,
        ("collate_time_to_first_token_seconds_count", "openai", "complete"): 2,
        ("collate_time_to_first_token_seconds_sum", "openai", "complete"): 0.5,
        ("collate_time_to_first_token_seconds_count", "ollama", "complete"): 1,
        ("collate_time_to_first_token_seconds_sum", "ollama", "complete"): 0.25,
    }


def test_a_sum_says_what_is_missing_of_it() -> None:
    counts = Counts()
    counts.tell(call(usage=Usage(5, None), cost=Cost("unknown", Decimal("1.5"))))
    found = read(counts)
    assert found["collate_tokens_total", "openai", "complete", "input"] == 5
    assert ("collate_tokens_total", "openai", "complete", "output") not in found
    assert found["collate_calls_without_usage_total", "openai", "complete"] == 1
    assert ("collate_cost_usd_total", "openai", "complete") not in found
    assert found["collate_calls_of_unknown_cost_total", "openai", "complete"] == 1


def test_no_text_and_no_model_is_in_it() -> None:
    counts = Counts()
    counts.tell(call("failed", error=failed()))
    assert planted(counts.text()) == []
    assert "gpt-4o" not in counts.text()
