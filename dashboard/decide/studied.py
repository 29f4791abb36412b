"""The study behind the page: read and reckoned once, then held by the session until something in it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.experiments.loaded import read
from prompts.asking.runner import Connections
from prompts.core.run_summaries import Filter
from prompts.decide.people import People, people
from prompts.decide.pool import Asked
from prompts.decide.study import Question, Study, study
from prompts.experiments.asked import Experiment
from prompts.votes.vote_store import Wanted
from prompts.votes.vote_store import read as read_votes
from prompts.votes.votes import Vote
from providers.measuring.measure import utc_now


def studied(core: Engine, connections: Connections, question: Question, experiments: Sequence[Experiment]) -> Study:
    """Everything that is known for this question. Raises `RecordError`."""
    wanted, record = set(question.purpose.experiments), core.experiments
    asked: list[Asked] = [(each, read(record, each)) for each in experiments if each.id in wanted] if record else []
    said, as_of = _said(core, question)
    now = utc_now()
    key = (question, tuple(id(cells) for _, cells in asked), as_of, now.date())
    held: tuple[object, Study] | None = st.session_state.get(state.STUDY)
    if held is None or held[0] != key:
        found = study(question, asked, said, connections, core.pricer.list_price, now)
        held = st.session_state[state.STUDY] = (key, found)
    return held[1]


def _said(core: Engine, question: Question) -> tuple[Mapping[str, People], object]:
    """What people said: under the collection where the task is one, of all runs else; and by what it is told apart."""
    archive, purpose = core.archive, question.purpose
    if archive is None:
        return {}, None
    rated = archive.ratings(Filter(experiment=purpose.collection) if purpose.collection else Filter())
    wanted = [
        Wanted(task=purpose.name),
        *(Wanted(origin=id) for id in (*purpose.experiments, purpose.collection) if id),
    ]
    votes: dict[str, Vote] = {}
    for each in wanted if purpose.name else ():
        votes |= {vote.id: vote for vote in archive.read(lambda c, each=each: read_votes(c, each))}
    return people(rated, list(votes.values())), (tuple(votes), tuple(rated.items()))
