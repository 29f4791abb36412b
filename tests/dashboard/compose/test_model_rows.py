"""Known models as rows: what is usable here, what is found, what stays chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dashboard.compose.model_rows import (
    ModelRow,
    all_rows,
    chosen_first,
    families_of,
    narrowed,
    rechosen,
    rows_of,
    styled,
)
from dashboard.model_lists import Listing
from providers import errors
from providers.catalogue.pricing import Pricer
from providers.config.connections import PRESETS, Connection
from providers.interface import ModelInfo
from providers.secrets import Secret

DAY = date(2026, 11, 24)
PRICER = Pricer(PRESETS)
OPENAI, OLLAMA = replace(PRESETS["openai"], key=Secret("sk-planted-0123456789")), PRESETS["ollama"]
AWAY = Listing(failure=errors.failure("local_unavailable", "nothing answers"))


def listed(*names: str) -> Listing:
    return Listing(tuple(ModelInfo(name) for name in names))


def row(connection: Connection, listing: Listing | None, target: str) -> ModelRow:
    (found,) = [r for r in all_rows([(connection, listing)], PRICER, DAY) if r.target == target]
    return found


@pytest.mark.parametrize(
    ("connection", "listing", "target", "status", "usable"),
    [
        (PRESETS["builtin"], listed("ngram-3"), "builtin:ngram-3", "ready", True),
        (OPENAI, listed("gpt-6.1-terra"), "openai:gpt-6.1-terra", "ready", True),
        (OPENAI, listed("gpt-4o"), "openai:gpt-4o", "ready, retires on 2027-01-14", True),
        (OPENAI, listed("o1"), "openai:o1", "ready", True),
        (OPENAI, listed("gpt-4o"), "openai:o1", "retired on 2026-10-23", False),
        (OPENAI, listed("gpt-4o"), "openai:gpt-5.5", "not in its list", False),
        (OPENAI, None, "openai:gpt-5.5", "not asked yet", True),
        (OPENAI, AWAY, "openai:gpt-5.5", "not reachable", False),
        (replace(OPENAI, problem="no address"), None, "openai:gpt-5.5", "configured wrongly", False),
        (PRESETS["openai"], None, "openai:gpt-5.5", "needs OPENAI_API_KEY", False),
        (OLLAMA, listed("gemma3"), "ollama:gemma3", "ready", True),
        (OLLAMA, listed("gemma3"), "ollama:qwen3", "not installed", False),
        (OLLAMA, AWAY, "ollama:qwen3", "not reachable", False),
        (OLLAMA, None, "ollama:qwen3", "not asked yet", False),
    ],
)
def test_each_row_says_whether_it_can_be_asked_here(
    connection: Connection, listing: Listing | None, target: str, status: str, usable: bool
) -> None:
    found = row(connection, listing, target)
    assert (found.status, found.usable) == (status, usable)


def test_a_row_joins_price_window_family_and_place() -> None:
    found = row(OPENAI, listed("gpt-4o"), "openai:gpt-4o")
    assert (found.family, found.context_tokens, found.place) == ("GPT", 128_000, "api.openai.com")
    assert (found.input_price, found.output_price, found.local) == (Decimal("2.5"), Decimal(10), False)
    local, unknown = row(OLLAMA, None, "ollama:qwen3"), row(OPENAI, listed("of-nobody"), "openai:of-nobody")
    assert (local.local, local.input_price, local.place) == (True, None, "127.0.0.1")
    assert (unknown.family, unknown.local, unknown.input_price) == ("Other", False, None)
    assert row(PRESETS["builtin"], None, "builtin:ngram-3").place == "this computer"


def test_usable_ones_come_first_and_the_chosen_before_them() -> None:
    rows = all_rows([(PRESETS["anthropic"], None), (OPENAI, listed("gpt-4o"))], PRICER, DAY)
    assert [r.target for r in rows if r.usable] == ["openai:gpt-4o"]
    assert rows[0].target == "openai:gpt-4o"
    assert [r.target for r in chosen_first(rows, ["openai:o1"])][:2] == ["openai:o1", "openai:gpt-4o"]
    assert chosen_first(rows, None) == list(rows)


@pytest.mark.parametrize(
    ("search", "families", "usable", "found"),
    [
        ("", [], True, {"openai:gpt-4o"}),
        ("OPUS 5-5", [], False, {"anthropic:claude-opus-5-5"}),
        ("anthropic haiku", ["Claude"], False, {"anthropic:claude-haiku-5-5", "anthropic:claude-haiku-4-5"}),
        ("haiku", ["GPT"], False, set()),
        ("gpt-4o mini", [], False, {"openai:gpt-4o-mini"}),
    ],
)
def test_rows_are_found_by_every_word(search: str, families: list[str], usable: bool, found: set[str]) -> None:
    rows = all_rows([(PRESETS["anthropic"], None), (OPENAI, listed("gpt-4o"))], PRICER, DAY)
    assert {r.target for r in narrowed(rows, search, families, usable=usable)} == found


def test_families_are_offered_in_their_order() -> None:
    rows = all_rows([(OPENAI, listed("gpt-4o", "of-nobody")), (PRESETS["anthropic"], None)], PRICER, DAY)
    assert families_of(rows) == ["GPT", "Claude", "Other"]


def test_a_choice_survives_what_the_search_hides() -> None:
    rows = all_rows([(OPENAI, listed("a", "b", "c"))], PRICER, DAY)[:3]
    assert rechosen(["x:typed", "openai:c", "openai:a"], rows, [0, 1]) == ["x:typed", "openai:a", "openai:b"]
    assert rechosen(["openai:a"], rows, []) == []
    assert rechosen([], rows, [2, 99]) == ["openai:c"]
    assert rechosen(["openai:a"], [], []) == ["openai:a"]


def test_unknown_is_no_number_and_no_fee_is_told_apart() -> None:
    rows = [row(OPENAI, listed("of-nobody"), "openai:of-nobody"), row(OLLAMA, None, "ollama:qwen3")]
    shown = styled([*rows, row(OPENAI, None, "openai:gpt-4o")]).to_html()
    assert "no fee" in shown
    assert "$2.50" in shown
    assert "—" in shown
    assert "128,000" in shown


def test_hundreds_of_models_are_priced_once() -> None:
    many = listed(*(f"vendor/model-{n}" for n in range(400)))
    offered = [(replace(PRESETS["openrouter"], key=Secret("k")), many)]
    rows_of.cache_clear()
    first = all_rows(offered, PRICER, DAY)
    assert len(first) >= 400
    assert all_rows(offered, PRICER, DAY) == first
    assert rows_of.cache_info().hits == 1


def test_no_key_is_kept_with_the_rows() -> None:
    rows_of.cache_clear()
    all_rows([(OPENAI, None)], PRICER, DAY)
    all_rows([(replace(OPENAI, key=Secret("sk-another-0123456789")), None)], PRICER, DAY)
    assert rows_of.cache_info().hits == 1
