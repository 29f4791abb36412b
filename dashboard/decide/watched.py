"""The watch for drift: which experiments are asked again, with what budget, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import sqlalchemy as sa
import streamlit as st

from dashboard import state
from dashboard.components.theirs import theirs
from dashboard.components.time_zone import time_zone
from dashboard.decide.notice import forget_aged
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor, person
from prompts.core import format as text_of
from prompts.decide import watch_store
from prompts.decide.study import Study
from prompts.decide.watch_store import Look, Watch, new_id
from prompts.experiments.asked import Experiment
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

_DAYS = {1: "every day", 7: "every week", 30: "every month", 90: "every three months"}
_FIRST = 7

HOW = (
    "A watched experiment is run again while this dashboard is running, or by `collate watch` from cron, never for "
    "more than its budget. You are told what changed beyond chance; a change that only one run shows may still be "
    "chance."
)


def show_watched(core: Engine, found: Study) -> None:
    """For each experiment in the study: whether it is watched, and what its latest run showed."""
    archive = core.archive
    if archive is None or not found.pool.experiments:
        return
    there = {each.plan_id: each for each in archive.read(watch_store.every)}
    with st.expander("Watch for drift", expanded=any(each.id in there for each in found.pool.experiments)):
        st.caption(HOW)
        for each in found.pool.experiments:
            _row(archive, each, there.get(each.id))


def show_watch(core: Engine, experiment: Experiment) -> None:
    """The same for one experiment, on its own page."""
    if core.archive is not None:
        there = {each.plan_id: each for each in core.archive.read(watch_store.every)}
        st.markdown("**Watch for drift**")
        st.caption(HOW)
        _row(core.archive, experiment, there.get(experiment.id), alone=True)
        if said := st.session_state.pop(state.CHOOSE_SAYS, None):
            st.error(plain(said), icon=":material/error:")


def _row(archive: Archive, experiment: Experiment, watch: Watch | None, *, alone: bool = False) -> None:
    """`alone`: on the experiment's own page, where its name need not be repeated."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if watch is None:
            every, each = (f"{state.CHOOSE}{what}-{experiment.id}" for what in ("every", "each"))
            st.session_state.setdefault(every, _FIRST)  # not the fields' defaults: what is kept may be set already
            st.session_state.setdefault(each, 0.0)
            days = st.selectbox(
                "How often" if alone else plain(experiment.plan.name), list(_DAYS), width=260,
                format_func=_DAYS.__getitem__, key=every,
            )  # fmt: skip
            budget = st.number_input(
                "At most, $ each time", min_value=0.0, step=0.1, format="%.2f", width=170, key=each,
                help="Never exceeded. 0 is enough for models without a fee.",
            )  # fmt: skip
            st.button(
                "Watch", key=f"watch-{experiment.id}", icon=":material/visibility:", on_click=_watch,
                args=(archive, experiment.id, days, budget),
            )  # fmt: skip
            return
        how = _DAYS.get(watch.every_days, f"every {watch.every_days} days")
        said = f"{how}, {text_of.money(watch.budget)} at most"
        st.markdown(plain(said.capitalize() if alone else f"{experiment.plan.name}: {said}"), width="content")
        if not theirs("watch an experiment, or stop it", watch.person):
            st.button("Stop", key=f"watch-stop-{experiment.id}", type="tertiary", on_click=_stop,
                      args=(archive, experiment.id))  # fmt: skip
    looks = archive.read(lambda c: watch_store.looks_of(c, watch.id))
    if not looks:
        st.caption("Not asked again yet.")
    for look in looks[:1]:
        _show(look)


def _show(look: Look) -> None:
    when = text_of.ago(look.at, utc_now(), time_zone())
    if look.problem:
        st.warning(plain(f"{when}: {look.problem}"), icon=":material/visibility_off:")
    for each in look.moved:
        once = "" if each.confirmed else " Seen once: it may be chance; the next run will show."
        st.warning(plain(f"{when}: {each.sentence}{once}"), icon=":material/trending_up:")
    if not look.problem and not look.moved:
        st.caption(plain(f"Asked again {when}: no change beyond chance."))


def _watch(archive: Archive, experiment: str, days: int | None, budget: float | None) -> None:
    new = Watch(new_id(), experiment, utc_now(), person(), days or 7, Decimal(str(budget or 0)), None)
    _write(archive, lambda c: watch_store.put(c, new, by=actor()))


def _stop(archive: Archive, experiment: str) -> None:
    _write(archive, lambda c: watch_store.stop(c, experiment, by=actor()))


def _write(archive: Archive, work: Callable[[sa.Connection], None]) -> None:
    try:
        archive.write(work)
        forget_aged()
    except RecordError as exc:
        st.session_state[state.CHOOSE_SAYS] = str(exc)
