"""Choose: which model for which task, by what was measured here, what people prefer and what vendors say."""

import streamlit as st

from dashboard import state
from dashboard.decide.decisions import show_decisions
from dashboard.decide.pressed import follow, press
from dashboard.decide.probe import probes
from dashboard.decide.purpose import ask_must_haves, ask_purpose, ask_use, ask_weights
from dashboard.decide.reports import offer_report
from dashboard.decide.show import (
    show_families,
    show_frontier,
    show_ranking,
    show_second,
    show_sentences,
    show_shortlist,
)
from dashboard.decide.studied import studied
from dashboard.decide.watched import show_watched
from dashboard.engine import engine
from dashboard.markdown_escape import plain
from prompts.decide.study import Question
from prompts.record.recorder import RecordError

core = engine()
connections = state.own_connections(core.configuration.connections)
st.header("Which model for your task", anchor=False)
st.caption(
    "What was measured here, what people here prefer, and what others say of each model: every line with its source."
)
try:
    if core.archive is None or core.experiments is None:
        raise RecordError(core.record_problem or "There is no record.")
    if said := st.session_state.pop(state.CHOOSE_SAYS, None):
        st.error(plain(said), icon=":material/database_off:")
    decided = st.container()
    experiments = core.experiments.list()
    purpose = ask_purpose(experiments, core.archive.facets().experiments)
    if purpose is None:
        with decided:
            show_decisions(core)
        show_families(None)
        st.stop()
    sentences = st.container()
    with st.container(border=True, key="choose-wanted"):
        using, having = st.columns(2, gap="medium")
        with using:
            use = ask_use()
        with having:
            must = ask_must_haves()
    results, weighing = st.container(), st.container()
    with weighing:
        st.subheader("Your weights", anchor=False)
        weights = ask_weights()
    found = studied(core, connections, Question(purpose, use, must, weights), experiments)
    follow(core, found, experiments)
    with sentences:
        show_sentences(found)
    with results:
        priced = probes(core, connections, found, experiments)
        show_shortlist(found, priced, press)
        show_frontier(found)
    with weighing:
        show_ranking(found)
        show_second(found)
        show_families(found)
        offer_report(core, found)
        show_watched(core, found)
    with decided:
        show_decisions(core)
except RecordError as exc:
    st.error(plain(str(exc)), title="The record cannot be read now", icon=":material/database_off:")
