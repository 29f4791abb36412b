"""Whose everything is, where people log in; and that nobody is shown anything before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.presets import LAST
from prompts.record import spending
from tests.dashboard.pages import run_id_of, said, session, texts
from tests.dashboard.test_engine import wait_until_finished
from tests.patience import PATIENCE_S

ADA = {"is_logged_in": True, "email": "ada@example.com", "sub": "s-1"}
BOB = {"is_logged_in": True, "email": "bob@example.com", "sub": "s-2"}


def who() -> None:
    import streamlit as st

    from dashboard.user import people_log_in, person, stranger

    st.text(f"{person()}|{people_log_in()}|{stranger()}")


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ({}, "|False|False"),
        ({"email": "proxy@example.com"}, "|False|False"),  # not a login
        ({"is_logged_in": False}, "|True|True"),
        ({"is_logged_in": False, "email": "ada@example.com"}, "|True|True"),
        (ADA, "ada@example.com|True|False"),
        ({**ADA, "email_verified": True}, "ada@example.com|True|False"),
        ({**ADA, "email_verified": False}, "s-1|True|False"),
        ({**BOB, "email_verified": False, "sub": "ada@example.com"}, "ada@example.com (not verified)|True|False"),
        ({"is_logged_in": True, "name": "ada@example.com"}, "ada@example.com (not verified)|True|False"),
        ({"is_logged_in": True, "sub": "s-1"}, "s-1|True|False"),
        ({"is_logged_in": True}, "unnamed|True|False"),
    ],
)
def test_a_person_has_a_verified_address_or_the_name_that_the_service_gives(user: dict[str, Any], found: str) -> None:
    app = AppTest.from_function(who, default_timeout=PATIENCE_S)
    app.user = user
    app.run()
    assert app.text[0].value == found


def session_of(user: dict[str, Any]) -> AppTest:
    app = session()
    app.user = user
    app.secrets["auth"] = {"cookie_secret": "x"}
    return app


def asked(app: AppTest, prompt: str) -> str:
    app.text_area(key="prompt").set_value(prompt)
    app.multiselect(key="targets").set_value(["builtin:ngram-3"])
    app.button(key="run").click().run()
    assert not app.exception
    run_id = run_id_of(app)
    run = engine().find(run_id)
    assert run is not None
    wait_until_finished(engine(), run)
    return run_id


@pytest.mark.usefixtures("own_engine")
def test_a_stranger_sees_a_button_and_nothing_else() -> None:
    ada = session_of(ADA).run()
    run_id = asked(ada, "A secret question")
    app = session_of({"is_logged_in": False})
    app.query_params["run"] = run_id
    app.run()
    assert not app.exception
    assert [button.label for button in app.button] == ["Log in"]
    assert app.multiselect.values == []
    assert "secret" not in texts(app)
    assert "Open it once more after you have logged in" in texts(app)


def test_not_even_a_mistake_of_the_configuration_is_shown_to_strangers(own_engine: None, home: Path) -> None:
    (home / "collate.toml").write_text("[provider.x]\n")
    app = session_of({"is_logged_in": False}).run()
    assert "provider" not in texts(app)


@pytest.mark.usefixtures("own_engine")
def test_each_service_has_a_button() -> None:
    app = session_of({"is_logged_in": False})
    app.secrets["auth"] = {"cookie_secret": "x", "google": {"client_id": "1"}, "okta": {"client_id": "2"}}
    app.run()
    assert [button.label for button in app.button] == ["Log in with Google", "Log in with Okta"]


@pytest.mark.usefixtures("own_engine")
def test_a_login_that_is_not_set_up_is_said_in_words() -> None:
    app = session_of({"is_logged_in": False}).run()
    app.button(key="log-in-default").click().run()
    assert not app.exception
    assert "you need to configure credentials" in texts(app).replace("\\", "")


@pytest.mark.usefixtures("own_engine")
def test_runs_and_kept_sets_carry_the_person_and_runs_are_everybodys() -> None:
    ada, bob = session_of(ADA).run(), session_of(BOB).run()
    run_id = asked(ada, "What is a class?")
    run = engine().find(run_id)
    assert run is not None
    assert run.person == "ada@example.com"
    assert engine().choices("ada@example.com").keys() == {LAST}
    assert engine().choices("bob@example.com").keys() == set()
    bob.query_params["run"] = run_id
    bob.run()
    assert not bob.exception
    assert bob.text_area(key="prompt").value == "What is a class?"


@pytest.mark.usefixtures("own_engine")
def test_settings_say_who_is_logged_in_and_lead_out() -> None:
    app = session_of(ADA).run().switch_page("app_pages/settings.py").run()
    assert not app.exception
    assert "ada@example.com" in texts(app).replace("\\", "").replace("\u2060", "").replace("\u200b", "")
    assert app.button(key="log-out").label == "Log out"


@pytest.mark.usefixtures("own_engine")
def test_where_nobody_logs_in_nothing_speaks_of_it() -> None:
    app = session_of({}).run().switch_page("app_pages/settings.py").run()
    assert not app.exception
    assert "log-out" not in [button.key for button in app.button]


def who_acts() -> None:
    import streamlit as st

    from dashboard.user import actor

    found = actor()
    st.text(f"{found.person}|{found.admin}|{bool(found.session)}")


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ({}, "|True|True"),  # nobody logs in: whoever runs Collate
        (ADA, "ada@example.com|True|True"),
        ({**ADA, "email": "ADA@Example.com"}, "ADA@Example.com|True|True"),
        (BOB, "bob@example.com|False|True"),
        ({**BOB, "sub": "ada@example.com", "email_verified": False}, "ada@example.com (not verified)|False|True"),
        ({**BOB, "admin": True, "role": "admin"}, "bob@example.com|False|True"),
        ({"is_logged_in": False}, "|False|True"),
    ],
)
def test_administrators_are_those_who_are_named(own_engine: None, home: Path, user: dict[str, Any], found: str) -> None:
    (home / "collate.toml").write_text('[team]\nadmins = ["ada@example.com"]\n')
    app = AppTest.from_function(who_acts, default_timeout=PATIENCE_S)
    app.user = user
    app.run()
    assert app.text[0].value == found


@pytest.mark.parametrize("rules", ["", '[team]\nadmins = "bob@example.com"\n', '[team]\nadmin = ["bob@example.com"]\n'])
def test_where_none_is_named_or_the_file_is_wrong_nobody_is(own_engine: None, home: Path, rules: str) -> None:
    (home / "collate.toml").write_text(rules)
    app = AppTest.from_function(who_acts, default_timeout=PATIENCE_S)
    app.user = BOB
    app.run()
    assert app.text[0].value == "bob@example.com|False|True"
    assert bool(engine().mistakes) is bool(rules)


def test_a_member_is_told_who_the_administrators_are_and_reads_no_trail(own_engine: None, home: Path) -> None:
    (home / "collate.toml").write_text('[team]\nadmins = ["ada@example.com"]\n')
    for user, reads in ((BOB, False), (ADA, True)):
        app = session()
        app.user = user
        app.switch_page("app_pages/settings.py").run()
        assert not app.exception
        told = said(app)
        assert ("Administrators: ada@example.com" in told) is not reads
        for key in ("delete-older", "fetch-prices"):
            assert bool([each for each in app.button if each.key == key]) is reads, key


def test_a_person_sees_what_they_have_spent_of_their_day(own_engine: None, home: Path) -> None:
    (home / "collate.toml").write_text("[team]\nusd_per_day = 5.00\n")
    app = session()
    app.user = ADA
    assert "Today $0 spent, of $5.00 that you may spend a day." in said(app.run())
    archive = engine().archive
    assert archive is not None
    archive.write(lambda c: spending.reserve(c, "ada@example.com", Decimal(5), Decimal(5)))
    assert "No further paid calls are sent for you until midnight UTC." in said(app.run())
    app.user = BOB
    assert "Today $0 spent" in said(app.run())
    app.user = {}
    assert "may spend a day" not in said(app.run())
