"""Block 3 of the builder: models, their settings, repeats, and whether only local models may be asked."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.compose.browse import browse_button
from dashboard.compose.column_settings import show_own_settings
from dashboard.compose.forecasts import listed
from dashboard.compose.notices import adjustments, obstacles
from dashboard.compose.picker import parse, pick
from dashboard.compose.pictures import ask_wanted, drawn_here, is_drawing
from dashboard.compose.settings import ask_settings
from dashboard.engine import Engine
from dashboard.experiments import fields
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.targets import TargetError
from prompts.experiments.drawing import unseeing
from prompts.experiments.judge import targets as judges
from prompts.experiments.plan import Plan

MOST_REPEATS = 100


def ask_models(core: Engine, connections: Connections) -> None:
    """The picker and settings of Compare, with a choice that belongs to this page."""
    ask_wanted(state.EXPERIMENT)
    scope, drawing = fields.scope(), is_drawing(state.EXPERIMENT)
    reachable = drawn_here(connections) if drawing else connections
    if drawing:
        st.session_state[state.LOCAL_ONLY + scope] = bool(st.session_state.get(fields.LOCAL_ONLY))
    chosen = pick(core, reachable, compact=True, scope=scope)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        browse_button(core, reachable, scope)
        ask_settings(scope)
        st.session_state.setdefault(fields.REPEATS, 1)
        st.number_input(
            "Repeats", 1, MOST_REPEATS, key=fields.REPEATS, width=140,
            help="How often each case is asked of each model. For the same money, new cases tell more than repeats; "
            "repeats show how steady an answer is.",
        )  # fmt: skip
        st.toggle(
            "Local only",
            key=fields.LOCAL_ONLY,
            help="Only models on this computer or network can be asked; others are refused before anything leaves.",
        )
        repeats = int(st.session_state[fields.REPEATS])
        st.toggle(
            "Take from the record", key=fields.FROM_RECORD, disabled=repeats > 1,
            help="Reuses a recorded answer to the identical request: dated, marked, at no cost and left out of all "
            "times. Not with repeats: those are always asked.",
        )  # fmt: skip
    show_own_settings(chosen, scope)
    _say(core, reachable, chosen)


def _say(core: Engine, connections: Connections, chosen: list[str]) -> None:
    try:
        targets = parse(chosen, connections, fields.scope())
    except TargetError as exc:
        st.warning(plain(str(exc)))
        return
    said = [*obstacles(connections, targets), *adjustments(core, connections, targets)[0]]
    if st.session_state.get(fields.LOCAL_ONLY):
        said += not_local(connections, [str(target) for target in targets])
    if said:
        st.caption("  \n".join(f":material/warning: {plain(each)}" for each in said))


def unseeing_judges(core: Engine, connections: Connections, plan: Plan) -> list[str]:
    """A sentence for each judge of pictures that cannot see pictures, according to its own server."""
    asked = [judge for judge in judges(plan) if plan.draws and judge.provider in connections]
    told = {str(judge): listed(core, connections[judge.provider], judge.model) for judge in asked}
    able = {name: info.capabilities for name, info in told.items() if info and info.capabilities is not None}
    return unseeing(plan.checks, able) if able else []


def not_local(connections: Connections, targets: list[str]) -> list[str]:
    """A sentence for each target that “Local only” forbids."""
    return [
        f"{text} is not on this computer or network: with “Local only” it cannot be asked."
        for text in dict.fromkeys(targets)
        if not connections[text.partition(":")[0]].stays_local(text.partition(":")[2])
    ]
