"""The study behind the page: computed once, then kept in the session until something in it changes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.experiments.loaded import read
from prompts.asking.runner import Connections
from prompts.decide.gather import said
from prompts.decide.pool import Asked
from prompts.decide.study import Question, Study, study
from prompts.experiments.asked import Experiment
from providers.measuring.measure import utc_now


def studied(core: Engine, connections: Connections, question: Question, experiments: Sequence[Experiment]) -> Study:
    """Everything that is known about this question. Raises `RecordError`."""
    wanted, record = set(question.purpose.experiments), core.experiments
    asked: list[Asked] = [(each, read(record, each)) for each in experiments if each.id in wanted] if record else []
    people = said(core.archive, question.purpose) if core.archive else {}
    now = utc_now()
    key = (question, tuple(id(cells) for _, cells in asked), tuple(people.items()), now.date())
    held: tuple[object, Study] | None = st.session_state.get(state.STUDY)
    if held is None or held[0] != key:
        found = study(question, asked, people, connections, core.pricer.list_price, now)
        held = st.session_state[state.STUDY] = (key, found)
    return held[1]
