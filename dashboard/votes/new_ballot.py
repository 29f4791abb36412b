"""The form for a new ballot: name, task, which models take part, and when the names are revealed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import person
from dashboard.votes.address import go_to
from prompts.core import format as text_of
from prompts.core.printable import visible
from prompts.core.run_summaries import Filter
from prompts.exchange.exporting import batches
from prompts.exchange.formats import Selection
from prompts.experiments.asked import Experiment
from prompts.experiments.ballot import candidates
from prompts.record.recorder import RecordError
from prompts.votes import answers
from prompts.votes.ballots import FINALISTS, LONGEST_NAME, About, Candidate, Source, made, why_not
from prompts.votes.on_record import Votes, new_id
from prompts.votes.ranking import ranking
from prompts.votes.votes import Reveal, VoteError
from providers.measuring.measure import utc_now

_NAME, _TASK, _AMONG, _REVEAL = "ballot-name", "ballot-task", "ballot-among", "ballot-reveal"
_REVEALS: dict[Reveal, str] = {"end": "At the end, all at once", "each": "After a vote, when I ask for it"}


def show_new(core: Engine, store: Votes) -> None:
    """The form, for the answers that were chosen. Raises `RecordError`."""
    source: Source = st.session_state[state.BALLOT_OF]
    experiment = _experiment(core, source)
    found = _candidates(core, store, source, experiment)
    names = list(dict.fromkeys(each.name for each in found))
    st.header("A new ballot", anchor=False)
    if (problem := why_not(found)) is not None:
        _show_why_not(problem, experiment)
        return
    of = f" of {plain(source.name)}" if source.name else ""
    asked = text_of.number_of(len({each.case for each in found}), "prompt")
    st.markdown(
        f"{text_of.number_of(len(found), 'answer')}{of}, to {asked}, on record already: voting on them costs nothing.",
        help="Answers that a vendor's content filter withheld or replaced take no part: they are not the model's own.",
    )
    if _runs(experiment):
        st.caption("The experiment is still running: later answers will not be on this ballot.")
    if (problem := st.session_state.get(state.BALLOT_SAYS)) is not None:
        st.error(plain(problem), icon=":material/error:")
    st.text_input("Name", source.name or "Answers from History", key=_NAME, max_chars=LONGEST_NAME, width=480)
    st.text_input(
        "Task", source.name or "Answers from History", key=_TASK, max_chars=LONGEST_NAME, width=480,
        help="What the answers are for, such as Support mail. Rankings are made for each task, and ballots of the same "
        "task count together.",
    )  # fmt: skip
    if _AMONG not in st.session_state or st.session_state.get(state.BALLOT_OFFERED) != names:
        # While an experiment is running, more models may have answered since the form was last drawn.
        st.session_state[state.BALLOT_OFFERED], st.session_state[_AMONG] = names, _finalists(store, found, names)
    st.multiselect(
        "Who takes part", names, key=_AMONG, format_func=visible, help="Voters never see this list before the end."
    )
    chosen = st.session_state.get(_AMONG) or ()
    if (problem := why_not(found, chosen)) is not None:
        st.caption(f":material/warning: {problem}")
    if len(chosen) > FINALISTS:
        st.caption("With two or three models, few votes often decide; with more, most ballots end without a verdict.")
    st.radio("When the names are shown", list(_REVEALS), key=_REVEAL, format_func=_REVEALS.__getitem__, horizontal=True)
    with st.container(horizontal=True):
        st.button(
            "Make the ballot", type="primary", key="ballot-make", on_click=_make, args=(store, source, found),
            disabled=problem is not None,
        )  # fmt: skip
        st.button("Cancel", key="ballot-cancel", on_click=go_to, args=(None,))


def _show_why_not(problem: str, experiment: Experiment | None) -> None:
    """Why there is no form, and where other answers are."""
    st.info(problem, icon=":material/how_to_vote:")
    if _runs(experiment):
        st.caption("The experiment is still running: come back when another model has answered.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All ballots", key="ballot-cancel", on_click=go_to, args=(None,))
        st.page_link("app_pages/history.py", label="Choose runs in History", icon=":material/history:")


def _runs(experiment: Experiment | None) -> bool:
    return experiment is not None and experiment.stage == "running"


def _experiment(core: Engine, source: Source) -> Experiment | None:
    """The experiment that the answers belong to; `None` if to none. Raises `RecordError`."""
    if source.origin.kind != "experiment" or source.origin.id is None:
        return None
    found = core.experiments.find(source.origin.id) if core.experiments is not None else None
    if found is None:
        raise RecordError("This experiment is no longer on record.")
    return found


def _candidates(core: Engine, store: Votes, source: Source, experiment: Experiment | None) -> list[Candidate]:
    if experiment is not None and core.experiments is not None:
        return candidates(experiment, core.experiments.cells(experiment.id))
    origin = source.origin
    selection = Selection(source.runs) if origin.kind == "runs" else Selection(filter=Filter(experiment=origin.id))
    ids = [id for several in batches(store.archive, selection) for id in several]
    return store.archive.read(lambda c: answers.of_runs(c, ids))


def _finalists(store: Votes, found: Sequence[Candidate], names: Sequence[str]) -> list[str]:
    """The preselection, at most `FINALISTS`: those that people have preferred so far, then in the given order."""
    if len(names) <= FINALISTS:
        return list(names)
    targets = {each.name: each.target for each in found}
    places = [each.target for each in ranking(store.votes(), by="model", among=sorted(set(targets.values()))).standings]
    return sorted(names, key=lambda name: (places.index(targets[name]), names.index(name)))[:FINALISTS]


def _make(store: Votes, source: Source, found: Sequence[Candidate]) -> None:
    says = st.session_state
    about = About(
        new_id(), utc_now(), says.get(_NAME) or "", says.get(_TASK) or "", person(), source.origin,
        says.get(_REVEAL) or "end",
    )  # fmt: skip
    try:
        ballot = made(about, found, says.get(_AMONG) or ())
        store.add(ballot)
    except (VoteError, RecordError) as exc:
        st.session_state[state.BALLOT_SAYS] = str(exc)
        return
    go_to(ballot.id)
