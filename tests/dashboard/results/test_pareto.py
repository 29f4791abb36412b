"""Cost against speed, drawn without a browser."""

from streamlit.testing.v1 import AppTest

from tests.dashboard.results.drawing import drawn


def frontier(run: str) -> AppTest:
    return drawn("pareto", "show_frontier", run)


def test_before_there_is_something_to_draw_it_says_what_it_will_show() -> None:
    at = frontier("waiting")
    assert at.caption[0].value.startswith("With two answers")
    assert not at.dataframe


def test_it_names_what_it_cannot_draw() -> None:
    at = frontier("eight")
    assert len(at.dataframe[0].value) == 7
    assert "no list price is known" in at.caption[-1].value


def test_one_answer_alone_is_not_drawn_as_a_choice() -> None:
    assert not frontier("one").dataframe
