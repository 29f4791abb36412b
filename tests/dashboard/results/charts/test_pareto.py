from typing import Any

import pytest

from dashboard.results.charts.pareto import CHOSEN, chart, describe
from prompts.analysis.pareto import field
from prompts.core.answer import Answer
from tests.prompts.analysis.answers import LOCAL, answer, dollars, run_of


def layers(*answers: Answer, selected: int | None = None) -> list[dict[str, Any]]:
    return chart(field(run_of(*answers)), selected).to_dict()["layer"]


def points(*costs_and_durations: tuple[str, float]) -> list[Answer]:
    return [answer(n, cost=dollars(cost), duration=d) for n, (cost, d) in enumerate(costs_and_durations)]


def labels(answers: list[Answer]) -> list[str]:
    texts = [layer for layer in layers(*answers) if layer["mark"]["type"] == "text"]
    return sorted(row["label"].replace("openai:m", "") for layer in texts for row in layer["data"]["values"])


def test_the_efficient_are_joined_from_the_cheapest_on() -> None:
    line = layers(*points(("3", 1.0), ("1", 3.0), ("2", 2.0), ("3", 4.0)))[0]
    assert line["mark"]["type"] == "line"
    assert [row["x"] for row in line["data"]["values"]] == [1.0, 2.0, 3.0]


def test_nothing_is_joined_where_one_alone_is_efficient() -> None:
    assert [layer["mark"]["type"] for layer in layers(*points(("1", 1.0), ("2", 2.0)))] == ["circle", "text", "text"]


def test_a_point_says_its_figures_and_who_beats_it() -> None:
    row = layers(*points(("0.01", 1.0), ("0.02", 2.0)))[0]["data"]["values"][1]
    assert (row["model"], row["cost"], row["duration"]) == ("openai:m1", "$0.020", "2.00 s")
    assert (row["length"], row["basis"]) == ("11 characters", "from one answer")
    assert row["verdict"] == "openai:m0 is cheaper and faster"


def test_the_selected_point_is_ringed() -> None:
    circles = layers(*points(("1", 1.0), ("2", 2.0)), selected=1)[0]["data"]["values"]
    assert [row["ring"] == CHOSEN for row in circles] == [False, True]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("1", 1.0), ("2", 2.0)], ["0", "1"]),
        ([("1", 1.0), ("2", 2.0), ("1", 1.0)], ["0, 2", "1"]),
        ([("1", 1.0)] * 3 + [("2", 2.0)], ["0 +2", "3"]),
        ([("0.001", 1.0), ("1", 100.0), ("0.002", 1.1)], ["0, 2", "1"]),
    ],
)
def test_labels_that_would_cover_each_other_are_one(figures: list[tuple[str, float]], expected: list[str]) -> None:
    assert labels(points(*figures)) == expected


@pytest.mark.parametrize(
    ("answers", "scale"),
    [
        (points(("1", 1.0), ("2", 2.0)), "linear"),
        (points(("0.001", 1.0), ("1", 2.0)), "log"),
        ([*points(("0.001", 1.0), ("1", 2.0)), answer(2, cost=LOCAL)], "symlog"),
        ([answer(n, cost=LOCAL, duration=n + 1.0) for n in range(2)], "linear"),
    ],
)
def test_costs_far_apart_stand_on_a_logarithmic_axis_that_says_so(answers: list[Answer], scale: str) -> None:
    x = layers(*answers)[-1]["encoding"]["x"]
    assert x["scale"]["type"] == scale
    assert x["title"].endswith("(logarithmic)") == (scale != "linear")


def test_the_chart_is_told_in_words() -> None:
    drawn = field(run_of(*points(("1", 1.0), ("2", 2.0))))
    assert describe(drawn) == (
        "Cost vs. speed. openai:m0: efficient; openai:m1: openai:m0 is cheaper and faster."
    )  # fmt: skip


def test_a_point_has_the_colour_of_its_family_and_is_pale_where_another_beats_it() -> None:
    both = [
        answer(0, cost=dollars("1"), duration=1.0, model="gpt-4o"),
        answer(1, cost=dollars("2"), duration=2.0, model="claude-x"),
    ]
    circles = layers(*both)[0]
    assert [row["family"] for row in circles["data"]["values"]] == ["GPT", "Claude"]
    assert circles["encoding"]["color"]["scale"]["domain"] == ["GPT", "Claude"]
    assert circles["data"]["values"][0]["opacity"] > circles["data"]["values"][1]["opacity"]


def test_a_name_stands_towards_the_middle() -> None:
    texts = layers(*points(("1", 1.0), ("9", 2.0)))[-2:]
    assert [(layer["mark"]["align"], len(layer["data"]["values"])) for layer in texts] == [("left", 1), ("right", 1)]
