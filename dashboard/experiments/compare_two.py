"""Comparing with another experiment: what was asked differently, and which cases pass more or less often."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.experiments.loaded import Loaded, on_record
from dashboard.experiments.matrix_rows import case_label
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core import format as text_of
from prompts.experiments.asked import Experiment
from prompts.experiments.comparison import Change, Flip, compare
from prompts.record.recorder import RecordError

MOST = 50
"""The most cases listed in either direction."""


def show_comparison(found: Loaded) -> None:
    """A choice of the other experiments, and the comparison once one is chosen; the earlier one is the baseline."""
    record = on_record()
    if record is None:
        return
    try:
        others = {e.id: e for e in record.list(person() if people_log_in() else None) if e.id != found.experiment.id}
    except RecordError as exc:
        st.error(plain(str(exc)))
        return
    if not others:
        return
    chosen = st.selectbox(
        "Compare with", list(others), index=None, key="beside", bind="query-params",
        format_func=lambda id: _name(others[id]), placeholder="another experiment",
    )  # fmt: skip
    if chosen in others:
        other = others[chosen]
        try:
            cells = record.cells(other.id)
        except RecordError as exc:
            st.error(plain(str(exc)))
            return
        pair = (other, cells), (found.experiment, found.cells)
        before, after = pair if other.created_at <= found.experiment.created_at else pair[::-1]
        _show(compare(before, after).sides, compare(before, after).changed, after[0])


def _name(experiment: Experiment) -> str:
    return f"{experiment.plan.name} · {experiment.created_at:%Y-%m-%d %H:%M} · {experiment.id[:8]}"


def _show(changes: Sequence[Change], changed: Sequence[str], after: Experiment) -> None:
    for each in changed:
        st.caption(plain(each))
    if not changes:
        st.info("The two have no side in common.", icon=":material/compare_arrows:")
    for change in changes:
        head, rest = change.verdict.halves
        st.markdown(f"**{plain(head)}** {plain(rest)}")
        counts = f"{text_of.number_of(len(change.better), 'case')} better, {len(change.worse):,} worse"
        if change.better or change.worse:
            with st.expander(plain(f"{change.name}: {counts}")):
                _flips("Pass more often now", change.better, after)
                _flips("Pass less often now", change.worse, after)


def _flips(title: str, flips: Sequence[Flip], after: Experiment) -> None:
    if not flips:
        return
    lines = [
        f"- {plain(f'{flip.after + 1} · {case_label(after, flip.after, 120)}')}: "
        f"{flip.then.passed}/{flip.then.answered} → {flip.now.passed}/{flip.now.answered}"
        for flip in flips[:MOST]
    ]
    more = f"\n- {len(flips) - MOST:,} more" if len(flips) > MOST else ""
    st.markdown(f"**{title}**\n\n" + "\n".join(lines) + more)
