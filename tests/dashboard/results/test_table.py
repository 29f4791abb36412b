import csv
import io
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from pandas.io.formats.style import Styler

from dashboard.results import table
from dashboard.results.columns import ALL, COLUMNS, known
from dashboard.results.table import ORDERS
from dashboard.results.table_rows import single
from prompts.core.answer import Answer
from prompts.core.feedback import Mark
from prompts.core.targets import Target
from providers.completion import Cost
from providers.errors import failure
from tests.dashboard.conftest import MakeAnswer
from tests.runs import answer_of

UNKNOWN_COST = Cost("unknown", reason="no list price")


def frame(answers: list[Answer]) -> pd.DataFrame:
    rows = single(answers)
    return table.frame(rows, known([row.first for row in rows]))


def styled(answers: list[Answer]) -> Styler:
    rows = single(answers)
    return table.styled(rows, known([row.first for row in rows]))


def ordered(answers: list[Answer], header: str | None) -> list[Answer]:
    return [row.answers[0] for row in table.ordered(single(answers), header)]


def to_csv(answers: list[Answer]) -> str:
    return table.to_csv(single(answers))


def shown(answers: list[Answer]) -> list[dict[str, str]]:
    """The cells as they are displayed."""
    body = styled(answers)._translate(False, False)["body"]
    return [
        {column.header: cell["display_value"] for column, cell in zip(COLUMNS, row[1:], strict=True)} for row in body
    ]


def marked(answers: list[Answer], header: str) -> list[int]:
    """The rows whose cell in that column is marked as the best."""
    style = styled(answers)
    style._compute()
    column = [c.header for c in COLUMNS].index(header)
    return [row for (row, col), css in style.ctx.items() if col == column and css]


def test_a_row_joins_the_run_with_its_family(answer: MakeAnswer) -> None:
    (row,) = shown([answer("claude-sonnet-5-5", "anthropic")])
    assert row["Family"] == "Claude"
    assert row["Developer"] == "Anthropic"
    assert row["Key strengths"] == "long-form analysis, nuance, safety, large context"
    assert row["Notable versions"] == "Opus, Sonnet, Haiku"
    assert (row["First token"], row["Duration"], row["Tokens/s"]) == ("200 ms", "1.50 s", "50.0")
    assert (row["Tokens in"], row["Cached"], row["Tokens out"], row["Thinking"]) == ("10", "5", "20", "4")
    assert row["Cost"] == "$0.0021"


def test_a_model_of_no_known_family_is_shown_with_dashes(answer: MakeAnswer) -> None:
    (row,) = shown([answer("something-new")])
    assert row["Family"] == row["Developer"] == row["Best for"] == "—"


def test_unknown_figures_are_dashes_and_never_zero(answer: MakeAnswer) -> None:
    (row,) = shown([answer(first=None, duration=None, rate=None, cost=UNKNOWN_COST)])
    assert row["First token"] == row["Duration"] == row["Tokens/s"] == row["Cost"] == "—"


def test_an_answer_that_is_not_answered_yet_has_a_row_of_dashes() -> None:
    (row,) = shown([answer_of(Target("openai", "gpt-4o"), 0, 0)])
    assert row["Outcome"] == "waiting"
    assert row["Cost"] == row["Duration"] == "—"


def test_numbers_stay_numbers_so_that_sorting_is_right(answer: MakeAnswer) -> None:
    data = frame([answer(first=0.9), answer(first=10.0), answer(first=None)])
    assert list(data.sort_values("First token")["First token"].iloc[:2]) == [0.9, 10.0]
    assert pd.isna(data.sort_values("First token")["First token"].iloc[2])


def test_the_three_states_of_a_cost_are_told_apart(answer: MakeAnswer) -> None:
    rows = shown([answer(), answer(cost=Cost("local")), answer(cost=UNKNOWN_COST)])
    assert [row["Cost"] for row in rows] == ["$0.0021", "no fee", "—"]


@pytest.mark.parametrize(
    ("header", "values", "best"),
    [("First token", (0.3, 0.2), [1]), ("Duration", (1.0, 2.0), [0]), ("Tokens/s", (80.0, 90.0), [1])],
)
def test_the_best_of_a_column_is_marked(
    answer: MakeAnswer, header: str, values: tuple[float, float], best: list[int]
) -> None:
    name = {"First token": "first", "Duration": "duration", "Tokens/s": "rate"}[header]
    assert marked([answer(**{name: value}) for value in values], header) == best


def test_a_failure_or_an_empty_answer_never_wins(answer: MakeAnswer) -> None:
    refused = failure("rate_limit", "slow down")
    answers = [
        answer(duration=0.01, state="failed", error=refused),
        answer(duration=0.02, state="empty"),
        answer(),
        answer(duration=9.0),
    ]
    assert marked(answers, "Duration") == [2]


def test_an_unknown_cost_and_a_missing_fee_never_win(answer: MakeAnswer) -> None:
    answers = [
        answer(cost=UNKNOWN_COST),
        answer(cost=Cost("local")),
        answer(),
        answer(cost=Cost("amount", Decimal("0.5"))),
    ]
    assert marked(answers, "Cost") == [2]


def test_nothing_is_best_alone(answer: MakeAnswer) -> None:
    assert marked([answer()], "Duration") == []


def test_a_failed_row_says_its_kind(answer: MakeAnswer) -> None:
    (row,) = shown([answer(state="failed", error=failure("rate_limit", "slow down"))])
    assert row["Outcome"] == "failed: rate limit"
    (row,) = shown([answer(state="filtered", error=failure("filtered", "withheld"))])
    assert row["Outcome"] == "filtered", "one word is enough"


def test_every_column_explains_itself() -> None:
    assert all(column.help.endswith(".") and len(column.help) > 12 for column in ALL)


def test_no_header_is_cut() -> None:
    fits = 11  # characters in a small column
    assert not [column.header for column in ALL if column.width == "small" and len(column.header) > fits]


def _file(csv_text: str) -> io.StringIO:
    """As a program reads it that knows UTF-8 by its mark, which Excel needs."""
    assert csv_text.startswith("\ufeff")
    return io.StringIO(csv_text.removeprefix("\ufeff"))


def test_the_csv_has_glossary_names_and_exact_numbers(answer: MakeAnswer) -> None:
    answers = [answer(first=0.123456789), answer(first=None, cost=UNKNOWN_COST)]
    rows = list(csv.DictReader(_file(to_csv(answers))))
    assert rows[0]["time_to_first_token_s"] == "0.123456789"
    assert (rows[0]["cost_usd"], rows[0]["cost_kind"]) == ("0.0021", "amount")
    assert (rows[1]["time_to_first_token_s"], rows[1]["cost_usd"], rows[1]["cost_kind"]) == ("", "", "unknown")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", " =1", "＝1", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_execute_is_defused(answer: MakeAnswer, name: str) -> None:
    odd = answer(name, name)
    (row,) = csv.DictReader(_file(to_csv([odd])))
    assert row["model"].startswith("'")


@pytest.mark.parametrize(
    ("header", "best_first"),
    [("First token", [1, 0, 2]), ("Tokens/s", [0, 1, 2]), ("Cost", [1, 0, 2]), (None, [0, 1, 2])],
)
def test_the_best_comes_first_and_the_unknown_last(
    answer: MakeAnswer, header: str | None, best_first: list[int]
) -> None:
    answers = [
        answer(first=2.0, rate=90.0, cost=Cost("amount", Decimal(2))),
        answer(first=1.0, rate=10.0, cost=Cost("amount", Decimal(1))),
        answer(first=None, rate=None, cost=UNKNOWN_COST),
    ]
    assert [answers.index(each) for each in ordered(answers, header)] == best_first


def test_a_failure_is_not_ranked_among_the_answers(answer: MakeAnswer) -> None:
    failed = answer(state="failed", first=0.1, rate=90.0)
    answers = [answer(first=2.0, rate=10.0), failed, answer(first=None, rate=None)]
    assert [answers.index(each) for each in ordered(answers, "First token")] == [0, 1, 2]
    assert [answers.index(each) for each in ordered(answers, "Tokens/s")] == [0, 1, 2]


def test_every_ranking_column_can_order_the_table() -> None:
    assert ORDERS == ("First output", "First token", "Duration", "Tokens/s", "Characters/s", "Cost")


def test_what_people_say_has_columns_where_anybody_said_anything(answer: MakeAnswer) -> None:
    silent, rated = answer(), answer()
    said = (Mark("ana", 1, 4, best=True, note="=1+1"), Mark("bo", stars=1))
    rated = replace(rated, marks=said, tags=("poem", "short"))
    assert not {"Rating", "Tags"} & set(frame([silent]).columns)
    assert list(frame([silent, rated])["Rating"]) == ["—", "Best, ★ 2.5, thumb up"]
    assert list(frame([silent, rated])["Tags"]) == ["—", "poem; short"]
    styled([silent, rated])._compute()
    first, second = csv.DictReader(_file(to_csv([silent, rated])))
    assert (first["rating"], first["stars"], first["tags"], first["notes"]) == ("", "", "", "")
    assert (second["stars"], second["tags"], second["notes"]) == ("2.5", "poem; short", "ana: =1+1")
