"""The page Prompts in process: what is typed is kept, what goes wrong is said, what was done can be undone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import LibraryError, Prompt
from prompts.experiments.library.shelf import own_folder
from prompts.record.rights import Actor
from tests.dashboard.app_pages.history_page import record, tick

PAGE = "app_pages/prompts.py"
MINE = Prompt("Mine", "Sort {{mail}}", "classification")


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return app.switch_page(PAGE)


def opened(page: AppTest, key: str) -> AppTest:
    page.query_params["prompt"] = key
    return page.run()


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    kinds = ("caption", "error", "warning", "markdown", "info", "subheader")
    shown = " ".join(str(element.value) for kind in kinds for element in page.get(kind))
    return shown.replace("\\", "").replace("\u2060", "")


def test_the_address_opens_a_prompt_and_one_that_is_not_there_is_said(page: AppTest) -> None:
    assert "translate@1 · translation · shipped with Collate" in said(opened(page, "translate"))
    assert "There is no prompt 'nowhere'" in said(opened(page, "nowhere"))
    assert "is not the name of a prompt" in said(opened(page, "../../etc"))


def test_a_prompt_that_somebody_else_saved_meanwhile_is_not_overwritten(page: AppTest) -> None:
    first = library().create(MINE)
    press(opened(page, "mine"), "library-edit")
    library().save(first, Prompt("Mine", "Theirs {{mail}}", "classification"), Actor("bob", admin=True))
    page.text_area(key=state.LIBRARY_PROMPT).set_value("Ours {{mail}}").run()
    press(page, "library-save")
    assert "mine@2 was saved meanwhile" in said(page)
    assert page.text_area(key=state.LIBRARY_PROMPT).value == "Ours {{mail}}"
    assert library().find("mine").prompt.prompt == "Theirs {{mail}}"


def test_what_comes_from_elsewhere_waits_for_what_is_being_written(app: AppTest) -> None:
    press(app.switch_page(PAGE).run(), "library-new")
    app.text_input(key=state.LIBRARY_NAME).set_value("Half done").run()
    app.switch_page("app_pages/compare.py").run()
    app.text_area(key=state.PROMPT).set_value("What is a class?").run()
    press(app, "save-as-prompt")
    app.switch_page(PAGE).run()
    assert "next is: “What is a class?”" in said(app)
    assert app.text_input(key=state.LIBRARY_NAME).value == "Half done"
    press(app, "library-replace")
    assert app.text_area(key=state.LIBRARY_PROMPT).value == "What is a class?"
    assert app.text_input(key=state.LIBRARY_NAME).value == ""


def test_an_edited_shipped_prompt_goes_back_to_the_shipped_one(page: AppTest) -> None:
    press(opened(page, "classify"), "library-edit")
    page.text_area(key=state.LIBRARY_NOTES).set_value("Ours").run()
    press(page, "library-save")
    assert library().find("classify").reference == "classify@2"
    assert library().find("classify@1").prompt.samples == library().find("classify@2").prompt.samples
    press(page, "library-delete")
    assert "classify@1" in said(page)
    press(page, "library-undo")
    assert library().find("classify").prompt.notes == "Ours"


def test_a_copy_can_be_taken_back(page: AppTest) -> None:
    press(opened(page, "translate"), "library-duplicate")
    assert "Copied to translate-for-a-given-reader-copy@1." in said(page)
    press(page, "library-undo")
    with pytest.raises(LibraryError):
        library().find("translate-for-a-given-reader-copy")


def test_a_file_that_cannot_be_read_is_named_and_the_page_stands(page: AppTest) -> None:
    (own_folder() / "broken").mkdir(parents=True)
    (own_folder() / "broken" / "1.toml").write_text("name = ")
    page.run()
    assert not page.exception
    assert "1.toml is not TOML" in said(page)


def test_a_run_of_the_record_becomes_a_prompt(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = record("What is a tuple?")
    tick(monkeypatch, runs)
    app.switch_page("app_pages/history.py").run()
    press(app, "history-save-as-prompt")
    app.switch_page(PAGE).run()
    assert app.text_area(key=state.LIBRARY_PROMPT).value == "What is a tuple?"
