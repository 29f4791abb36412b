"""Settings, Record: what is on record, where and for how long, and deleting what is older than some days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import streamlit as st

from dashboard import state
from dashboard.components.progress import deleted_of, progress
from dashboard.components.time_zone import time_zone
from dashboard.compose.keep_choice import LABELS
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.settings.trail_view import administrators, show_trail
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.history.archive import Archive
from prompts.record import backup
from prompts.record.database import VARIABLE, RecordError, place
from prompts.record.deletion import told
from prompts.record.rights import refusal
from providers.config.configuration import KEEP_DAYS_VARIABLE, KEEP_VARIABLE
from providers.measuring.measure import utc_now

_YEAR = 365


def show_record(core: Engine) -> None:
    """The whole tab."""
    st.subheader("What is on record", anchor=False)
    archive = core.archive
    if archive is None:
        st.error(plain(core.record_problem or "There is no record."), icon=":material/database:")
        return
    try:
        _show_extent(archive)
        st.subheader("How long it stays", anchor=False)
        _show_rules(core)
        _ask_older(core, archive)
        show_trail(core, archive)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
    if said := st.session_state.get(state.DELETED):
        st.success(plain(said), icon=":material/check:")


def _show_extent(archive: Archive) -> None:
    there, now, zone = archive.extent(), utc_now(), time_zone()
    with st.container(horizontal=True, key="record-extent"):
        st.metric("Runs", text_of.count(there.runs), border=True, help="Each with all its answers, counted just now.")
        st.metric(
            "Size", text_of.size(there.size_bytes), border=True,
            help="Of the whole database. It does not shrink when runs are deleted: their space is overwritten, then "
            "used again.",
        )  # fmt: skip
        oldest = text_of.ago(there.oldest, now, zone) if there.oldest else text_of.UNKNOWN
        exact = text_of.exactly(there.oldest, zone) if there.oldest else "Nothing has been asked yet."
        st.metric("Oldest run", oldest, border=True, help=plain(exact))
    where = place()
    st.markdown(f"It is in **{plain(where)}**; `{VARIABLE}` moves it.")
    if "://" not in where and (copy := backup.newest(Path(where))) is not None:
        st.caption(plain(
            f"A copy from before an update is in {copy}. What is deleted here is still in it: delete the copy when "
            "you no longer need it."
        ))  # fmt: skip


def _show_rules(core: Engine) -> None:
    rules = core.configuration.record
    said = [f"**{LABELS[rules.keep]}** is the rule for every run; a single run may keep less, beside Run on Compare."]
    if (retention := core.retention) is None:
        said.append("Nothing is deleted automatically.")
    else:
        said.append(f"Runs older than **{text_of.number_of(rules.keep_days or 0, 'day')}** are deleted automatically, "
                    "at every start and once a day.")  # fmt: skip
        if (last := retention.last) is not None:
            when = text_of.ago(last.at, utc_now(), time_zone())
            outcome = last.problem or (told(last.deleted) if last.deleted else "")
            said.append(f"Last checked {when}: {plain(outcome)}")
    st.markdown(" ".join(said))
    st.caption(plain(
        f"Set them in {core.configuration.file} as [record] keep and keep_days, or by {KEEP_VARIABLE} and "
        f"{KEEP_DAYS_VARIABLE}."
    ))  # fmt: skip


def _ask_older(core: Engine, archive: Archive) -> None:
    if (said := refusal(actor(), "delete everything older than a number of days")) is not None:
        st.caption(plain(f"{said} {administrators(core)}"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="older"):
        days = st.number_input(
            "Delete everything older than, in days", 1, 36_500, _YEAR, key=state.OLDER_THAN, width=280
        )
        number = archive.older(utc_now() - timedelta(days=days))
        if st.button(
            f"Delete {text_of.number_of(number, 'run')}…" if number else "Nothing is that old", key="delete-older",
            icon=":material/delete:", disabled=not number,
        ):  # fmt: skip
            _confirm(archive, days, number)


@st.dialog("Delete for good?", icon=":material/delete:")
def _confirm(archive: Archive, days: int, number: int) -> None:
    st.markdown(
        f"**{text_of.number_of(number, 'run')}, everything older than {text_of.number_of(days, 'day')},** will be "
        "deleted for everybody who uses this record: prompts, answers, figures, costs, ratings, notes, tags, and "
        "files that no other run uses. This cannot be undone."
    )
    with st.container(horizontal=True, key="delete-older-choice"):
        if st.button("Delete", type="primary", key="delete-older-now"):
            _delete(archive, days, number)
            st.rerun()
        if st.button("Cancel", key="delete-older-not"):
            st.rerun()


def _delete(archive: Archive, days: int, number: int) -> None:
    try:
        with progress(deleted_of(number), number) as watch:
            gone = archive.delete_older(utc_now() - timedelta(days=days), watch, by=actor())
        st.session_state[state.DELETED] = told(gone)
    except RecordError as exc:
        st.session_state[state.DELETED] = str(exc)
