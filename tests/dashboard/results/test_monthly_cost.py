"""What answers like these would cost in a month, drawn without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from tests.dashboard.results.drawing import drawn


def volume(run: str) -> AppTest:
    return drawn("monthly_cost", "show_volume", run)


def test_before_there_is_something_to_draw_it_says_what_it_will_show() -> None:
    at = volume("waiting")
    assert at.caption[0].value.startswith("Once an answer has ended")
    assert not at.dataframe


def test_the_slider_multiplies_the_month() -> None:
    at = volume("repeats")
    before = at.dataframe[0].value["Cost per month"].tolist()
    at.select_slider(key=state.VOLUME).set_value(1000).run()
    assert at.dataframe[0].value["Cost per month"].tolist() == pytest.approx([10 * each for each in before])
    assert at.caption[0].value.startswith("30,000 answers a month (30 days)")


def test_the_own_cost_is_asked_for_local_models_only() -> None:
    assert not volume("repeats").number_input
    at = volume("eight")
    at.number_input(key=state.OWN_COST_PER_HOUR).set_value(1.0).run()
    table = at.dataframe[0].value.set_index("Model")
    assert table.loc["builtin:ngram-3", "Cost per month"] == pytest.approx(0.31 / 3600 * 3000)
