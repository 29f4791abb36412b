"""The versions as a table: numbers that sort, unknown as "—", old facts marked, and a source for every fact."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dashboard.model_lists import Listing
from dashboard.models.rows import Version, versions
from dashboard.models.table import STALE, VERSION_HELP, Said, facts, version_table
from prompts.core.model_stats import Measured, Median
from providers.catalogue.pricing import ListPrice, LongPrompt, Pricer
from providers.config.connections import PRESETS
from providers.interface import ModelInfo

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
LATER = date(2027, 6, 1)
FIGURES = Measured(
    "openai", "gpt-4o", 12, 3, datetime(2026, 11, 20, tzinfo=UTC), NOW,
    Median(0.23, 12), Median(2.5, 12), Median(85.3, 9),
)  # fmt: skip


def version(target: str, *measured: Measured, listings: dict[str, Listing | None] | None = None) -> Version:
    pricer = Pricer(PRESETS)
    found = versions(PRESETS, listings or {}, measured, lambda p, m: pricer.list_price(p, m, NOW), TODAY)
    return next(v for v in found if v.target == target)


def bare() -> Version:
    """A version of which neither price nor context is on record."""
    reason = "no list price is known for gpt-6.2-astra at openai"
    listed = version("openai:gpt-6.2-astra")
    assert listed.row is not None
    row = replace(listed.row, context_tokens=None, context=None)
    return replace(listed, price=ListPrice("unknown", reason=reason), row=row)


def shown(*found: Version, on: date = TODAY) -> list[dict[str, str]]:
    """The table as people read it."""
    style = version_table(found, on)
    style._compute()  # type: ignore[attr-defined]
    columns = list(style.data.columns)
    return [
        {head: str(style._display_funcs[row, n](style.data.iloc[row, n])) for n, head in enumerate(columns)}  # type: ignore[attr-defined]
        for row in range(len(found))
    ]


def test_the_columns_are_those_that_are_explained_in_that_order() -> None:
    assert list(version_table([version("openai:o1")], TODAY).data.columns) == list(VERSION_HELP)


def test_a_version_reads_well() -> None:
    (row,) = shown(version("openai:gpt-4o", FIGURES))
    assert row == {
        "Model": "GPT-4o", "Known as": "GPT-4o", "Status": "needs OPENAI_API_KEY; retires on 2027-01-14",
        "$ in": "$2.50", "$ out": "$10.00", "Context": "128,000", "First token here": "230 ms", "Tokens/s here": "85.3",
        "Measured": "n = 12, 2026-11-20 to 2026-11-24", "Called best": "—", "Thumbs": "—", "Stars": "—",
        "Preferred blind": "—",
        "Successor": "gpt-6-luna", "Where": "hosted: OpenAI",
        "Asked as": "openai:gpt-4o", "Facts from": row["Facts from"],
    }  # fmt: skip
    for source in ("price: list prices of genai-prices", "end: openai 3.57.0", "(2026-11-26)", "successor: dev.to"):
        assert source in row["Facts from"]


def test_unknown_is_a_dash_and_no_fee_is_neither_unknown_nor_nothing() -> None:
    unknown, local = shown(bare(), version("ollama:llama3.3:70b"))
    assert [unknown[head] for head in ("$ in", "Context", "First token here", "Tokens/s here", "Successor")] == [
        "—"
    ] * 5
    assert (local["$ in"], local["$ out"]) == ("no fee", "no fee")


def test_numbers_stay_numbers_so_that_sorting_is_right() -> None:
    data = version_table([version("openai:gpt-4o", FIGURES), bare()], TODAY).data
    known, unknown = data["$ in"]
    assert known == 2.5
    assert math.isnan(unknown)
    assert data["Context"].dtype == data["First token here"].dtype == "float64"


def test_answers_under_other_conditions_are_counted_but_give_no_figure() -> None:
    qualified = replace(FIGURES, clean=0, other=2, time_to_first_token_s=None, output_tokens_per_s=None)
    (row,) = shown(version("openai:gpt-4o", qualified))
    assert (row["First token here"], row["Measured"]) == ("—", "2 answers, none clean, 2026-11-20 to 2026-11-24")


def test_old_facts_are_grey_and_say_so_in_a_word() -> None:
    found = [version("openai:gpt-4o"), bare()]

    def grey(on: date) -> set[tuple[int, str]]:
        style = version_table(found, on)
        style._compute()  # type: ignore[attr-defined]
        mark = ("color", STALE["color"])
        return {(row, style.data.columns[n]) for (row, n), css in style.ctx.items() if mark in css}

    assert grey(TODAY) == set()
    assert grey(LATER) == {(0, "Context"), (0, "Status"), (0, "Successor")}
    assert "old" not in shown(*found)[0]["Facts from"]
    assert "(2026-11-23, old)" in shown(*found, on=LATER)[0]["Facts from"]


def by_what(said: list[Said]) -> dict[str, Said]:
    return {fact.what: fact for fact in said}


def test_every_fact_of_a_version_names_its_source_and_its_day() -> None:
    said = by_what(facts(version("openai:gpt-4o", FIGURES), TODAY))
    assert all(fact.source and fact.as_of and fact.value for fact in said.values())
    assert (said["end of service"].value, said["end of service"].as_of) == ("2027-01-14", "2026-11-26")
    assert (said["successor"].value, said["successor"].as_of) == ("gpt-6-luna", "2026-10-28")
    assert said["$ in per million"].as_of == "no date; the source has a version"
    assert said["first token here"].source == (
        "measured here, n = 12; 3 more left out, their conditions were not clean"
    )
    assert said["tokens/s here"].source.startswith("measured here, n = 9")
    assert not any(fact.old for fact in said.values())
    assert by_what(facts(version("openai:gpt-4o"), LATER))["successor"].old


def test_what_nobody_states_is_a_dash_with_the_reason() -> None:
    said = by_what(facts(bare(), TODAY))
    assert said["$ in per million"].value == said["context, tokens"].value == said["measured here"].value == "—"
    assert said["$ in per million"].source == "no list price is known for gpt-6.2-astra at openai"
    assert said["context, tokens"].source == "no source on record states it"
    retired = by_what(facts(version("together:mistralai/Mixtral-8x7B-Instruct-v0.1"), TODAY))
    assert (retired["successor"].value, retired["successor"].source) == ("—", "no source on record names one")


def test_a_window_that_the_provider_itself_lists_goes_before_the_catalogue() -> None:
    live = Listing((ModelInfo("gpt-4o", context_tokens=64_000),))
    found = version("openai:gpt-4o", listings={"openai": live})
    assert by_what(facts(found, TODAY))["context, tokens"] == Said(
        "openai:gpt-4o", "context, tokens", "64,000", "the live list of openai", "2026-11-24"
    )


@pytest.mark.parametrize(("above", "expected"), [(100_000, True), (128_000, False)])
def test_the_price_of_long_prompts_is_told_only_where_such_a_prompt_fits(above: int, expected: bool) -> None:
    long = LongPrompt(above, Decimal(5), Decimal(15))
    price = ListPrice("amount", Decimal("2.5"), Decimal(10), "a list", None, None, long)
    said = by_what(facts(replace(version("openai:gpt-4o"), price=price), TODAY))
    assert (f"$ in, prompt above {above:,} tokens" in said) is expected
