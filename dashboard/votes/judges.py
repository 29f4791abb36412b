"""For votes on an experiment's answers: whether its judging models prefer the same answers as people."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.experiments.judge_votes import against_votes
from prompts.votes.votes import Ballot, Vote


def show_judges(core: Engine, ballot: Ballot, votes: Sequence[Vote]) -> None:
    """A sentence for each judge; nothing if there is none. Raises `RecordError`."""
    if ballot.origin.kind != "experiment" or ballot.origin.id is None or core.experiments is None:
        return
    experiment = core.experiments.find(ballot.origin.id)
    if experiment is None:
        return
    for each in against_votes(experiment.plan, core.experiments.cells(experiment.id), votes):
        st.caption(plain(each.sentence))
    st.page_link(
        "app_pages/experiments.py", label=plain(f"To the experiment {experiment.plan.name}"),
        icon=":material/science:", query_params={"experiment": experiment.id},
    )  # fmt: skip
