"""The charts of an experiment hold its figures, and say them in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.experiments.charts import draws, frontier, heat_map, over_time, rates
from prompts.core.format import SHARE_ON_AXIS
from prompts.experiments.frontier import frontier as found
from prompts.experiments.matrix import matrix
from prompts.experiments.over_time import moment
from prompts.experiments.results import results
from providers.completion import Cost
from tests.prompts.experiments.asked_cells import asked


def drawn(chart: Any) -> list[dict[str, Any]]:
    """Every row of data of a chart."""
    spec = chart.to_dict()
    sets = [
        *spec.get("datasets", {}).values(),
        *(layer["data"]["values"] for layer in spec["layer"] if "data" in layer),
    ]
    return [row for rows in [*sets, spec.get("data", {}).get("values", [])] for row in rows]


def test_a_rate_stands_with_its_interval() -> None:
    sides = results(*asked("+ " * 20, "+ - " * 10)).sides
    rows = {row["side"]: row for row in drawn(rates.chart(sides))}
    assert rows["openai:gpt-x"]["rate"] == 1.0
    assert 0.25 < rows["ollama:llama"]["low"] < 0.5 < rows["ollama:llama"]["high"] < 0.75
    assert "ollama:llama: 50 % (30 to 70 %) of 20 cases" in rates.describe(sides)


def test_a_side_that_another_beats_on_all_three_is_named_with_it() -> None:
    sides = results(*asked("+ + +", "+ - -")).sides
    spots = found(sides).spots
    assert [spot.beaten_by for spot in spots] == ["", "openai:gpt-x"]
    assert len(drawn(frontier.chart(found(sides)))) >= 2
    assert "ollama:llama: 33 % passed" in frontier.describe(found(sides))


def test_a_side_of_unknown_cost_is_not_drawn_but_said() -> None:
    experiment, cells = asked("+ +", "+ +")
    dear = [
        replace(c, completion=replace(c.completion, cost=Cost("unknown"))) if c.cell.target and c.completion else c
        for c in cells
    ]
    assert found(results(experiment, dear).sides).missing == ("ollama:llama: its cost is not known.",)


def test_a_side_without_a_fee_is_compared_only_with_its_like() -> None:
    experiment, cells = asked("- -", "+ +")
    free = [
        replace(c, completion=replace(c.completion, cost=Cost("local"))) if not c.cell.target and c.completion else c
        for c in cells
    ]
    assert [spot.beaten_by for spot in found(results(experiment, free).sides).spots] == ["", ""]


def test_hard_cases_come_first_and_errors_have_no_share() -> None:
    experiment, cells = asked("+ - !", "+ + +")
    rows = drawn(heat_map.chart(matrix(experiment, cells), ["a", "b"], ["x", "y", "z"]))
    assert [row["case"] for row in rows if row["side"] == "a"] == ["2 · y", "1 · x", "3 · z"]
    assert next(row for row in rows if row["case"] == "3 · z" and row["side"] == "a")["share"] is None


def test_every_duration_is_a_point_until_there_are_too_many() -> None:
    experiment, cells = asked("+ + +", "+ + !")
    sides = results(experiment, cells).sides
    assert len(draws.thinned(sides[0])) == 3
    many = replace(sides[0], durations=tuple((float(n),) for n in range(1, 5001)))
    assert len(draws.thinned(many)) == draws.MOST
    assert "ollama:llama: median 2.01 s" in draws.describe(sides)
    assert sum("shown" in row for row in drawn(draws.chart(sides, ["a", "b", "c"]))) == 5


def test_each_run_of_the_same_experiment_is_a_point_a_side_and_said() -> None:
    experiment, cells = asked("+ " * 12, "- " * 12)
    later = replace(experiment, id="e2", created_at=experiment.created_at + timedelta(days=1))
    moments = [moment(experiment, cells), moment(later, cells)]
    assert len(drawn(over_time.chart(moments))) == 4
    assert "ollama:llama 0 of 12 answers to 12 cases" in over_time.describe(moments)


@pytest.mark.parametrize(("apart", "form"), [(timedelta(seconds=1), "%b %d %H:%M:%S"), (timedelta(1), "%b %d %H:%M")])
def test_each_run_has_a_label_of_its_own_on_the_axis(apart: timedelta, form: str) -> None:
    experiment, cells = asked("+ " * 12, "- " * 12)
    experiment = replace(experiment, created_at=datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    moments = [moment(replace(experiment, created_at=experiment.created_at + n * apart), cells) for n in range(3)]
    axis = over_time.chart(moments).to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert axis["format"] == form
    assert axis["values"] == [1000 * each.experiment.created_at.timestamp() for each in moments]


def test_shares_on_axes_and_legends_are_written_as_in_the_text() -> None:
    experiment, cells = asked("+ " * 12, "- " * 12)
    sides = results(experiment, cells).sides
    names = [side.name for side in sides]
    charts = [
        rates.chart(sides), over_time.chart([moment(experiment, cells)] * 2), frontier.chart(found(sides)),
        heat_map.chart(matrix(experiment, cells), names, [str(n) for n in range(12)]),
    ]  # fmt: skip
    for chart in charts:
        assert SHARE_ON_AXIS in chart.to_json()
        assert '"format": "%"' not in chart.to_json()
