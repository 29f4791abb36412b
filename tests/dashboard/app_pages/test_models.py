"""The model families page in process: what it draws, what it finds, and what it hands to Compare."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.feedback import Mark
from prompts.core.plan import plan
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from prompts.votes.on_record import Votes
from tests.dashboard.pages import texts
from tests.dashboard.test_engine import wait_until_finished
from tests.prompts.votes.made import a_ballot, a_vote


@pytest.fixture
def app(app: AppTest) -> AppTest:
    """The page, drawn."""
    app.run()
    return app.switch_page("app_pages/models.py").run()


def models(app: AppTest) -> list[str]:
    """The targets of the table of versions."""
    return [name for frame in app.dataframe if "Asked as" in frame.value for name in frame.value["Asked as"]]


def select(app: AppTest, key: str, *rows: int) -> AppTest:
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_the_first_family_is_open_with_all_its_versions(app: AppTest) -> None:
    assert not app.exception
    assert {"openai:gpt-4o", "openai:gpt-4o-mini", "openai:o1", "openai:o3"} <= set(models(app))
    assert "Collate's view" in texts(app).replace("\\", "")
    assert app.button(key="compare-these").disabled


def test_another_family_can_be_opened(app: AppTest) -> None:
    app.get_by_key("family").set_value("n-gram").run()
    assert models(app) == ["builtin:ngram-4", "builtin:ngram-3", "builtin:ngram-2"]
    app.get_by_key("family").set_value("All families").run()
    assert {"builtin:ngram-2", "openai:o1"} <= set(models(app))


def test_a_search_goes_through_all_families(app: AppTest) -> None:
    app.text_input(key="family_search").set_value("mixtral").run()
    assert not app.exception
    assert {name.partition(":")[0] for name in models(app)} >= {"mistral", "ollama", "groq", "together", "openrouter"}
    app.text_input(key="family_search").set_value("*nothing* like this").run()
    assert models(app) == []
    assert "No version matches" in texts(app)


def test_selected_versions_show_their_sources_and_fill_compare(app: AppTest) -> None:
    app.get_by_key("family").set_value("n-gram").run()
    select(app, "versions-n-gram", 0, 2)
    said = str(app.get_by_key("facts").proto)
    assert "builtin:ngram-4" in said
    assert "builtin:ngram-2" in said
    assert "builtin:ngram-3" not in said
    app.button(key="compare-these").click().run()
    assert not app.exception
    assert app.multiselect(key="targets").value == ["builtin:ngram-4", "builtin:ngram-2"]


def test_what_cannot_be_asked_now_is_said_before_comparing(app: AppTest) -> None:
    select(app, "versions-GPT", 0)
    assert "Cannot be asked from here now: openai:" in texts(app).replace("\\", "")


def test_a_record_that_cannot_be_read_is_said_and_the_page_is_drawn(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RecordError("the disk is gone")

    monkeypatch.setattr(engine(), "measured", broken)
    app.run()
    assert not app.exception
    assert "the disk is gone" in texts(app)
    assert models(app)


def rate(tag: str | None = None) -> None:
    """Two n-grams were compared, the second called the best."""
    archive = engine().archive
    assert archive is not None
    run = engine().start(
        plan("Why?", [Target("builtin", f"ngram-{n}") for n in (2, 3)]), engine().configuration.connections
    )
    wait_until_finished(engine(), run)
    archive.mark(run.answers[1].id, Mark(best=True, stars=4, thumb=1))
    if tag:
        archive.tag([run.answers[1].id], [tag], "")


def said(app: AppTest, target: str) -> tuple[str, str, str]:
    (frame,) = (frame.value for frame in app.dataframe if "Asked as" in frame.value)
    row = frame[frame["Asked as"] == target].iloc[0]
    return row["Called best"], row["Thumbs"], row["Stars"]


def test_ratings_stand_beside_what_was_measured_and_can_be_narrowed_to_a_tag(app: AppTest) -> None:
    rate()
    rate("short")
    app.get_by_key("family").set_value("n-gram").run()
    assert said(app, "builtin:ngram-3") == ("2 of 2, 100 % (34 to 100 %)", "2 up, 0 down", "★ 4 (n = 2)")
    assert said(app, "builtin:ngram-2") == ("0 of 2, 0 % (0 to 66 %)", "—", "—")
    app.get_by_key("ratings-from").set_value(0).run()
    assert said(app, "builtin:ngram-3")[0].startswith("1 of 1")


def test_blind_votes_stand_beside_ratings(app: AppTest) -> None:
    store = Votes(engine().archive)
    store.add(a_ballot(names=("ngram-2", "ngram-3")))
    for _ in range(20):
        store.cast(a_vote("ngram-3", "ngram-2", "left", person="ben"))
    app.get_by_key("family").set_value("n-gram").run()
    (frame,) = (frame.value for frame in app.dataframe if "Asked as" in frame.value)
    shown = dict(zip(frame["Asked as"], frame["Preferred blind"], strict=True))
    assert shown["builtin:ngram-3"].endswith("of 20 votes")
    assert shown["builtin:ngram-4"] == "—"
