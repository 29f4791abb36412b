"""One row a model: medians with their spread, by the same rule as everywhere."""

from decimal import Decimal

import pytest

from dashboard.results.columns import ALL, Column
from dashboard.results.table import styled
from dashboard.results.table_rows import TableRow, by_model
from prompts.analysis.best import best_of
from prompts.analysis.ratings import Say, ratings
from prompts.core.answer import Answer
from tests.dashboard.conftest import MakeAnswer
from tests.prompts.analysis.answers import LOCAL, UNPRICED, dollars, run_of
from tests.prompts.analysis.answers import answer as made


def column(header: str) -> Column:
    return next(each for each in ALL if each.header == header)


def said(header: str, *answers: Answer) -> str:
    return TableRow(answers).text(column(header))


def test_several_answers_are_their_median_with_the_lowest_and_the_highest() -> None:
    answers = [made(0, n, duration=each) for n, each in enumerate((3.0, 1.0, 2.0))]
    assert said("Duration", *answers) == "2.00 s (1.00 s to 3.00 s)"
    assert TableRow(tuple(answers)).value(column("Duration")) == 2.0
    assert said("Outcome", *answers, made(0, 3, state="failed")) == "3 complete, 1 failed"
    assert said("Duration", *answers, made(0, 3, state="failed")) == "2.00 s (1.00 s to 3.00 s, n = 3)"


@pytest.mark.parametrize(
    ("costs", "text"),
    [
        ((LOCAL, LOCAL), "no fee"),
        ((dollars("0.1"), dollars("0.1")), "$0.100"),
        ((dollars("0.1"), dollars("0.3")), "$0.200 ($0.100 to $0.300)"),
        ((dollars("0.1"), UNPRICED), "—"),
    ],
)
def test_one_unknown_price_leaves_the_cost_of_a_model_unknown(costs: tuple, text: str) -> None:
    assert said("Cost", *(made(0, n, cost=cost) for n, cost in enumerate(costs))) == text


def test_the_row_that_is_shaded_is_the_one_that_the_verdict_names() -> None:
    clean = (1.0, 5.0, 4.0)
    answers = [made(0, n, duration=each) for n, each in enumerate(clean)]
    # One slow start among fast answers is set apart by both.
    answers += [
        made(1, 0, duration=99.0, conditions=("cold_load",)),
        made(1, 1, duration=3.0),
        made(1, 2, duration=3.5),
    ]
    run = run_of(*answers)
    rows = by_model(run)
    style = styled(rows, [column("Duration")])
    style._compute()  # type: ignore[attr-defined]
    (shaded,) = (row for (row, _), css in style.ctx.items() if css)  # type: ignore[attr-defined]
    fastest = next(each for each in best_of(run) if each.title == "Fastest")
    assert (shaded, fastest.names) == (1, ("openai:m1",))
    assert rows[1].text(column("Duration")).startswith(fastest.figure)


def test_what_people_said_of_the_model_elsewhere_stands_in_its_row(answer: MakeAnswer) -> None:
    asked = "openai:gpt-4o"
    found = ratings([Say(asked, "1", "", best=True)], {"1": frozenset({asked, "b"})})
    assert TableRow((answer(),), found[asked]).text(column("Called best")) == "1 of 1, 100 % (21 to 100 %)"
    assert TableRow((answer(),)).text(column("Called best")) == "—"


def test_a_single_answer_keeps_its_own_figures(answer: MakeAnswer) -> None:
    assert said("Cost", answer(cost=dollars("0.5"))) == "$0.500"
    assert TableRow((answer(cost=dollars("0.5")),)).value(column("Cost")) == float(Decimal("0.5"))
