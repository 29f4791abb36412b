"""The comparison table in process: rows that open, columns that are chosen."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from tests.dashboard.results.drawing import drawn

# The table reads what people said of its models elsewhere.
pytestmark = pytest.mark.usefixtures("own_engine")


def table(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value.columns)


def test_with_repeats_one_row_is_one_model_and_opens_into_its_answers() -> None:
    at = drawn("comparison", "show_comparison", "repeats")
    assert len(at.dataframe[0].value) == 3
    at.session_state["table-repeats-None-True"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    at.run()
    assert len(at.dataframe[1].value) == 9
    assert any("anthropic:claude-sonnet" in each.value.replace("\\", "") for each in at.markdown)
    assert any("Key strengths" in each.value for each in at.caption)
    at.get_by_key(state.TABLE_ROWS).set_value("Every answer").run()
    assert len(at.dataframe[0].value) == 27


def test_rare_columns_are_hidden_until_they_are_chosen() -> None:
    at = drawn("comparison", "show_comparison", "eight")
    assert "Key strengths" in table(at)
    assert "First output" not in table(at)
    (picker,) = (each for each in at.get("button_group") if "Key strengths" in each.options)
    picker.set_value(["Duration", "First output"]).run()
    assert table(at) == ["Model", "First output", "Duration"]
