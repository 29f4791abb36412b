from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.local_models.facts import (
    CONTEXTS,
    Outcome,
    fit,
    parts_line,
    progress_line,
    runs_here,
    stays,
    suggestions,
    table,
)
from dashboard.local_models.pulls import Pull
from providers.config.connections import Connection
from providers.local.machine import Memory
from providers.local.ollama_facts import Details, Installed, Inventory, Loaded, Progress, WorkBuffers
from tests.wire.ollama_host import DIGEST, GB

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
KNOWN = Details(8_192, ("completion",), 100_000)
CACHE = 409_600_000
"""Bytes of 4,096 tokens."""


def model(size: int | None = 4 * GB, details: Details = KNOWN, name: str = "m:latest") -> Installed:
    return Installed(name, "d", size, details=details)


def memory(available: int | None, total: int = 16 * GB) -> Memory:
    return Memory(total, available)


@pytest.mark.parametrize(
    ("available", "held", "outcome"),
    [
        (int((4 * GB + CACHE) / 0.8) + 1, 0, "fits"),
        (int((4 * GB + CACHE) / 0.8) - 1, 0, "tight"),
        (4 * GB + CACHE, 0, "tight"),
        (4 * GB + CACHE - 1, 0, "too_large"),
        (3 * GB, 2 * GB, "tight"),
        (3 * GB, 1 * GB, "too_large"),
    ],
)
def test_weights_and_cache_against_what_is_available(available: int, held: int, outcome: Outcome) -> None:
    other = [Loaded("other:latest", held + GB, GB)] if held else []
    found = fit(model(), other, memory(available), 4_096)
    assert (found.outcome, found.needs_bytes) == (outcome, 4 * GB + CACHE)
    assert found.reason.startswith("About 4.4 GB: 4.0 GB of weights + 410 MB for 4,096 tokens of context; ")


def test_work_buffers_are_part_of_what_it_takes() -> None:
    details = Details(8_192, ("completion",), 100_000, WorkBuffers(width=4096, heads=32, vocabulary=128_256))
    found = fit(model(details=details), (), memory(12 * GB), 4_096)
    assert found.needs_bytes == 4 * GB + CACHE + 512 * 4 * (1 + 4 * 4096 + 4_096 * 33)
    assert "4.0 GB of weights + 410 MB for 4,096 tokens of context + up to 310 MB of work buffers; " in found.reason


def test_the_context_is_never_more_than_the_model_takes() -> None:
    assert fit(model(), (), memory(12 * GB), 131_072).needs_bytes == 4 * GB + 8_192 * 100_000


def test_a_loaded_model_takes_what_ollama_says() -> None:
    found = fit(model(), [Loaded("m:latest", 5 * GB)], memory(0), 4_096)
    assert (found.outcome, found.needs_bytes) == ("loaded", 5 * GB)


@pytest.mark.parametrize(
    ("what", "here", "outcome", "because"),
    [
        (model(None), memory(12 * GB), "unknown", "size"),
        (model(), None, "unknown", "computer that runs Ollama is unknown"),
        (model(), memory(None), "unknown", "does not report how much"),
        (model(20 * GB), memory(None), "too_large", "this computer has 16.0 GB"),
        (model(details=Details()), memory(12 * GB), "unknown", "At least 4.0 GB"),
        (model(details=Details()), memory(3 * GB), "too_large", "At least 4.0 GB"),
        (model(384, name="gpt-oss:120b-cloud"), memory(12 * GB), "elsewhere", "leaves this computer"),
    ],
)
def test_what_is_not_known_is_said(what: Installed, here: Memory | None, outcome: Outcome, because: str) -> None:
    found = fit(what, (), here, 4_096)
    assert found.outcome == outcome
    assert because in found.reason


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://localhost:11434", True),
        ("http://[::1]:11434", True),
        ("http://192.168.1.5:11434", False),
        ("http://gpu-box:11434", False),
    ],
)
def test_the_memory_of_another_machine_is_not_ours(url: str, here: bool) -> None:
    assert runs_here(Connection("ollama", "ollama", "Ollama", url, local=True)) is here


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        (None, "Answers begin at once, until Ollama needs the memory."),
        (NOW + timedelta(minutes=4), "Answers begin at once, until 14:04 (for 4 min more)."),
        (NOW + timedelta(hours=12), "Answers begin at once, until 2026-11-25 02:00 (for 12 h 0 min more)."),
        (datetime.fromisoformat("2026-11-24T05:30:00-08:00"), "Answers begin at once, until 14:30 (for 30 min more)."),
        (NOW, "Its time is up: Ollama is unloading it."),
        (NOW - timedelta(seconds=9), "Its time is up: Ollama is unloading it."),
        (datetime(2318, 11, 1, tzinfo=UTC), "Answers begin at once, until you unload it."),
    ],
)
def test_until_when_it_stays_on_the_readers_clock(expires: datetime | None, said: str) -> None:
    assert stays(Loaded("m", GB, expires_at=expires), NOW, BERLIN) == said


def test_the_table_marks_warm_and_cold_and_keeps_numbers_numbers() -> None:
    changed = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    models = (
        Installed("a:latest", "1", 2 * GB, "llama", "3B", "Q4", changed, KNOWN),
        Installed("b:cloud", "2", 384),
        Installed("c:latest", "3", None),
    )
    inventory = Inventory(models, (Loaded("a:latest", 3 * GB),))
    fits = [fit(each, inventory.loaded, memory(12 * GB), CONTEXTS[0]) for each in models]
    styled = table(inventory, fits, BERLIN)
    data = styled.data  # pyright: ignore[reportAttributeAccessIssue]
    assert list(data["Warm or cold"]) == ["warm", "runs elsewhere", "cold"]
    assert list(data["Will it fit (estimate)"]) == ["in memory", "runs at ollama.com", "unknown"]
    assert data["On disk"].tolist()[0] == 2 * GB
    shown = styled.to_html()
    assert all(text in shown for text in (">2.0 GB<", ">3.0 GB<", ">2026-11-24<", ">8,192<", ">—<"))
    assert "384" not in shown
    assert "nan" not in shown.lower()


def test_suggestions_leave_out_what_is_there_or_on_its_way() -> None:
    here = Inventory((Installed("llama3.2:latest", None, GB),), ())
    under_way, failed = Pull("mistral"), Pull("qwen3")
    failed.end("failed")
    names = [row.id for row in suggestions(here, [under_way, failed])]
    assert "llama3.2" not in names
    assert "mistral" not in names
    assert {"qwen3", "gemma3"} <= set(names)


def test_progress_in_one_line() -> None:
    now = [0.0]
    pull = Pull("m", lambda: now[0])
    assert progress_line(pull) == "Asking Ollama"
    pull.take(Progress("pulling manifest"))
    assert progress_line(pull) == "Asking the library"
    pull.take(Progress("pulling a", DIGEST.format(1), 4 * GB, 0))
    assert progress_line(pull) == "0 B of 4.0 GB · 0 %"
    now[0] = 4.0
    pull.take(Progress("pulling a", DIGEST.format(1), 4 * GB, GB))
    assert progress_line(pull) == "1.0 GB of 4.0 GB · 25 % · 250 MB/s · about 10 s left"
    assert parts_line(pull) == "Part 1"
    now[0] = 30.0
    assert progress_line(pull) == "Ollama has said nothing for 26 s"
    pull.take(Progress("pulling b", DIGEST.format(2), 100, 100))
    assert parts_line(pull) == "Part 2, 1 complete"
    pull.take(Progress("verifying sha256 digest"))
    assert progress_line(pull) == "Checking what arrived"
    pull.take(Progress("a word of a later version"))
    assert progress_line(pull) == "1.0 GB of 4.0 GB · 25 %"
