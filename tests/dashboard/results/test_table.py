import csv
import io
from decimal import Decimal

import pandas as pd
import pytest

from dashboard.results.columns import ALL, COLUMNS, FITS
from dashboard.results.table import ORDERS, frame, ordered, styled, to_csv
from prompts.core.feedback import Mark
from prompts.core.run import Lane
from prompts.core.targets import Target
from providers.completion import Cost
from providers.errors import failure
from tests.dashboard.conftest import MakeLane

UNKNOWN_COST = Cost("unknown", reason="no list price")


def shown(lanes: list[Lane]) -> list[dict[str, str]]:
    """The cells as they are displayed."""
    body = styled(lanes)._translate(False, False)["body"]
    return [
        {column.header: cell["display_value"] for column, cell in zip(COLUMNS, row[1:], strict=True)} for row in body
    ]


def marked(lanes: list[Lane], header: str) -> list[int]:
    """The rows whose cell in that column is marked as the best."""
    style = styled(lanes)
    style._compute()
    column = [c.header for c in COLUMNS].index(header)
    return [row for (row, col), css in style.ctx.items() if col == column and css]


def test_a_row_joins_the_run_with_its_family(lane: MakeLane) -> None:
    (row,) = shown([lane("claude-sonnet-5-5", "anthropic")])
    assert row["Family"] == "Claude"
    assert row["Developer"] == "Anthropic"
    assert row["Key strengths"] == "long-form analysis, nuance, safety, large context"
    assert row["Notable versions"] == "Opus, Sonnet, Haiku"
    assert (row["First token"], row["Duration"], row["Tokens/s"]) == ("200 ms", "1.50 s", "50.0")
    assert (row["Tokens in"], row["Cached"], row["Tokens out"], row["Thinking"]) == ("10", "5", "20", "4")
    assert row["Cost"] == "$0.0021"


def test_a_model_of_no_known_family_is_shown_with_dashes(lane: MakeLane) -> None:
    (row,) = shown([lane("something-new")])
    assert row["Family"] == row["Developer"] == row["Best for"] == "—"


def test_unknown_figures_are_dashes_and_never_zero(lane: MakeLane) -> None:
    (row,) = shown([lane(first=None, duration=None, rate=None, cost=UNKNOWN_COST)])
    assert row["First token"] == row["Duration"] == row["Tokens/s"] == row["Cost"] == "—"


def test_a_lane_that_is_not_answered_yet_has_a_row_of_dashes() -> None:
    (row,) = shown([Lane(Target("openai", "gpt-4o"), 0, 0)])
    assert row["Outcome"] == "waiting"
    assert row["Cost"] == row["Duration"] == "—"


def test_numbers_stay_numbers_so_that_sorting_is_right(lane: MakeLane) -> None:
    data = frame([lane(first=0.9), lane(first=10.0), lane(first=None)])
    assert list(data.sort_values("First token")["First token"].iloc[:2]) == [0.9, 10.0]
    assert pd.isna(data.sort_values("First token")["First token"].iloc[2])


def test_the_three_states_of_a_cost_are_told_apart(lane: MakeLane) -> None:
    rows = shown([lane(), lane(cost=Cost("local")), lane(cost=UNKNOWN_COST)])
    assert [row["Cost"] for row in rows] == ["$0.0021", "no fee", "—"]


@pytest.mark.parametrize(
    ("header", "values", "best"),
    [("First token", (0.3, 0.2), [1]), ("Duration", (1.0, 2.0), [0]), ("Tokens/s", (80.0, 90.0), [1])],
)
def test_the_best_of_a_column_is_marked(
    lane: MakeLane, header: str, values: tuple[float, float], best: list[int]
) -> None:
    name = {"First token": "first", "Duration": "duration", "Tokens/s": "rate"}[header]
    assert marked([lane(**{name: value}) for value in values], header) == best


def test_a_failure_or_an_empty_answer_never_wins(lane: MakeLane) -> None:
    refused = failure("rate_limit", "slow down")
    lanes = [
        lane(duration=0.01, state="failed", error=refused),
        lane(duration=0.02, state="empty"),
        lane(),
        lane(duration=9.0),
    ]
    assert marked(lanes, "Duration") == [2]


def test_an_unknown_cost_and_a_missing_fee_never_win(lane: MakeLane) -> None:
    lanes = [lane(cost=UNKNOWN_COST), lane(cost=Cost("local")), lane(), lane(cost=Cost("amount", Decimal("0.5")))]
    assert marked(lanes, "Cost") == [2]


def test_nothing_is_best_alone(lane: MakeLane) -> None:
    assert marked([lane()], "Duration") == []


def test_a_failed_row_says_its_kind(lane: MakeLane) -> None:
    (row,) = shown([lane(state="failed", error=failure("rate_limit", "slow down"))])
    assert row["Outcome"] == "failed: rate limit"


def test_every_column_explains_itself() -> None:
    assert all(column.help.endswith(".") and len(column.help) > 12 for column in ALL)


def test_no_header_is_cut() -> None:
    assert not [column.header for column in ALL if column.width == "small" and len(column.header) > FITS]


def _file(csv_text: str) -> io.StringIO:
    """As a program reads it that knows UTF-8 by its mark, which Excel needs."""
    assert csv_text.startswith("\ufeff")
    return io.StringIO(csv_text.removeprefix("\ufeff"))


def test_the_csv_has_glossary_names_and_exact_numbers(lane: MakeLane) -> None:
    lanes = [lane(first=0.123456789), lane(first=None, cost=UNKNOWN_COST)]
    rows = list(csv.DictReader(_file(to_csv(lanes))))
    assert rows[0]["time_to_first_token_s"] == "0.123456789"
    assert (rows[0]["cost_usd"], rows[0]["cost_kind"]) == ("0.0021", "amount")
    assert (rows[1]["time_to_first_token_s"], rows[1]["cost_usd"], rows[1]["cost_kind"]) == ("", "", "unknown")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", " =1", "＝1", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_execute_is_defused(lane: MakeLane, name: str) -> None:
    odd = lane(name, name)
    (row,) = csv.DictReader(_file(to_csv([odd])))
    assert row["model"].startswith("'")


@pytest.mark.parametrize(
    ("header", "best_first"),
    [("First token", [1, 0, 2]), ("Tokens/s", [0, 1, 2]), ("Cost", [1, 0, 2]), (None, [0, 1, 2])],
)
def test_the_best_comes_first_and_the_unknown_last(lane: MakeLane, header: str | None, best_first: list[int]) -> None:
    lanes = [
        lane(first=2.0, rate=90.0, cost=Cost("amount", Decimal(2))),
        lane(first=1.0, rate=10.0, cost=Cost("amount", Decimal(1))),
        lane(first=None, rate=None, cost=UNKNOWN_COST),
    ]
    assert [lanes.index(each) for each in ordered(lanes, header)] == best_first


def test_a_failure_is_not_ranked_among_the_answers(lane: MakeLane) -> None:
    failed = lane(state="failed", first=0.1, rate=90.0)
    lanes = [lane(first=2.0, rate=10.0), failed, lane(first=None, rate=None)]
    assert [lanes.index(each) for each in ordered(lanes, "First token")] == [0, 1, 2]
    assert [lanes.index(each) for each in ordered(lanes, "Tokens/s")] == [0, 1, 2]


def test_every_ranking_column_can_order_the_table() -> None:
    assert ORDERS == ("First sign", "First token", "Duration", "Tokens/s", "Characters/s", "Cost")


def test_what_people_say_has_columns_where_anybody_said_anything(lane: MakeLane) -> None:
    silent, rated = lane(), lane()
    rated.marks, rated.tags = (Mark("ana", 1, 4, best=True, note="=1+1"), Mark("bo", stars=1)), ("poem", "short")
    assert not {"Rating", "Tags"} & set(frame([silent]).columns)
    assert list(frame([silent, rated])["Rating"]) == ["—", "Best, ★ 2.5, thumb up"]
    assert list(frame([silent, rated])["Tags"]) == ["—", "poem; short"]
    styled([silent, rated])._compute()
    first, second = csv.DictReader(_file(to_csv([silent, rated])))
    assert (first["rating"], first["stars"], first["tags"], first["notes"]) == ("", "", "", "")
    assert (second["stars"], second["tags"], second["notes"]) == ("2.5", "poem; short", "ana: =1+1")
