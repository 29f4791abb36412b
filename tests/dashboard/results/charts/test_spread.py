"""The strip plot as data."""

from typing import Any

import pytest

from dashboard.results.charts.spread import CLEAN, MARKED, strip
from prompts.analysis.spread import COMPARED, Point, Side

FIRST, _, RATE, COST = COMPARED
SIDES = (
    Side("a:x", 4, 4, (Point(0.9, 0, ("first_call", "new_connection")), Point(0.2, 1), Point(0.4, 2))),
    Side("b:y", 4, 1, (Point(0.3, 0),)),
)


def drawn(sides: tuple[Side, ...] = SIDES, number: int = 0) -> dict[str, Any]:
    return strip(sides, COMPARED[number]).to_dict()


def test_every_point_is_drawn_with_its_value_repeat_and_conditions() -> None:
    first, *_, last = drawn()["layer"][0]["data"]["values"]
    assert (first["value"], first["shown"], first["repeat"]) == (900.0, "900 ms", "repeat 1 of 4")
    assert (first["kind"], first["why"]) == (MARKED, "first call of this session, opened a new connection")
    assert (last["target"], last["kind"], last["why"]) == ("b:y", CLEAN, CLEAN)


def test_the_median_is_drawn_of_two_points_and_never_of_one() -> None:
    (line,) = drawn()["layer"][1]["data"]["values"]
    assert line["value"] == pytest.approx(300)
    assert (line["shown"], line["basis"]) == ("300 ms", "2 clean points")
    names = next(param for param in drawn()["params"] if param["name"] == "names")
    assert names["value"] == ["a:x · median 300 ms", "b:y · one point"]


def test_the_axis_starts_at_nothing_and_names_its_unit() -> None:
    x = drawn()["layer"][0]["encoding"]["x"]
    assert (x["title"], x["scale"]["zero"]) == ("First token (ms)", True)
    slow = (Side("a:x", 1, 1, (Point(1.2, 0),)),)
    titles = [drawn(slow, number)["layer"][0]["encoding"]["x"]["title"] for number in range(4)]
    assert titles == ["First token (s)", "Duration (s)", "Tokens/s", "Cost (US dollars)"]


def test_shapes_are_explained_only_where_they_differ() -> None:
    assert drawn()["layer"][0]["encoding"]["shape"]["legend"] is not None
    assert drawn(SIDES[1:])["layer"][0]["encoding"]["shape"]["legend"] is None


def test_no_two_repeats_lie_on_one_height() -> None:
    heights = [point["y"] for point in drawn()["layer"][0]["data"]["values"] if point["target"] == "a:x"]
    assert len(set(heights)) == 3
    assert all(0 < height < 1 for height in heights)
