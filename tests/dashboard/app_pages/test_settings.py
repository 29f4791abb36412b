"""The Settings page in process: each thing that is set, where it comes from, and no secret among it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from providers.catalogue import price_list
from providers.catalogue.price_list import PriceListError

OWN = """
["openai:gpt-5*"]
input = 2
output = 10.5
cache_read = 0.075
as_of = 2026-11-01

["*:<b>*llama*</b>"]
input = 0
output = 0
"""


@pytest.fixture
def app(app: AppTest) -> AppTest:
    """At the page."""
    return app.switch_page("app_pages/settings.py")


def texts(app: AppTest) -> str:
    kinds = ("caption", "error", "warning", "markdown", "info", "subheader")
    return " ".join(str(element.value) for kind in kinds for element in app.get(kind)).replace("\\", "")


def table(app: AppTest, header: str) -> list[dict[str, object]]:
    """The rows of the table that has this column."""
    (found,) = [each.value for each in app.dataframe if header in each.value]
    return found.to_dict("records")


def test_the_price_list_in_use_is_named_and_the_way_to_own_prices_shown(app: AppTest, home: Path) -> None:
    app.run()
    assert not app.exception
    assert price_list.name() in texts(app)
    assert f"You have no prices of your own. They go into {home}/prices.toml" in texts(app)


def test_own_prices_are_listed_with_their_units(app: AppTest, home: Path) -> None:
    (home / "prices.toml").write_text(OWN)
    app.run()
    assert not app.exception
    first, second = table(app, "cache read")
    assert first == {
        "for": "openai:gpt-5*", "input": "$2.00", "output": "$10.50", "cache read": "$0.075", "cache write": "—",
        "picture": "—", "megapixel": "—", "as of": "2026-11-01",
    }  # fmt: skip
    assert (second["for"], second["input"]) == ("*:<b>*llama*</b>", "$0.00")
    assert "US dollars per million tokens" in texts(app)
    assert f"{home}/prices.toml" in texts(app)


def test_a_newer_list_is_fetched_on_request_only_and_a_failure_is_a_sentence(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse() -> None:
        asked.append("once")
        raise PriceListError("The list *cannot* be reached.")

    monkeypatch.setattr(price_list, "fetch_newer", refuse)
    app.run()
    assert asked == []
    app.button(key="fetch-prices").click().run()
    assert asked == ["once"]
    assert app.error[0].value == "The list \\*cannot\\* be reached\\."


def test_deadlines_of_the_environment_are_shown_as_set_by_you(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("COLLATE_CALL_S", "90")
    (home / "collate.toml").write_text("[deadlines]\nfirst_byte_s = 7\n")
    app.run()
    assert not app.exception
    rows = {row["Variable"]: row for row in table(app, "Hosted")}
    shown = {name: [row[column] for column in ("Hosted", "Local", "Usual")] for name, row in rows.items()}
    assert shown == {
        "COLLATE_FIRST_BYTE_S": ["7 s", "7 s", "no, set by you"],
        "COLLATE_SILENCE_S": ["5 min", "15 min", "yes"],
        "COLLATE_NO_CONTENT_S": ["10 min", "30 min", "yes"],
        "COLLATE_CALL_S": ["90 s", "90 s", "no, set by you"],
    }


def test_without_a_setting_the_usual_deadlines_hold(app: AppTest) -> None:
    app.run()
    rows = table(app, "Hosted")
    assert [row["Usual"] for row in rows] == ["yes"] * 4
    assert [rows[0][column] for column in ("Hosted", "Hosted, thinking", "Local", "Hosted, pictures")] == [
        "5 min",
        "15 min",
        "15 min",
        "15 min",
    ]
    assert "4 MB of text, 200,000 pieces" in texts(app)


def test_the_file_of_the_record_is_named(app: AppTest, home: Path) -> None:
    app.run()
    assert f"It is in **{home}/collate.db**" in texts(app)
    assert "Every answer is recorded on this computer." in texts(app)
    assert "sqlite:" not in texts(app)


def test_the_database_is_named_and_never_its_password(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    monkeypatch.setenv("COLLATE_DATABASE_URL", "postgresql://ada:sesame@db.invalid/collate?password=sesame")
    app.run()
    assert not app.exception
    assert "postgresql://ada:***@db.invalid/collate" in texts(app).replace("\u2060", "")
    assert "sesame" not in texts(app)


def test_where_nothing_can_be_recorded_the_page_says_so_instead(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLATE_DATABASE_URL", "no address at all")
    app.run()
    assert not app.exception
    said = texts(app)
    assert "so nothing is sent: COLLATE_DATABASE_URL is not the address of a database" in said
    assert "is recorded" not in said


def test_local_only_is_the_switch_of_compare(app: AppTest) -> None:
    app.run()
    app.toggle(key="local_only").set_value(True).run()
    app.switch_page("app_pages/compare.py").run()
    assert app.toggle(key="local_only").value is True
    assert not [text for text in app.multiselect(key="targets").options if text.startswith("openai:")]


def test_what_a_check_found_stays_while_another_is_checked_but_not_for_another_key(app: AppTest) -> None:
    app.run()
    app.button(key="check-builtin").click().run()
    assert "3 listed" in texts(app)
    app.button(key="check-ollama").click().run()
    assert not app.exception
    assert "3 listed" in texts(app)
    assert "no connection" in texts(app)
    app.text_input(key="key-ollama").set_value("another").run()
    assert "3 listed" in texts(app)
    assert "no connection" not in texts(app)


def test_a_check_that_takes_too_long_is_given_up_in_words(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> object:
        raise TimeoutError

    app.run()
    monkeypatch.setattr(engine(), "each", never)
    app.button(key="check-builtin").click().run()
    assert not app.exception
    assert "not done within 90 s" in texts(app)
