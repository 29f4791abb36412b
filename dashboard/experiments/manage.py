"""The popover "More" of an experiment: rename, watch for drift, delete."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.components.theirs import may
from dashboard.experiments.address import go_to
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.experiments.asked import Experiment
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import PlanError
from prompts.record.recorder import RecordError
from prompts.record.rights import Act

CHANGE: Act = "change an experiment"
COPY = "Duplicate it to continue with a copy of your own."
_NAME = "experiment-new-name-"
_MORE = "experiment-more"


def show_more(asked: Experiments, experiment: Experiment, watch: Callable[[Experiment], None]) -> None:
    """The popover; `watch` draws the fields by which the experiment is asked again from time to time."""
    key, mine = f"{_NAME}{experiment.id}", may(CHANGE, experiment.person)
    if not mine and experiment.stage != "finished":
        return
    with st.popover("More", icon=":material/more_horiz:", key=_MORE, on_change="rerun"):
        if mine:
            _ask_name(asked, experiment, key)
        if experiment.stage == "finished":
            watch(experiment)
        if mine and st.button("Delete", key="experiment-delete", icon=":material/delete:", on_click=_close):
            _confirm(asked, experiment)


def _ask_name(asked: Experiments, experiment: Experiment, key: str) -> None:
    st.session_state.setdefault(key, experiment.plan.name)
    with st.container(horizontal=True, vertical_alignment="bottom", width=420):
        st.text_input("Name", key=key, max_chars=120)
        st.button("Rename", key="experiment-rename", on_click=_rename, args=(asked, experiment.id))


def _close() -> None:
    """Close the popover, which would cover the dialog."""
    st.session_state[_MORE] = False


def _rename(asked: Experiments, experiment_id: str) -> None:
    try:
        asked.rename(experiment_id, str(st.session_state[f"{_NAME}{experiment_id}"]).strip(), by=actor())
        st.session_state[state.EXPERIMENT_SAYS] = None
    except (RecordError, PlanError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _delete(asked: Experiments, experiment_id: str) -> None:
    try:
        asked.delete(experiment_id, by=actor())
        go_to(None)
    except RecordError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


@st.dialog("Delete for good?", icon=":material/delete:")
def _confirm(asked: Experiments, experiment: Experiment) -> None:
    answers = text_of.number_of(sum(experiment.counts.values()), "answer")
    st.markdown(
        f"**{plain(experiment.plan.name)}** with {answers} will be deleted: prompts, answers, figures, costs and "
        "ratings."
    )
    st.markdown("This cannot be undone. Save the plan as a file, or export the runs, if you may want them back.")
    with st.container(horizontal=True):
        if st.button(
            "Delete", type="primary", key="experiment-delete-now", on_click=_delete, args=(asked, experiment.id)
        ):
            st.rerun()
        if st.button("Cancel", key="experiment-delete-not"):
            st.rerun()
