"""Where the time of each answer went, drawn without a browser."""

from streamlit.testing.v1 import AppTest

from tests.dashboard.results.drawing import drawn


def timeline(run: str) -> AppTest:
    return drawn("timeline", "show_timeline", run)


def test_before_there_is_something_to_draw_it_says_what_it_will_show() -> None:
    at = timeline("waiting")
    assert at.caption[0].value.startswith("Once an answer has ended")
    assert not at.dataframe


def test_it_has_a_row_for_each_answer_and_says_what_is_not_known() -> None:
    table = timeline("eight").dataframe[0].value
    assert list(table["Model"])[:2] == ["openai:gpt-5.1", "anthropic:claude-sonnet-5-5"]
    assert list(table["Outcome"])[-2:] == ["stopped after 3.00 s", "failed (timeout) after 8.00 s"]
    assert table["First token"].isna().tolist() == [False] * 8 + [True] * 2


def test_it_says_when_one_repeat_stands_for_all() -> None:
    at = timeline("repeats")
    assert "its repeat with the median duration" in at.caption[0].value
    assert at.dataframe[0].value["Model"].iloc[0] == "openai:gpt-5.1 · repeat 5"
