"""Logging in and out, if the administrator has set it up: nothing else is shown or sent before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitAuthError

from dashboard.login_setup import login_is_spoiled
from dashboard.markdown_escape import plain
from dashboard.user import is_admin, people_log_in, person

_ICON = Path(__file__).parents[1] / "icon.svg"


def show_login() -> None:
    """The whole page for somebody who has not logged in: one button for each login service."""
    _, middle, _ = st.columns((1, 2, 1))
    with middle, st.container(key="login"):
        st.space("large")
        st.image(_ICON, width=48)
        st.header("Collate", anchor=False)
        st.write("One prompt, several models, side by side. Log in to compare them and to see what your team asked.")
        if login_is_spoiled():
            told = "`.streamlit/secrets.toml` says who may log in, but is not readable. Correct it, and start again."
            st.error(told, title="Nobody can log in", icon=":material/settings:")
            return
        for name in _services() or [None]:
            label = f"Log in with {name.capitalize()}" if name else "Log in"
            if st.button(plain(label), key=f"log-in-{name or 'default'}", type="primary", icon=":material/login:"):
                _log_in(name)
        if st.query_params.get("run"):
            st.caption("This link leads to a run. Open it once more after you have logged in.")


def show_person() -> None:
    """Who is logged in, and the button to log out; nothing if no login is set up."""
    if not people_log_in():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="person"):
        st.markdown(
            f":material/person: {plain(person())}",
            help="Your runs, ratings, notes and saved sets carry this name. Everybody who logs in here sees every run.",
        )
        st.badge("Administrator" if is_admin() else "Member", color="gray")
        st.button("Log out", key="log-out", icon=":material/logout:", type="tertiary", on_click=st.logout)


def _services() -> list[str]:
    """The names of the login services if there are several; empty for a single unnamed one."""
    auth: Mapping[str, object] = st.secrets.get("auth", {})
    return [name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value]


def _log_in(name: str | None) -> None:
    try:
        st.login(name) if name else st.login()
    except (StreamlitAuthError, StreamlitAPIException) as exc:
        st.error(plain(str(exc)), title="Logging in is not set up correctly", icon=":material/settings:")
