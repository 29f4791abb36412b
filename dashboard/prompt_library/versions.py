"""The versions of a prompt: comparing any two, and restoring an earlier one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.components.theirs import may
from dashboard.components.time_zone import time_zone
from dashboard.markdown_escape import plain
from dashboard.prompt_library.done import Done, act
from dashboard.prompt_library.text_html import versions_html
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import Version
from prompts.record.rights import Act
from providers.measuring.measure import utc_now

SAVE: Act = "save a new version of a prompt"
COPY = "Duplicate it to continue with a copy of your own."


def show_versions(prompts: Library, newest: Version) -> None:
    """Two versions side by side, as far as they differ, and a button that restores the left one."""
    numbers = list(reversed(prompts.numbers(newest.key)))
    if len(numbers) < 2:
        st.caption("One version so far. Each save adds one, and none is ever changed.")
        return
    found = {each.number: each for each in prompts.versions(newest.key)}

    def said(number: int) -> str:
        each = found[number]
        when = text_of.ago(each.saved_at, utc_now(), time_zone()) if each.saved_at else "shipped"
        return " · ".join(filter(None, (each.reference, when, each.saved_by)))

    left, right = st.columns(2)
    old = left.selectbox("Version", numbers, 1, key=f"{state.LIBRARY_FROM}{newest.reference}", format_func=said)
    new = right.selectbox("Compared with", numbers, 0, key=f"{state.LIBRARY_TO}{newest.reference}", format_func=said)
    panel(versions_html(found[old], found[new]), key=f"library-versions-{newest.key}", label="What differs")
    if old != newest.number and (not newest.own or may(SAVE, prompts.owner(newest.key))):
        st.button(
            plain(f"Restore {found[old].reference}"), key="library-restore", icon=":material/history:", on_click=act,
            args=(partial(_restore, prompts, found[old], newest),),
            help="Saves its text as the newest version; those between stay.",
        )  # fmt: skip


def _restore(prompts: Library, old: Version, newest: Version) -> Done:
    saved = prompts.restore(old, by=actor())
    if saved == newest:
        return Done(f"{newest.reference} has the same text already.")

    def undo() -> str:
        return f"{prompts.restore(newest, by=actor()).reference} has the text of {newest.reference} again."

    return Done(f"{saved.reference} has the text of {old.reference}.", undo=undo)
