"""How wide the columns of the figures are."""

from dashboard.results.figures import name_width


def test_the_column_of_names_holds_the_longest_up_to_a_limit() -> None:
    assert name_width([]) < name_width(["openai:gpt-6.1-terra"]) < name_width(["x", "anthropic:claude-sonnet-5-5"])
    assert name_width(["anthropic:claude-sonnet-5-5"]) >= 200  # as measured in a browser
    assert name_width(["x" * 500]) == name_width(["x" * 400])
