"""Completions to record, and a hand with recording them."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from providers.completion import Attempt, Completion, Cost, CostLine, Timings
from providers.errors import Failure
from providers.interface import Adjustment, ServerTimings, Settings, Usage
from tests.runs import started

NOW = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
ENDPOINT = "https://api.example.com/v1"
SETTINGS = Settings("Be brief.", 0.5, 0.9, 300, 7, ("END", "\n\n"), "low")
TARGET = Target("openai", "gpt-4o", SETTINGS)
FAILURE = Failure("rate_limit", "slow down", 429, "req-1", 2.5, "model", "yes")

FULL = Completion(
    provider="openai", model="gpt-4o", endpoint=ENDPOINT, state="complete",
    text="Ja 🦊,\nनमस्ते\u2028", thinking="hm", started_at=NOW,
    timings=Timings(0.1, 0.2, 1 / 3, 123.456, 500.1, 0.01, 0.02, 0.03, 0.3, 0.001),
    cost=Cost(
        "amount", Decimal("0.000123456789012345"),
        (
            CostLine("input", 12, Decimal("2.50"), Decimal("0.00003")),
            CostLine("output", 9, Decimal("10"), Decimal("9E-5")),
        ),
        "genai-prices", "2026-11-01", "gpt-4o", "as listed",
    ),
    usage=Usage(12, 9, 4, 0, 2), raw_usage={"prompt_tokens": 12, "details": {"cached": 4, "none": None}},
    response_model="gpt-4o-2024-11-20", response_id="resp-1", stop_reason="stop",
    server_timings=ServerTimings(0.1, 0.2, 0.3, 0.4, 1.0),
    conditions=("first_call", "cache_hit"), flags=("repaired", "other_model"),
    adjustments=(Adjustment("seed", "not taken"), Adjustment("effort", "mapped", "low")),
    attempts=(Attempt(1, NOW, 200, "req-1", 1 / 3),), versions={"openai": "3.54.0"},
    fingerprint={"system_fingerprint": "fp_44709d6fcb", "service_tier": "default"},
)  # fmt: skip

BARE = Completion(
    provider="builtin", model="ngram-3", endpoint="this process", state="empty", text="", thinking="",
    started_at=NOW, timings=Timings(), cost=Cost("local"), attempts=(Attempt(1, NOW),),
)  # fmt: skip

FAILED = replace(
    BARE, provider="openai", model="gpt-4o", state="failed", error=FAILURE,
    cost=Cost("unknown", reason="no usage was reported"),
    attempts=(Attempt(1, NOW, 429, "req-1", 0.25, FAILURE),), timings=Timings(duration_s=0.25),
)  # fmt: skip

PARTLY_PRICED = replace(
    FULL,
    cost=Cost(
        "unknown", Decimal("0.00012"),
        (
            CostLine("input", 12, Decimal(10), Decimal("0.00012")), CostLine("audio output", 9, None, None),
            CostLine("US-only inference", None, None, Decimal("0.00001")),
        ),
        "list prices", None, "gpt-4o", "at least this: no price is known for audio output",
    ),
)  # fmt: skip

CANCELLED = replace(FULL, state="cancelled", text="Ja", usage=None, raw_usage=None, stop_reason=None)


def a_run(prompt: str = "What is it?", targets: int = 1, **more: int) -> Run:
    """A run of one prompt, not yet begun."""
    return started(prompt, [TARGET] * targets, settings=Settings(system="Be brief."), **more)


def rows(record: Path | str, query: str) -> list[tuple[Any, ...]]:
    """What another program sees in the record right now. `record`: its file or its address."""
    if isinstance(record, str) and record.startswith("postgresql"):
        with psycopg.connect(record) as connection:
            return connection.execute(query).fetchall()
    connection = sqlite3.connect(str(record).removeprefix("sqlite:///"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def begin(recorder: Recorder, run: Run, answer: int = 0, number: int = 1) -> str:
    """The intent to ask one answer."""
    return await recorder.begin_attempt(
        run.answers[answer].id, number, endpoint=ENDPOINT, target=run.answers[answer].target
    )
