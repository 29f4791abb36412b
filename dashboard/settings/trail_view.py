"""The audit trail under Settings: who deleted, imported or set what, for those who may read it."""

from __future__ import annotations

import streamlit as st

from dashboard.answer_grid.save_button import save_button
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor, people_log_in
from prompts.core import format as text_of
from prompts.exchange.trail_csv import trail_csv
from prompts.history.archive import Archive
from prompts.record.rights import refusal
from prompts.record.trail import Entry

SHOWN = 200


def show_trail(core: Engine, archive: Archive) -> None:
    """Show the newest lines, and a button that saves all of them. Raises `RecordError`."""
    st.subheader("What was deleted, imported and set", anchor=False)
    if (said := refusal(actor(), "read the audit trail")) is not None:
        st.caption(plain(f"{said} {administrators(core)}"))
        return
    by = actor()
    found = archive.trail(SHOWN, by=by)
    if not found:
        st.caption("Nothing yet. What is deleted, imported or set from now on is noted here for good.")
        return
    st.dataframe(
        [_row(each) for each in found], hide_index=True, key="trail", alt="Who deleted, imported or set what, and when"
    )
    save_button("Save all as CSV", lambda: trail_csv(archive, by=by), "collate-trail.csv", "text/csv", key="trail-save")


def administrators(core: Engine) -> str:
    """A sentence that names the administrators, or says how to name one."""
    named = core.configuration.team.admins
    if named:
        return f"Administrators: {', '.join(named)}."
    return f'No administrator is named. Name one in {core.configuration.file}: [team] admins = ["you@example.com"].'


def _row(entry: Entry) -> dict[str, str]:
    who = entry.person or ("Collate itself, or the command line" if people_log_in() else "—")
    return {
        "when": text_of.exactly(entry.at, time_zone()), "who": f"{who} (administrator)" if _told(entry) else who,
        "did": entry.act, "what": what_of(entry),
    }  # fmt: skip


def _told(entry: Entry) -> bool:
    return bool(entry.person) and entry.admin


def what_of(entry: Entry) -> str:
    """What an act was about, in words: a count instead of many ids, all of which are in the file."""
    return ", ".join(
        f"{name.replace('_', ' ')} {len(value) if isinstance(value, list) and len(value) > 1 else _one(value)}"
        for name, value in entry.what.items()
    )


def _one(value: object) -> str:
    if value is None or value == []:
        return "not set"
    return str(value[0]) if isinstance(value, list) else str(value)
