"""The study behind the page: read and reckoned once, then held by the session until something in it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.experiments.loaded import read
from prompts.analysis.ratings import Ratings
from prompts.asking.runner import Connections
from prompts.core.run_summaries import Filter
from prompts.decide.pool import Asked
from prompts.decide.study import Question, Study, study
from prompts.experiments.asked import Experiment
from providers.measuring.measure import utc_now


def studied(core: Engine, connections: Connections, question: Question, experiments: Sequence[Experiment]) -> Study:
    """Everything that is known for this question. Raises `RecordError`."""
    wanted, record = set(question.purpose.experiments), core.experiments
    asked: list[Asked] = [(each, read(record, each)) for each in experiments if each.id in wanted] if record else []
    rated = _rated(core, question)
    now = utc_now()
    key = (question, tuple(id(cells) for _, cells in asked), tuple(sorted(rated)), now.date())
    held: tuple[object, Study] | None = st.session_state.get(state.STUDY)
    if held is None or held[0] != key:
        found = study(question, asked, rated, connections, core.pricer.list_price, now)
        held = st.session_state[state.STUDY] = (key, found)
    return held[1]


def _rated(core: Engine, question: Question) -> Mapping[str, Ratings]:
    """What people said: under the collection where the task is one, of all runs else."""
    if core.archive is None:
        return {}
    collection = question.purpose.collection
    return core.archive.ratings(Filter(experiment=collection) if collection else Filter())
