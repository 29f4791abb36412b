"""One table of figures: no name twice, and the documentation says what the screen says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from prompts.core.metrics import BY_KEY, COST, DURATION, FIRST_TOKEN, METRICS, TOKENS_IN, Metric
from prompts.exchange.export_columns import COLUMNS
from providers.completion import Completion, Cost, Timings
from providers.interface import Usage

DOCUMENTATION = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text("utf-8")
UNKNOWN = Completion(
    provider="p", model="m", endpoint="e", state="failed", text="", thinking="",
    started_at=datetime(2026, 11, 1, tzinfo=UTC), timings=Timings(), cost=Cost("unknown", reason="no price"),
)  # fmt: skip


def test_no_figure_stands_there_twice() -> None:
    assert len(BY_KEY) == len(METRICS) == len({metric.name for metric in METRICS})


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_what_is_not_known_is_a_dash_and_never_0(metric: Metric) -> None:
    assert metric.read(UNKNOWN) is None
    assert metric.say(UNKNOWN) == "—"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_every_figure_is_defined_where_a_reader_looks(metric: Metric) -> None:
    assert f"| {metric.label} |" in DOCUMENTATION
    assert metric.help.endswith(f"{metric.source[1:]}.")


def test_files_call_a_figure_what_the_glossary_calls_it() -> None:
    names = {column.name for column in COLUMNS}
    assert {FIRST_TOKEN.key, DURATION.key, COST.key} <= names


def test_a_figure_is_read_and_written_in_one_place() -> None:
    from dataclasses import replace

    done = replace(
        UNKNOWN, timings=Timings(time_to_first_token_s=0.25), usage=Usage(input_tokens=1234), cost=Cost("local")
    )
    assert FIRST_TOKEN.say(done) == "250 ms"
    assert TOKENS_IN.say(done) == "1,234"
    assert COST.read(done) is None
