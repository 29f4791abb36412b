"""Who is at the page, where people log in.

Owns the name under which runs, marks and saved sets are recorded. Refuses to guess: without `[auth]` in
`.streamlit/secrets.toml` nobody logs in, and everything is nobody's.
"""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError


def person() -> str:
    """Their e-mail address, else what the login service calls them; empty where nobody logs in."""
    if not st.user.get("is_logged_in"):
        return ""
    # An address that the service says it has not verified may be somebody else's.
    email = st.user.get("email") if st.user.get("email_verified") is not False else None
    return str(email or st.user.get("sub") or st.user.get("name") or "unnamed")


def people_log_in() -> bool:
    """Whether this dashboard asks everybody to log in."""
    return "is_logged_in" in st.user


def login_is_set_up() -> bool:
    """The same, asked outside of a page."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def stranger() -> bool:
    """Whether whoever is here must log in before anything is shown or sent."""
    return people_log_in() and not st.user.get("is_logged_in")
