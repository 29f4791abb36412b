"""The row above the answers of a run: run it again, edit and run again, and links to related runs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.time_zone import time_zone
from dashboard.compose.conversation import edit_turn, in_conversation, send
from dashboard.compose.forecasts import outlook_of
from dashboard.compose.notices import obstacles
from dashboard.compose.open_run import open_kin, way_back
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.conversation import asked_again, asked_more
from prompts.core.plan import Relation
from prompts.core.run import Run
from prompts.core.targets import UPLOADED
from prompts.history.lineage import Asking
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

_LONGEST = 60  # characters of a prompt
_FROM: dict[Relation, str] = {"again": "Earlier run", "edits": "Edited from", "continues": "Continues"}
_TO: dict[Relation, str] = {"again": "Later run", "edits": "Edited version", "continues": "Continued"}


def show_again(core: Engine, connections: Connections, run: Run) -> None:
    """Show the row.

    It is there while the run is still going, so that nothing moves when the last answer ends.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="again"):
        way_back()
        st.header("Pictures" if run.draws else "Answers", anchor=False, width="content")
        st.button(
            "Run again", key="ask-again", icon=":material/replay:", on_click=_ask_again, args=(core, connections, run),
            disabled=not run.finished or run.textless, help=plain(_help(core, connections, run)),
        )  # fmt: skip
        if not in_conversation(run):
            edit_turn(core, connections, run)
        st.caption(
            plain(f"Asked {text_of.ago(run.created_at, utc_now(), time_zone())}{_what(run)}"),
            help=plain(text_of.exactly(run.created_at, time_zone())),
            width="content",
        )
        if run.link is not None and run.link.relation != "continues":
            _parent(core, run, run.link.relation, run.link.run_id)
        if run.finished:
            _children(core, run)
    if run.finished and (doubts := _doubts(connections, run)):
        st.caption("  \n".join(map(plain, doubts)))


def _ask_again(core: Engine, connections: Connections, run: Run, *, certain: bool = False) -> None:
    st.session_state[state.ASKED_BELOW] = False
    again = partial(_ask_again, core, connections, run, certain=True)
    send(core, connections, lambda: asked_again(run), None if certain else again)


def ask_more(core: Engine, connections: Connections, run: Run, repeats: int, *, certain: bool = False) -> None:
    """Start the same run again, each model asked `repeats` times."""
    st.session_state[state.ASKED_BELOW] = False
    again = partial(ask_more, core, connections, run, repeats, certain=True)
    send(core, connections, lambda: asked_more(run, repeats), None if certain else again)


def price_of_more(core: Engine, connections: Connections, run: Run, repeats: int) -> str:
    """How many calls `ask_more` would make and what they may cost; empty if that cannot be known."""
    if any(cell.target.provider not in connections for cell in run.cells) or run.textless:
        return ""
    plan = asked_more(run, repeats)
    return f"{text_of.number_of(len(plan.cells), 'call')}, {outlook_of(core, connections, plan).money}."


def _what(run: Run) -> str:
    """The prompt, if the field above holds something else and no list of turns shows it; otherwise empty."""
    prompt = " ".join(run.prompt.split())
    if not prompt or in_conversation(run) or st.session_state.get(state.PROMPT) == run.prompt:
        return ""
    return f": “{prompt if len(prompt) <= _LONGEST else prompt[:_LONGEST].rstrip() + '…'}”"


def _doubts(connections: Connections, run: Run) -> list[str]:
    """What is in the way of running it again; empty if the notices above cover the same models already."""
    targets = list(dict.fromkeys(each.target for each in run.answers if each.target.provider != UPLOADED))
    if {str(target) for target in targets} <= set(st.session_state.get(state.TARGETS) or ()):
        return []
    gone = sorted({target.provider for target in targets} - set(connections))
    known = [target for target in targets if target.provider in connections]
    return [f"To run this again: {name!r} is no longer set up as a provider." for name in gone] + [
        f"To run this again: {obstacle}" for obstacle in obstacles(connections, known)
    ]


def _help(core: Engine, connections: Connections, run: Run) -> str:
    """The tooltip of Run again: what will be sent, and what it may cost."""
    if run.textless:
        return "The text of this run was not saved: what was asked is not known any more."
    parts = ["The same request once more, compared with this run."]
    if run.finished and all(answer.target.provider in connections for answer in run.answers):
        calls = text_of.number_of(len(run.answers), "call")
        parts.append(f"{calls}, {outlook_of(core, connections, run).money}.")
    return " ".join(parts)


def _parent(core: Engine, run: Run, relation: Relation, run_id: str) -> None:
    try:
        parent = core.find(run_id)
    except RecordError:
        return  # the page says so already
    if parent is None:
        st.caption(f"{_FROM[relation]} a run that is no longer on record.")
        return
    _link(run, f"{_FROM[relation]} {_when(Asking(parent.id, parent.created_at))}", run_id, "parent")


def _children(core: Engine, run: Run) -> None:
    try:
        found = core.archive.children(run.id) if core.archive else ()
    except RecordError:
        return
    for child in found:
        _link(run, f"{_TO[child.relation or 'again']} {_when(child)}", child.run_id, f"child-{child.run_id}")


def _link(run: Run, label: str, run_id: str, key: str) -> None:
    st.button(
        plain(label), key=f"kin-{key}", type="tertiary", icon=":material/link:", on_click=open_kin, args=(run, run_id)
    )


def _when(asking: Asking) -> str:
    return text_of.moment(asking.created_at, utc_now(), time_zone())
