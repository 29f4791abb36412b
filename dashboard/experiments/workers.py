"""The list of workers, the processes that ask experiments together, each with a button that makes it leave."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.theirs import theirs
from dashboard.engine import Engine
from dashboard.experiments.worker_rows import line, summary, title
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.experiments import worker_store
from prompts.experiments.worker_store import LET_LEAVE, WorkerRow
from prompts.history.archive import Archive
from prompts.record.database_url import is_shared
from prompts.record.recorder import RecordError
from prompts.workers.joining import why_alone

_POLL_S = 5.0


def show_workers(core: Engine) -> None:
    """Show the workers, or why each experiment is asked by one process only."""
    archive = core.archive
    if archive is None:
        return
    with st.expander("Workers", key="experiment-workers"):
        if why := why_alone(shared=is_shared()):
            st.caption(plain(why))
        else:
            st.fragment(_show_rows, run_every=_POLL_S)(archive)


def _show_rows(archive: Archive) -> None:
    """A fragment that is redrawn every few seconds."""
    try:
        rows = archive.read(worker_store.every)
    except RecordError as exc:
        st.warning(plain(str(exc)))
        return
    st.caption(plain(summary(rows)))
    lets_leave = bool(rows) and not theirs(LET_LEAVE)
    for row in rows:
        _show(archive, row, lets_leave=lets_leave)


def _show(archive: Archive, row: WorkerRow, *, lets_leave: bool) -> None:
    with st.container(border=True, key=f"worker-{row.id}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(title(row))}**")
            if lets_leave:
                st.button(
                    "Drain", key=f"worker-drain-{row.id}", type="tertiary", on_click=_drain, args=(archive, row.id),
                    disabled=row.draining, help="Takes nothing new, finishes the calls in progress, and leaves.",
                )  # fmt: skip
        st.caption(plain(line(row)))


def _drain(archive: Archive, id: str) -> None:
    try:
        archive.write(lambda c: worker_store.drain(c, id, by=actor()))
    except RecordError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)
