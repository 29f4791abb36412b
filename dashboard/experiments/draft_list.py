"""Drafts that were not started yet: the one of this session, and the person's others on record."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.time_zone import time_zone
from dashboard.experiments.address import go_to
from dashboard.experiments.drafts import drafts
from dashboard.experiments.kept_drafts import KeptDrafts
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.core import format as text_of
from prompts.experiments.draft_store import DraftLine
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

MOST = 20
"""The most drafts listed."""


def show_drafts() -> None:
    """A button for this session's draft, and a popover with the person's drafts, last changed first."""
    keeper, here = drafts().keeper, st.session_state.get(state.DRAFT)
    try:
        lines = keeper.newest(MOST) if isinstance(keeper, KeptDrafts) else ()
        held = drafts().find(here) if here else None
    except RecordError as exc:
        st.caption(plain(str(exc)))
        return
    if held is not None:
        st.button(
            plain(f"Continue {held.draft.plan.name or 'the draft'}"), key="experiment-continue", icon=":material/edit:",
            on_click=go_to, args=(here,),
        )  # fmt: skip
    if lines:
        with st.popover(f"Drafts ({len(lines)})", icon=":material/edit_note:", key="experiment-drafts"):
            for line in lines:
                _row(line)


def _row(line: DraftLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", width=420):
        st.button(
            plain(line.name or "Without a name"), key=f"draft-{line.id}", type="tertiary", on_click=go_to,
            args=(line.id,),
        )  # fmt: skip
        st.caption(plain(text_of.ago(line.changed_at, utc_now(), time_zone())), width="content")
        st.button(
            "Delete", key=f"draft-delete-{line.id}", icon=":material/delete:", type="tertiary",
            on_click=drafts().drop, args=(line.id, person()),
        )  # fmt: skip
