"""Whether people must log in here: whether `.streamlit/secrets.toml` contains `[auth]`. Imports no engine."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

_NOT_READ = (StreamlitSecretNotFoundError, OSError, ValueError)
"""Raised if the secrets cannot be read; Streamlit raises the same error if there are none."""
_AUTH = re.compile(r"""^\s*\[*\s*["']?auth\b""", re.MULTILINE)


def login_is_set_up() -> bool:
    """Whether this dashboard requires a login; can be called outside a page."""
    try:
        return "auth" in st.secrets
    except _NOT_READ:
        return login_is_spoiled()


def login_is_spoiled() -> bool:
    """Whether the secrets cannot be read but seem to contain `[auth]`: a typing error must not let everybody in."""
    try:
        return "auth" in st.secrets and not st.secrets["auth"]
    except _NOT_READ:
        return any(_may_name_auth(Path(file)) for file in st.get_option("secrets.files"))


def _may_name_auth(place: Path) -> bool:
    """Whether a file or folder of secrets may contain `auth`; yes, if it cannot be opened."""
    try:
        if place.is_dir():
            return (place / "auth").exists()
        return _AUTH.search(place.read_text("utf-8", "replace")) is not None
    except FileNotFoundError:
        return False
    except OSError:
        return True
