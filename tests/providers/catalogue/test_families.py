"""Every fact has a source and a date, every notable version has its row, and every name finds its family."""

import re
from datetime import date, datetime
from importlib.metadata import version
from typing import get_args

import pytest

from providers.builtin.builtin import MODELS
from providers.catalogue import price_file
from providers.catalogue.catalogue import CatalogueModel, catalogue, defaults, find
from providers.catalogue.families import Fact, Family, families, family_of
from providers.config.connections import PRESETS

FOUNDING = ("GPT", "Claude", "Gemini", "Llama", "Mistral")
ROWS = [row for provider in PRESETS for row in catalogue(provider)]


def read_from(distribution: str, release: str) -> pytest.MarkDecorator:
    """The catalogue was read from this release; a newer one may know more, which is no defect of ours."""
    return pytest.mark.skipif(version(distribution) != release, reason=f"compares with {distribution} {release}")


def test_the_five_founding_families_come_first() -> None:
    assert tuple(family.name for family in families()[:5]) == FOUNDING
    for family in families()[:5]:
        for fact in (family.developer, family.strengths, family.best_for, family.versions):
            assert fact is not None
            assert (fact.source, fact.as_of) == ("founding document", date(2026, 11, 23))
        assert family.runs is not None


def test_every_fact_has_a_source_and_a_date() -> None:
    for family in families():
        assert all(fact.text and fact.source and isinstance(fact.as_of, date) for fact in family.facts)


def test_every_family_says_when_to_choose_it_as_an_opinion_of_ours() -> None:
    for family in families():
        assert family.when is not None
        assert family.when.source == "Collate's view"


def notable(family: Family) -> tuple[str, ...]:
    return tuple(family.versions.text.split(", ")) if family.versions else ()


@pytest.mark.parametrize(("on", "stale"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)])
def test_a_fact_is_stale_after_180_days(on: date, stale: bool) -> None:
    assert Fact("text", "source", date(2026, 1, 1)).stale(on) is stale


@pytest.mark.parametrize(
    ("family", "version"), [(family.name, version) for family in families() for version in notable(family)]
)
def test_every_notable_version_is_a_row_that_can_be_asked(family: str, version: str) -> None:
    rows = [row for row in ROWS if row.notable == version and row.family and row.family.name == family]
    assert rows
    assert all(find(row.provider, row.id) is row for row in rows)


def test_the_notable_versions_are_those_of_the_founding_document() -> None:
    assert [notable(family) for family in families()[:5]] == [
        ("GPT-4o", "GPT-4o mini", "o1", "o3"),
        ("Opus", "Sonnet", "Haiku"),
        ("2.0 Flash", "2.5 Pro"),
        ("Llama 3.3", "Llama 4"),
        ("Mistral Large", "Mixtral"),
    ]


@pytest.mark.parametrize(
    ("provider", "model", "family"),
    [
        ("openai", "gpt-4o-2024-08-06", "GPT"),
        ("openai", "o1", "GPT"),
        ("openai", "o3-mini", "GPT"),
        ("openai", "chatgpt-4o-latest", "GPT"),
        ("openai", "ft:gpt-4o-mini:acme::abc", "GPT"),
        ("openrouter", "openai/gpt-6.1-terra:batch", "GPT"),
        ("ollama", "gpt-oss:20b", "GPT"),
        ("anthropic", "claude-sonnet-5-5-20260901", "Claude"),
        ("openrouter", "anthropic/claude-opus-5.5", "Claude"),
        ("google", "models/gemini-2.5-pro", "Gemini"),
        ("google", "gemma-4-31b-it", "Gemma"),
        ("ollama", "llama3.3:70b", "Llama"),
        ("together", "meta-llama/Llama-4-Scout-17B-16E-Instruct", "Llama"),
        ("together", "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "Llama"),
        ("fireworks", "accounts/fireworks/models/llama-v3p1-8b-instruct", "Llama"),
        ("ollama", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "Llama"),
        ("meta", "muse-spark-1.3", "Muse"),
        ("mistral", "mistral-large-latest", "Mistral"),
        ("mistral", "open-mixtral-8x7b", "Mistral"),
        ("mistral", "ministral-8b-2512", "Mistral"),
        ("mistral", "codestral-2508", "Mistral"),
        ("mistral", "magistral-medium-2509", "Mistral"),
        ("ollama", "mistral", "Mistral"),
        ("ollama", "mistral:7b", "Mistral"),
        ("ollama", "mixtral:8x22b", "Mistral"),
        ("openrouter", "deepseek/deepseek-r1-distill-llama-70b", "DeepSeek"),
        ("groq", "qwen/qwen3.8-27b", "Qwen"),
        ("ollama", "phi4", "Phi"),
        ("builtin", "ngram-3", "n-gram"),
        ("openai", "ngram-3", None),
        ("ollama", "gpt-neox", None),
        ("ollama", "ollama-llamafile", None),
        ("ollama", "dolphin-mixtral", None),
        ("vllm", "my-own-model", None),
        ("vllm", "", None),
    ],
)
def test_a_name_finds_its_family(provider: str, model: str, family: str | None) -> None:
    found = family_of(provider, model)
    assert (found.name if found else None) == family


@pytest.mark.parametrize(
    ("provider", "model", "on", "status", "sentence"),
    [
        ("openai", "o1", date(2026, 10, 22), "retiring", "retires on 2026-10-23"),
        ("openai", "o1", date(2026, 10, 23), "retired", "retired on 2026-10-23"),
        ("openai", "o3", date(2026, 11, 23), "retiring", "retires on 2026-12-11"),
        ("openai", "gpt-4o", date(2026, 11, 23), "retiring", "retires on 2027-01-14"),
        ("openai", "gpt-4o-mini", date(2027, 1, 14), "retired", "retired on 2027-01-14"),
        ("openai", "gpt-6.1-terra", date(2026, 11, 23), "current", None),
        ("anthropic", "claude-sonnet-4-5", date(2026, 11, 23), "retiring", "retires on 2026-11-30"),
        ("anthropic", "claude-3-opus-20240229", date(2026, 11, 23), "retired", "retired on 2026-01-05"),
        ("google", "gemini-2.0-flash", date(2026, 11, 23), "retired", "retired on 2026-06-01"),
        ("google", "gemini-2.5-pro", date(2026, 11, 23), "retiring", "retires on 2026-12-01"),
        ("groq", "mixtral-8x7b-32768", date(2026, 11, 23), "retired", "retired on 2025-03-20"),
    ],
)
def test_the_status_on_a_day(provider: str, model: str, on: date, status: str, sentence: str | None) -> None:
    row = find(provider, model)
    assert row is not None
    assert (row.status(on), row.status_sentence(on)) == (status, sentence)


def test_every_row_belongs_to_a_preset_and_is_said_once() -> None:
    assert len({row.target for row in ROWS}) == len(ROWS)
    assert all((row.retires_on is None) == (row.retires_source is None) for row in ROWS)
    assert all(row.family for row in ROWS)


def test_every_window_and_every_end_has_a_source_and_a_date() -> None:
    for row in ROWS:
        assert (row.context_tokens is None) == (row.context is None)
        assert (row.retires_on is None) == (row.retires is None)
        for fact in (row.context, row.retires, row.successor):
            assert fact is None or (fact.text and fact.source and isinstance(fact.as_of, date))


def test_a_successor_is_another_model_of_the_same_provider_that_stays() -> None:
    replaced = [row for row in ROWS if row.successor is not None]
    assert {row.id for row in replaced} >= {"gpt-4o", "gpt-4o-mini", "o1", "o3", "gemini-2.0-flash", "gemini-2.5-pro"}
    for row in replaced:
        assert row.retires_on
        assert row.successor
        successor = find(row.provider, row.successor.text)
        assert successor is not None, row.id
        assert successor.status(row.retires_on) == "current"


def test_every_provider_with_rows_has_one_default_that_is_served() -> None:
    chosen = defaults()
    assert [row.provider for row in chosen] == list(dict.fromkeys(row.provider for row in chosen))
    assert {row.provider for row in chosen} == {row.provider for row in ROWS}
    assert {row.provider for row in chosen} <= set(PRESETS)
    assert all(row.status(date(2026, 11, 23)) == "current" for row in chosen)


def test_what_is_not_on_record_is_none() -> None:
    assert find("openai", "gpt-99") is None
    assert catalogue("nobody") == ()


def test_the_built_in_models_are_all_in_the_catalogue() -> None:
    assert {row.id for row in catalogue("builtin")} == set(MODELS)


def test_openai_names_are_those_of_the_sdk() -> None:
    from openai.types.shared.chat_model import ChatModel

    assert {row.id for row in catalogue("openai")} <= set(get_args(ChatModel))


@read_from("anthropic", "2.14.0")
def test_anthropic_names_and_ends_are_those_of_the_sdk() -> None:
    from anthropic.resources.messages.messages import DEPRECATED_MODELS
    from anthropic.types.model import Model

    known = {name for part in get_args(Model) for name in get_args(part)} | set(DEPRECATED_MODELS)
    rows = catalogue("anthropic")
    dropped = {row.id for row in rows} - known  # the SDK forgets a model some time after its end
    assert all(row.status(date(2026, 11, 26)) == "retired" for row in rows if row.id in dropped)
    ends = {row.id: row.retires_on for row in rows if row.retires_on and row.id not in dropped}
    assert ends == {row.id: _day(DEPRECATED_MODELS[row.id]) for row in rows if row.id in DEPRECATED_MODELS}


def _day(text: str) -> date:
    """`January 22nd, 2027`."""
    return datetime.strptime(re.sub(r"(?<=\d)[a-z]+", "", text), "%B %d, %Y").date()  # noqa: DTZ007 (a day)


# Hosts whose names and windows genai-prices has, but for names that are newer than its data.
NEWER = {row.model for row in price_file.rows()}


@read_from("genai-prices", "0.2.3")
@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.provider not in ("builtin", "ollama") and row.id not in NEWER],
    ids=lambda row: row.target,
)
def test_names_and_context_windows_are_those_of_genai_prices(row: CatalogueModel) -> None:
    from genai_prices.data import providers

    host = next(provider for provider in providers if provider.id == row.provider)
    known = host.find_model(row.id)
    assert known is not None
    if row.context is None or row.context.source.startswith("genai-prices"):
        assert row.context_tokens == known.context_window
    else:
        assert known.context_window is None, "the library tells it now: take away `context_source`"


@pytest.mark.parametrize("provider", list(PRESETS))
def test_every_model_that_draws_belongs_to_a_family_that_says_where_it_runs(provider: str) -> None:
    for row in catalogue(provider, draws=True):
        assert row.family is not None, row.id
        assert row.family.runs is not None


@pytest.mark.parametrize(
    ("provider", "model", "family"),
    [
        ("openai", "gpt-image-2.6-flare", "GPT Image"), ("openai", "dall-e-3", "DALL·E"),
        ("webui", "sd_xl_base_1.0", "Stable Diffusion"), ("vllm", "black-forest-labs/FLUX.1-schnell", "FLUX"),
        ("uploaded", "Midjourney v8", "Midjourney"), ("google", "gemini-3-pro-image", "Gemini"),
        ("builtin", "shapes", "Shapes"), ("lab", "shapes", None),
    ],
)  # fmt: skip
def test_a_model_that_draws_finds_its_family(provider: str, model: str, family: str | None) -> None:
    found = family_of(provider, model)
    assert (found.name if found else None) == family


def test_what_cannot_be_asked_says_so_and_what_to_use() -> None:
    said = {family.name: family for family in families()}
    midjourney, dalle = said["Midjourney"], said["DALL·E"]
    assert midjourney.always
    assert midjourney.when is not None
    assert "no public API" in midjourney.when.text
    assert "GPT Image" in midjourney.when.text
    assert dalle.when is not None
    assert "12 May 2026" in dalle.when.text
    for name in ("dall-e-2", "dall-e-3"):
        row = find("openai", name)
        assert row is not None
        assert (row.retires_on, row.successor is not None) == (date(2026, 5, 12), True)
