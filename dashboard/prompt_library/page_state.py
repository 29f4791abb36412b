"""Which prompt the page shows: the one in the address, else the first of the list."""

from __future__ import annotations

import streamlit as st

_NAME = "prompt"


def chosen_key() -> str | None:
    """The key in the address; `None` where it names none."""
    return st.query_params.get(_NAME) or None


def choose(key: str | None) -> None:
    """Show this prompt from now on; for callbacks."""
    if key is None:
        st.query_params.pop(_NAME, None)
    else:
        st.query_params[_NAME] = key
