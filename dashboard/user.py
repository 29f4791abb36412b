"""The person for whom the page is drawn, as far as their login tells.

Owns the name under which runs, feedback and saved sets are recorded. Never guesses: without `[auth]` in
`.streamlit/secrets.toml` there is no login, and everything belongs to nobody.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.engine import engine
from dashboard.login_setup import login_is_set_up
from prompts.record.rights import OPERATOR, Actor


def person() -> str:
    """The person's e-mail address, otherwise their name at the login service; empty without a login."""
    if not st.user.get("is_logged_in"):
        return ""
    # An address that the login service marks as not verified may be somebody else's.
    email = st.user.get("email") if st.user.get("email_verified") is not False else None
    if email:
        return str(email)
    # People may choose this name themselves, so it must not look like somebody's address.
    named = str(st.user.get("sub") or st.user.get("name") or "unnamed")
    return f"{named} (not verified)" if "@" in named else named


def actor() -> Actor:
    """On whose behalf this page acts: the person who has logged in, in this browser session."""
    here = get_script_run_ctx(suppress_warning=True)
    session = here.session_id if here is not None else ""
    if not people_log_in():
        return replace(OPERATOR, session=session)
    return Actor(person(), is_admin(), session)


def is_admin() -> bool:
    """Whether the person may do everything: a named administrator, or anybody if no login is configured."""
    return not people_log_in() or engine().configuration.team.is_admin(person())


def people_log_in() -> bool:
    """Whether this dashboard requires a login. Call while a page is drawn."""
    return "is_logged_in" in st.user or login_is_set_up()


def stranger() -> bool:
    """Whether the person must log in before anything is shown or sent."""
    return people_log_in() and not st.user.get("is_logged_in")
