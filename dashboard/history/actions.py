"""The actions on ticked runs: open, compare, run again, tag, export, delete and so on, and undoing the last one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.components.progress import deleted_of, progress
from dashboard.components.theirs import may, theirs
from dashboard.compose.combined_run import compare_runs
from dashboard.engine import Engine
from dashboard.history.exporting import export_button
from dashboard.history.list import read_again
from dashboard.history.rerun_many import again_button
from dashboard.history.two_runs import differ_button
from dashboard.markdown_escape import plain
from dashboard.prompt_library.saving import save_run_as_prompt
from dashboard.user import actor, person
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.run_summaries import Facets, RunLine
from prompts.history.archive import Archive
from prompts.history.collections import LONGEST_NAME
from prompts.record.deletion import told
from prompts.record.recorder import RecordError
from prompts.record.rights import Act
from prompts.votes.ballots import Source
from prompts.votes.votes import Origin

DELETE: Act = "delete a run"
NONE = ""
"""The choice "none" in the list of experiments."""


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of the last action, and how to undo it (`None`: it cannot be undone)."""

    said: str
    well: bool = True
    undo: Callable[[], None] | None = None


# On a phone several rows of buttons would hide the list in which runs are ticked.
_ONE_ROW = """@media (max-width: 640px) {
  .st-key-history-actions { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-history-actions > * { flex: none; }
}"""


def show_actions(
    core: Engine, connections: Connections, archive: Archive, facets: Facets, ticked: Sequence[RunLine]
) -> None:
    """A bar at the bottom while runs are ticked, and above it how the last action went."""
    done: Done | None = st.session_state.get(state.HISTORY_DONE)
    if not ticked and done is None:
        return
    with st.bottom:
        _show_done(done)
        if ticked:
            _bar(core, connections, archive, facets, ticked)


def _bar(core: Engine, connections: Connections, archive: Archive, facets: Facets, ticked: Sequence[RunLine]) -> None:
    ids = [line.id for line in ticked]
    st.html(f"<style>{_ONE_ROW}</style>")
    with st.container(horizontal=True, vertical_alignment="center", key="history-actions"):
        st.markdown(f"**{text_of.number_of(len(ids), 'run')} selected**", width="content")
        if len(ids) == 1:
            st.page_link(
                "app_pages/compare.py", label="Open", icon=":material/open_in_full:", query_params={"run": ids[0]}
            )
        elif st.button(
            "Compare", key="history-compare", icon=":material/compare_arrows:", type="primary",
            help="Puts all their answers side by side. Nothing is asked again.",
        ):  # fmt: skip
            compare_runs(ids)
        if len(ids) == 2:
            differ_button(core, ids)
        again_button(core, connections, ids, lambda said, well: _say(Done(said, well)))
        with st.popover("Tag", icon=":material/label:", key="history-tag"):
            _ask_tags(core, archive, facets, ids)
        with st.popover("Collection", icon=":material/folder:", key="history-experiment"):
            _ask_experiment(archive, facets, ids)
        if st.button(
            "Make cases", key="history-cases", icon=":material/experiment:",
            help="Starts an experiment whose cases are these prompts, with the answers that were rated best, over the "
            "models that answered all of them.",
        ):  # fmt: skip
            st.session_state[state.CASES_OF] = tuple(ids)
            st.switch_page("app_pages/experiments.py")
        if st.button(
            "Vote blind", key="history-vote", icon=":material/how_to_vote:",
            help="Shows these answers two at a time without names, and people say which is better. Costs nothing.",
        ):  # fmt: skip
            st.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", tuple(ids))
            st.switch_page("app_pages/vote.py")
        if len(ids) == 1:
            save_run_as_prompt(lambda: core.find(ids[0]), lambda said: _say(Done(said, well=False)))
        export_button(core, runs=ids, key="export-selected")
        _offer_to_delete(archive, ticked)


def _offer_to_delete(archive: Archive, ticked: Sequence[RunLine]) -> None:
    own = [line for line in ticked if may(DELETE, line.person)]
    if not own:
        theirs(DELETE, ticked[0].person)
    elif st.button("Delete", key="history-delete", icon=":material/delete:"):
        _confirm_delete(archive, own, len(ticked) - len(own))


def _show_done(done: Done | None) -> None:
    if done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="history-done"):
        icon = ":material/check:" if done.well else ":material/error:"
        st.markdown(f"{icon} {plain(done.said)}", width="content")
        if done.undo is not None:
            st.button("Undo", key="history-undo", type="tertiary", icon=":material/undo:", on_click=_undo, args=(done,))
        st.button("Dismiss", key="history-dismiss", type="tertiary", on_click=_say, args=(None,))


def _ask_tags(core: Engine, archive: Archive, facets: Facets, ids: Sequence[str]) -> None:
    # Side by side, because the open list of choices would cover a button below it.
    with st.container(horizontal=True, vertical_alignment="bottom", width=420):
        st.multiselect(
            "Tags", facets.tags, key=state.HISTORY_TAGS, accept_new_options=True, placeholder="Choose or write",
            select_all=False, help="Each answer of the selected runs gets them. Everybody shares tags.",
        )  # fmt: skip
        names: list[str] = st.session_state.get(state.HISTORY_TAGS) or []
        st.button("Add", key="history-add-tags", disabled=not names, on_click=_tag, args=(core, archive, ids))


def _ask_experiment(archive: Archive, facets: Facets, ids: Sequence[str]) -> None:
    names = [NONE, *dict.fromkeys(name for _, name in facets.experiments)]
    with st.container(horizontal=True, vertical_alignment="bottom", width=420):
        chosen = st.selectbox(
            "Collection", names, index=None, key=state.HISTORY_UNDER, accept_new_options=True,
            placeholder="Choose or write a name", format_func=lambda name: plain(name) if name else "none",
            help=f"Groups runs under a name of your choice, of at most {LONGEST_NAME} characters. "
            "A run is in one collection at most.",
        )  # fmt: skip
        st.button("Apply", key="history-put", disabled=chosen is None, on_click=_put, args=(archive, ids))


@st.dialog("Delete for good?", icon=":material/delete:")
def _confirm_delete(archive: Archive, ticked: Sequence[RunLine], others: int) -> None:
    answers = sum(line.completions for line in ticked)
    st.markdown(
        f"**{text_of.number_of(len(ticked), 'run')} with {text_of.number_of(answers, 'answer')}** will be deleted: "
        "prompts, answers, figures, costs, ratings, notes, tags, and files that no other run uses."
    )
    for line in ticked[:3]:
        st.caption(plain(line.prompt[:120] or "A run whose text was not saved"))
    if len(ticked) > 3:
        st.caption(f"and {len(ticked) - 3:,} more")
    if others:
        stay = "is another person’s and stays" if others == 1 else "are other people’s and stay"
        st.caption(f"{others:,} of those selected {stay}.")
    st.markdown("This cannot be undone. Export them first if you may want them back.")
    with st.container(horizontal=True, key="history-delete-choice"):
        if st.button("Delete", type="primary", key="history-delete-now"):
            _delete(archive, [line.id for line in ticked])
            st.rerun()
        if st.button("Cancel", key="history-delete-not"):
            st.rerun()


def _tag(core: Engine, archive: Archive, ids: Sequence[str]) -> None:
    names: list[str] = st.session_state.get(state.HISTORY_TAGS) or []
    try:
        answers = archive.answers_of(ids)
        before = archive.marks(answers)
        archive.tag(answers, names, person())
        after = archive.marks(answers)
        core.read_marks(ids)
    except (RecordError, ValueError) as exc:
        _say(Done(str(exc), well=False))
        return
    st.session_state[state.HISTORY_TAGS] = []
    gained: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        for name in set(after[answer][1]) - set(before[answer][1]):
            gained[name].append(answer)

    def undo() -> None:
        for name, those in gained.items():
            archive.untag(those, [name])
        core.read_marks(ids)

    many = text_of.number_of(len(ids), "run")
    if gained:
        _say(Done(f"{many} tagged {', '.join(sorted(gained))}.", undo=undo))
    else:
        _say(Done("Nothing changed: every answer had these tags."))


def _put(archive: Archive, ids: Sequence[str]) -> None:
    name: str | None = st.session_state.get(state.HISTORY_UNDER)
    if name is None:
        return
    try:
        before = archive.put_under(ids, archive.experiment(name, person()) if name else None)
    except (RecordError, ValueError) as exc:
        _say(Done(str(exc), well=False))
        return
    st.session_state[state.HISTORY_UNDER] = None

    def undo() -> None:
        _put_back(archive, before)

    many = text_of.number_of(len(before), "run")
    _say(Done(f"{many} put into the collection “{name}”." if name else f"{many} taken out of collections.", undo=undo))


def _put_back(archive: Archive, before: Mapping[str, str | None]) -> None:
    for experiment in set(before.values()):
        archive.put_under([run_id for run_id, old in before.items() if old == experiment], experiment)


def _delete(archive: Archive, ids: Sequence[str]) -> None:
    try:
        with progress(deleted_of(len(ids)), len(ids)) as watch:
            gone = archive.delete(ids, watch, by=actor())
    except RecordError as exc:
        _say(Done(str(exc), well=False))
        return
    _say(Done(told(gone), well=gone.runs > 0))


def _undo(done: Done) -> None:
    try:
        if done.undo is not None:
            done.undo()
    except (RecordError, ValueError) as exc:
        _say(Done(str(exc), well=False, undo=done.undo))
        return
    _say(Done("Undone."))


def _say(done: Done | None) -> None:
    st.session_state[state.HISTORY_DONE] = done
    read_again()
