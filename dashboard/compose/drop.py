"""Files dropped on the prompt or pasted into it, treated as if they had been attached.

A browser may send anything, so the shape of its message is checked here; the files themselves are checked where
all files are (`files.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

import streamlit as st

from dashboard import state
from dashboard.answer_grid.component import component
from dashboard.compose.files import over_limit, take_in
from dashboard.markdown_escape import plain
from providers.catalogue.modalities import LARGEST

_KEY = "drop"


def take_drops() -> None:
    """Mount the invisible component that listens for dropped and pasted files."""
    component("drop")(key=_KEY, data={"largest": LARGEST}, on_dropped_change=_take)


def show_refused() -> None:
    """Say why a dropped file is not attached; below the form, where people look after dropping."""
    for problem in st.session_state.get(state.DROPPED) or ():
        st.error(plain(problem), icon=":material/error:")


def _take() -> None:
    sent = st.session_state.get(_KEY)
    dropped = tuple(_files(sent.get("dropped") if isinstance(sent, Mapping) else None))
    problems = take_in([(name, data) for name, data in dropped if data is not None])
    problems += tuple(over_limit(name) for name, data in dropped if data is None)
    st.session_state[state.DROPPED] = problems
    if taken := len(dropped) - len(problems):
        st.toast(f"{taken} {'file is' if taken == 1 else 'files are'} attached.", icon=":material/attach_file:")


def _files(sent: object) -> Iterator[tuple[str, bytes | None]]:
    """Name and content of each file; the content is `None` if it was too large to send."""
    for each in sent if isinstance(sent, list) else ():
        match each:
            case {"name": str(name), "size": int(size), "data": str(data)}:
                yield name, base64.b64decode(data) if size <= LARGEST else None
            case _:
                continue
