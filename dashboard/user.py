"""Who is at the page, where people log in.

Owns the name under which runs, marks and saved sets are recorded. Refuses to guess: without `[auth]` in
`.streamlit/secrets.toml` nobody logs in, and everything is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.engine import engine
from prompts.record.rights import OPERATOR, Actor

_NOT_READ = (StreamlitSecretNotFoundError, OSError, ValueError)
"""Also where there are none: Streamlit has one error for both."""
_AUTH = re.compile(r"""^\s*\[*\s*["']?auth\b""", re.MULTILINE)


def person() -> str:
    """Their e-mail address, else what the login service calls them; empty where nobody logs in."""
    if not st.user.get("is_logged_in"):
        return ""
    # An address that the service says it has not verified may be somebody else's.
    email = st.user.get("email") if st.user.get("email_verified") is not False else None
    if email:
        return str(email)
    # Nor may what people choose themselves read like somebody's address.
    named = str(st.user.get("sub") or st.user.get("name") or "unnamed")
    return f"{named} (not verified)" if "@" in named else named


def actor() -> Actor:
    """On whose behalf this page acts: whoever has logged in, as the login itself says, in this browser session."""
    here = get_script_run_ctx(suppress_warning=True)
    session = here.session_id if here is not None else ""
    if not people_log_in():
        return replace(OPERATOR, session=session)
    return Actor(person(), is_admin(), session)


def is_admin() -> bool:
    """Whether whoever is here may do everything: named as an administrator, or nobody has to log in."""
    return not people_log_in() or engine().configuration.team.is_admin(person())


def people_log_in() -> bool:
    """Whether this dashboard asks everybody to log in."""
    return "is_logged_in" in st.user or login_is_set_up()


def login_is_set_up() -> bool:
    """The same, asked outside of a page."""
    try:
        return "auth" in st.secrets
    except _NOT_READ:
        return login_is_spoiled()


def login_is_spoiled() -> bool:
    """Whether secrets that name `[auth]`, or may, cannot be read: a slip of the pen must not let everybody in."""
    try:
        return "auth" in st.secrets and not st.secrets["auth"]
    except _NOT_READ:
        return any(_may_name_auth(Path(file)) for file in st.get_option("secrets.files"))


def _may_name_auth(place: Path) -> bool:
    """A file that says so in any of TOML's ways, or a folder with a secret of that name; one that is shut may."""
    try:
        if place.is_dir():
            return (place / "auth").exists()
        return _AUTH.search(place.read_text("utf-8", "replace")) is not None
    except FileNotFoundError:
        return False
    except OSError:
        return True


def stranger() -> bool:
    """Whether whoever is here must log in before anything is shown or sent."""
    return people_log_in() and not st.user.get("is_logged_in")
