"""The three views of a finished run, drawn without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.results.figures import name_width


def page(show: str, name: str) -> None:
    from importlib import import_module

    from tests.browser import insights_runs

    run = insights_runs.find(name)
    getattr(import_module(f"dashboard.reading.{show}"), f"show_{show}")(run)


def drawn(show: str, name: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30, args=(show, name)).run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("timeline", "Once an answer has ended"),
        ("volume", "Once an answer has ended"),
        ("frontier", "With two answers"),
    ],
)
def test_before_there_is_something_to_draw_each_view_says_what_it_will_show(show: str, words: str) -> None:
    at = drawn(show, "waiting")
    assert at.caption[0].value.startswith(words)
    assert not at.dataframe


def test_the_timeline_has_a_row_for_each_answer_and_says_what_is_not_known() -> None:
    at = drawn("timeline", "eight")
    table = at.dataframe[0].value
    assert list(table["Model"])[:2] == ["openai:gpt-5.1", "anthropic:claude-sonnet-5-5"]
    assert list(table["Outcome"])[-2:] == ["stopped after 3.00 s", "failed (timeout) after 8.00 s"]
    assert table["First token"].isna().tolist() == [False] * 8 + [True] * 2


def test_the_timeline_says_when_one_repeat_stands_for_all() -> None:
    at = drawn("timeline", "repeats")
    assert "its repeat with the median duration" in at.caption[0].value
    assert at.dataframe[0].value["Model"].iloc[0] == "openai:gpt-5.1 · repeat 5"


def test_the_slider_multiplies_the_month() -> None:
    at = drawn("volume", "repeats")
    before = at.dataframe[0].value["Money a month"].tolist()
    at.select_slider(key=state.VOLUME).set_value(1000).run()
    assert at.dataframe[0].value["Money a month"].tolist() == pytest.approx([10 * each for each in before])
    assert at.caption[0].value.startswith("30,000 answers a month (30 days)")


def test_the_own_cost_is_asked_for_local_models_only() -> None:
    assert not drawn("volume", "repeats").number_input
    at = drawn("volume", "eight")
    at.number_input(key=state.OWN_COST_PER_HOUR).set_value(1.0).run()
    table = at.dataframe[0].value.set_index("Model")
    assert table.loc["builtin:ngram-3", "Money a month"] == pytest.approx(0.31 / 3600 * 3000)


def test_the_frontier_names_what_it_cannot_draw() -> None:
    at = drawn("frontier", "eight")
    assert len(at.dataframe[0].value) == 7
    assert "no list price is known" in at.caption[-1].value


def test_one_answer_alone_is_not_drawn_as_a_choice() -> None:
    assert not drawn("frontier", "one").dataframe


def test_the_column_of_names_holds_the_longest_up_to_a_limit() -> None:
    assert name_width([]) < name_width(["openai:gpt-6.1-terra"]) < name_width(["x", "anthropic:claude-sonnet-5-5"])
    assert name_width(["anthropic:claude-sonnet-5-5"]) >= 200  # as measured in a browser
    assert name_width(["x" * 500]) == name_width(["x" * 400])
