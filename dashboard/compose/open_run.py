"""Moving from one run to another, from a list or by the browser's Back: Compare's fields follow the run shown.

A draft (a prompt that differs from the open run's) is never overwritten.
"""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.page_url import go_to, here
from dashboard.engine import Engine
from prompts.core.combined_run import GatheringError
from prompts.core.run import Run
from prompts.record.recorder import RecordError


def about_to_open() -> None:
    """Call on a page that lists runs, once its filters are in the address: remembers them for `way_back`."""
    st.session_state[state.FROM_LIST] = st.query_params.to_dict()


def way_back() -> None:
    """Beside a run that was opened from a list: a link back to that list, with its search and filters."""
    if (listed := st.session_state.get(state.WAY_BACK)) is not None:
        st.page_link(
            "app_pages/history.py", label="Back to the list", icon=":material/arrow_back:", query_params=listed,
            width="content",
        )  # fmt: skip


def make_room(core: Engine) -> None:
    """Call on Compare, before a run is reopened: clears the fields unless they hold a draft."""
    opened: str | None = st.session_state.get(state.OPENED)
    listed: dict[str, str] | None = st.session_state.pop(state.FROM_LIST, None)
    wanted = here()
    if listed is not None and wanted:
        st.session_state[state.WAY_BACK] = listed
    if wanted and wanted != opened and not _is_draft(core, opened):
        st.session_state[state.PROMPT], st.session_state[state.OPENED] = "", None


def open_kin(run: Run, run_id: str) -> None:
    """Go from `run` to a related one; only in a callback. The fields follow, unless they hold a draft."""
    if st.session_state.get(state.PROMPT) == run.prompt:
        st.session_state[state.PROMPT] = ""
    go_to(run_id)


def _is_draft(core: Engine, opened: str | None) -> bool:
    """Whether the prompt in the field differs from that of the run that was open."""
    try:
        run = core.find(opened) if opened else None
    except (RecordError, GatheringError):
        return True
    return run is None or run.prompt != st.session_state.get(state.PROMPT)
