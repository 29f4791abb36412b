"""The pages in process, with the built-in models: what is drawn, and that nothing typed is lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.child_process import python
from providers.catalogue import list_prices
from tests.dashboard.pages import run_id_of, session, texts
from tests.dashboard.test_engine import wait_until_finished


def test_the_first_page_offers_what_works_here(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert app.multiselect(key="targets").value == ["builtin:ngram-4", "builtin:ngram-3", "builtin:ngram-2"]
    assert "3 calls to this computer" in texts(app).replace("\\", "")


def imported(program: str, *names: str) -> list[str]:
    """Which of these modules a program imports."""
    program += f"\nimport sys; print(*sorted({set(names)} & set(sys.modules)))"
    done = subprocess.run(python("-c", program), capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_server_does_not_wait_for_the_engine_before_it_listens() -> None:
    engines = ("dashboard.engine", "sqlalchemy", "numpy", "PIL", "markdown_it", "dashboard.later")
    assert imported("import dashboard.app", *engines) == ["dashboard.later"]


def test_the_first_page_does_not_wait_for_what_only_a_table_a_chart_or_a_call_needs() -> None:
    program = """
from importlib import import_module
from dashboard import preparing
for script in preparing.FIRST_PAGES:
    for name in preparing.imported_by(script):
        import_module(name)
"""
    asked = ("pandas", "altair", "openai", "anthropic", "google.genai", "ollama", "genai_prices")
    assert imported(program, *asked, "dashboard.compose.form") == ["dashboard.compose.form"]


def test_the_first_page_asks_nothing_of_the_other_process_and_draws_no_price_that_nobody_can_pay(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("asked the process that asks models, for whose start the page would wait")

    monkeypatch.setattr(engine()._runs, "fetch", asked)
    priced = list[str]()
    monkeypatch.setattr(list_prices, "find", lambda provider, model, _: priced.append(f"{provider}:{model}"))
    app.run()
    assert not app.exception
    assert priced == []


def test_a_run_is_drawn_with_its_table_and_its_link(app: AppTest) -> None:
    app.run()
    app.text_area(key="prompt").set_value("What is a class?")
    app.button(key="run").click().run()
    run = engine().find(run_id_of(app))
    assert run is not None
    wait_until_finished(engine(), run)
    app.run()
    assert not app.exception
    assert list(app.dataframe[0].value["Family"]) == ["n-gram"] * 3
    assert app.text_area(key="prompt").value == "What is a class?"


def test_an_empty_prompt_is_refused_and_the_choice_stays(app: AppTest) -> None:
    app.run()
    app.button(key="run").click().run()
    assert "The prompt is empty" in texts(app).replace("\\", "")
    assert len(app.multiselect(key="targets").value) == 3


def test_a_model_of_no_known_provider_is_named_before_anything_is_sent(app: AppTest) -> None:
    app.run()
    app.multiselect(key="targets").set_value(["nowhere:model"]).run()
    assert "is not set up as a provider" in texts(app).replace("\\", "")


def test_a_link_puts_prompt_and_models_back(app: AppTest) -> None:
    app.run()
    app.multiselect(key="targets").set_value(["builtin:ngram-2"])
    app.text_area(key="prompt").set_value("Once more")
    app.button(key="run").click().run()
    run_id = run_id_of(app)
    other = session()
    other.query_params["run"] = run_id
    other.run()
    assert not other.exception
    assert other.text_area(key="prompt").value == "Once more"
    assert other.multiselect(key="targets").value == ["builtin:ngram-2"]


def test_an_unwritable_record_is_said_and_nothing_can_be_sent(
    app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("in the way")
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/file/collate.db")
    app.run()
    assert not app.exception
    assert app.button(key="run").disabled
    assert "collate.db" in texts(app).replace("\\", "")


def test_a_mistake_in_the_configuration_is_a_page_and_no_exception(app: AppTest, home: Path) -> None:
    (home / "collate.toml").write_text("[provider.x]\n")
    app.run()
    assert not app.exception
    assert "provider is not a setting" in texts(app).replace("\\", "")


def test_a_key_typed_under_settings_is_used_and_never_shown(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # with a key, its list of models is asked for
    app.run()
    app.switch_page("app_pages/settings.py").run()
    assert not app.exception
    app.text_input(key="key-openai").set_value("sk-planted-0123456789").run()
    assert "key of this session" in texts(app)
    assert "planted" not in texts(app)
    app.switch_page("app_pages/compare.py").run()
    assert "needs OPENAI" not in " ".join(app.multiselect(key="targets").options)
