"""What a status says, which versions there are, and in which order they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.model_lists import Listing
from dashboard.models.rows import Version, shown_families, status_of, versions
from prompts.asking.runner import Connections
from prompts.core.model_stats import Measured, Median
from providers.catalogue.catalogue import find
from providers.catalogue.families import families
from providers.catalogue.pricing import ListPrice
from providers.config.connections import PRESETS, Connection, configured
from providers.errors import Kind, failure
from providers.interface import ModelInfo
from providers.secrets import Secret

TODAY = date(2026, 11, 24)


def lists(*names: str) -> Listing:
    return Listing(tuple(ModelInfo(name) for name in names))


def failed(kind: Kind) -> Listing:
    return Listing(failure=failure(kind, "no list"))


def keyed(name: str) -> Connection:
    return replace(PRESETS[name], key=Secret("sk-0123456789"))


PROXY = configured(keyed("openai"), environ={"OPENAI_BASE_URL": "https://proxy.example.com/v1"}, key=Secret("k" * 9))
BROKEN = replace(keyed("openai"), problem="'x' is not an address")


@pytest.mark.parametrize(
    ("connection", "listing", "model", "here", "text"),
    [
        (PRESETS["builtin"], None, "ngram-3", "usable", "usable here now"),
        (PRESETS["openai"], None, "gpt-6.1-terra", "key", "needs OPENAI_API_KEY"),
        (keyed("openai"), None, "gpt-6.1-terra", "usable", "usable here now"),
        (keyed("openai"), lists("gpt-5"), "gpt-6.1-terra", "usable", "usable here now"),
        (keyed("openai"), failed("auth"), "gpt-6.1-terra", "key", "OpenAI refuses the key"),
        (keyed("openai"), failed("connection"), "gpt-6.1-terra", "away", "OpenAI does not answer"),
        (keyed("fireworks"), failed("not_found"), "x", "usable", "usable here now"),
        (PROXY, None, "gpt-6.1-terra", "usable", "usable here now"),
        (PROXY, failed("timeout"), "gpt-6.1-terra", "away", "OpenAI does not answer"),
        (BROKEN, None, "gpt-6.1-terra", "away", "'x' is not an address"),
        (PROXY, lists("gpt-5"), "gpt-6.1-terra", "away", "not listed at https://proxy.example.com/v1"),
        (PROXY, lists("gpt-6.1-terra"), "gpt-6.1-terra", "usable", "usable here now"),
        (PRESETS["ollama"], None, "llama3.3:70b", "away", "Ollama has not answered yet"),
        (PRESETS["ollama"], failed("local_unavailable"), "llama3.3:70b", "away", "Ollama does not answer"),
        (PRESETS["ollama"], lists("mistral"), "llama3.3:70b", "pull", "not pulled: pull it under Local models"),
        (PRESETS["ollama"], lists("llama3.3:70b"), "llama3.3:70b", "usable", "usable here now"),
        (PRESETS["ollama"], lists("llama3.2:latest"), "llama3.2", "usable", "usable here now"),
        (PRESETS["vllm"], lists("mine"), "other", "away", "not listed at http://127.0.0.1:8000/v1"),
        (PRESETS["openai"], None, "gpt-4o", "key", "needs OPENAI_API_KEY; retires on 2027-01-14"),
        (keyed("openai"), None, "o3", "usable", "usable here now; retires on 2026-12-11"),
        (keyed("openai"), None, "o1", "retired", "retired on 2026-10-23"),
        (PRESETS["openai"], None, "o1", "retired", "retired on 2026-10-23"),
        (keyed("openai"), lists("o1"), "o1", "usable", "listed here now, though said to be retired on 2026-10-23"),
    ],
)
def test_a_status_says_what_can_be_done_here(
    connection: Connection, listing: Listing | None, model: str, here: str, text: str
) -> None:
    status = status_of(connection, listing, model, find(connection.name, model), TODAY)
    assert (status.here, status.text) == (here, text)


def no_price(provider: str, model: str) -> ListPrice:
    return ListPrice("unknown", reason=f"nobody lists {provider}:{model}")


def collect(
    connections: Connections = PRESETS, listings: dict[str, Listing | None] | None = None, *measured: Measured
) -> tuple[Version, ...]:
    return versions(connections, listings or {}, measured, no_price, TODAY)


NOTABLE = [
    (family.name, name) for family in families()[:5] if family.versions for name in family.versions.text.split(", ")
]


@pytest.mark.parametrize(("family", "name"), NOTABLE)
def test_every_notable_version_is_a_row_that_works_or_says_why_not(family: str, name: str) -> None:
    rows = [v for v in collect() if v.family.name == family and v.row and v.row.notable == name]
    assert rows
    for version in rows:
        assert version.status.text
        assert version.status.here in ("usable", "key", "away", "retired")
        assert version.target == f"{version.provider}:{version.model}"


def test_usable_versions_come_first_and_retired_ones_last() -> None:
    found = collect({"openai": PRESETS["openai"], "groq": keyed("groq"), "builtin": PRESETS["builtin"]})
    ranks = [{"usable": 0, "retired": 2}.get(version.status.here, 1) for version in found]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_an_ollama_model_is_asked_by_the_name_that_ollama_lists() -> None:
    found = collect({"ollama": PRESETS["ollama"]}, {"ollama": lists("llama3.2:latest", "phi4:14b", "my-own")})
    usable = [version.target for version in found if version.status.here == "usable"]
    assert usable == ["ollama:llama3.2:latest", "ollama:phi4:14b"]
    assert "Phi" in [family.name for family in shown_families(found)]


def test_a_vendors_long_list_adds_no_rows_but_its_windows_count() -> None:
    live = Listing((ModelInfo("gpt-4o", context_tokens=99), ModelInfo("gpt-4o-2024-08-06")))
    found = {v.model: v for v in collect({"openai": keyed("openai")}, {"openai": live})}
    assert "gpt-4o-2024-08-06" not in found
    assert (found["gpt-4o"].context_tokens, found["gpt-4o-mini"].context_tokens) == (99, 128_000)
    assert found["gpt-6.2-sol"].context_tokens == 1_050_000  # the catalogue's, where the list tells none


def figures(model: str, provider: str = "openai") -> Measured:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Measured(provider, model, 3, 1, at, at, Median(0.2, 3), Median(1.0, 3), None)


def test_what_was_measured_stands_beside_its_model_and_adds_what_the_catalogue_lacks() -> None:
    measured = (figures("gpt-4o"), figures("gpt-4o-2024-08-06"), figures("unheard-of"), figures("gone", "nobody"))
    found = {v.model: v.measured for v in collect({"openai": keyed("openai")}, None, *measured)}
    assert found["gpt-4o"] == measured[0]
    assert found["gpt-4o-2024-08-06"] == measured[1]
    assert found["gpt-4o-mini"] is None
    assert "unheard-of" not in found


def test_families_without_a_version_are_not_shown() -> None:
    names = [family.name for family in shown_families(collect())]
    assert names[:5] == ["GPT", "Claude", "Gemini", "Llama", "Mistral"]
    assert "Grok" not in names


@pytest.mark.parametrize(
    ("words", "expected"),
    [("gpt-4o mini", True), ("OPENAI 4O retires", True), ("mixtral", False), ("", True), ("gpt nowhere", False)],
)
def test_a_search_wants_all_words_somewhere(words: str, expected: bool) -> None:
    (mini,) = (version for version in collect() if version.target == "openai:gpt-4o-mini")
    assert mini.says(words) is expected
