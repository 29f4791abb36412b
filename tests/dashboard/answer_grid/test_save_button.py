"""The button that saves a file."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.answer_grid.save_button import save_button

    times = st.session_state["times"] = st.session_state.get("times", 0) + 1
    save_button("Save", lambda: f"drawn {times} times", f"{times}.csv", "text/csv", key="save", says="All <of> it")
    save_button("Later", lambda: "", "later.csv", "text/csv", key="later", ready=False)


def shown(at: AppTest, key: str) -> str:
    return next(each.proto.json for each in at.get("bidi_component") if key in each.proto.id)


def test_its_address_stays_when_the_page_is_drawn_anew_and_gives_what_was_drawn_last() -> None:
    at = AppTest.from_function(page).run()
    first = re.findall(r"api/v1/files/([\w-]+)", shown(at, "save"))
    at.run()
    assert re.findall(r"api/v1/files/([\w-]+)", shown(at, "save")) == first
    file = at.session_state["offered-files"]["save"]
    assert (file.token, file.make(), file.name) == (first[0], "drawn 2 times", "2.csv")


def test_it_says_what_it_saves_and_waits_until_that_is_ready() -> None:
    at = AppTest.from_function(page).run()
    assert "title='All &lt;of&gt; it'" in shown(at, "save")
    assert "href" not in shown(at, "later")
    assert "aria-disabled='true'" in shown(at, "later")
