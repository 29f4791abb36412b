"""The form of Compare: prompt, models, the button Run with its options, and the notices before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.components.allowance import show_allowance
from dashboard.components.theirs import may
from dashboard.compose.add_key import add_key
from dashboard.compose.browse import browse_button
from dashboard.compose.column_settings import show_own_settings
from dashboard.compose.drop import show_refused, take_drops
from dashboard.compose.files import attach
from dashboard.compose.more import show_more
from dashboard.compose.notices import notices
from dashboard.compose.picker import pick
from dashboard.compose.picture_notices import picture_notices
from dashboard.compose.pictures import ask_wanted, drawn_here, is_drawing
from dashboard.compose.privacy_prompt import objections
from dashboard.compose.settings import ask_settings
from dashboard.compose.start import ask_beside, examples, start, stop_all
from dashboard.compose.unfinished import recall_interrupted
from dashboard.engine import Engine
from prompts.asking.runner import Connections
from prompts.asking.runs import STEER
from prompts.core.run import Run


def show_form(
    core: Engine, connections: Connections, run: Run | None, *, live: bool, save: Callable[[], None],
    tell: Callable[[], None], tried: Callable[[], None],
) -> None:  # fmt: skip
    """Everything above the answers. With a `run` (`live`: still going as the page is drawn) the form is smaller.

    Other rooms pass in the button that saves the prompt to the library (`save`), the notice of decisions that have aged
    (`tell`), and the line that says which prompt of the library is being tried (`tried`).
    """
    drawing = is_drawing()
    scope = state.PICTURES if drawing else ""
    reachable = drawn_here(connections) if drawing else connections
    _ask_prompt(drawing, asking=run is None)
    ideas = st.container()  # filled later: the examples depend on the models chosen below
    if run is None:
        recall_interrupted(core)
        tell()
    chosen = pick(core, reachable, compact=run is not None, scope=scope)
    if run is None:
        add_key(core, connections, drawing=drawing)
    if run is None and not st.session_state.get(state.PROMPT):
        with ideas:
            examples(chosen)
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        _buttons(core, connections, run, live=live)
        ask_wanted()
        browse_button(core, reachable, scope)
        ask_settings(scope)
        if not drawing:
            attach()
        show_more(core, connections, run, save=save)
        take_drops()
    show_allowance(core)
    show_refused()
    tried()
    show_own_settings(chosen, scope)
    if drawing:
        picture_notices(core, reachable, chosen)
    else:
        notices(core, connections, chosen)
    ask_beside(core, connections)
    if run is None or not st.session_state.get(state.ASKED_BELOW):
        objections()


def _ask_prompt(drawing: bool, *, asking: bool) -> None:
    """The field for the prompt, with a title as long as nothing was asked (`asking`); later answers need the room."""
    title = st.empty()  # always there, so that the field keeps its position in the page, and so the focus
    if asking:
        said = "Let several models draw one prompt" if drawing else "Ask several models one question"
        title.header(said, anchor=False)
    st.text_area(
        "Prompt", key=state.PROMPT, height=100 if asking else 68,
        placeholder="What do you want to see?" if drawing else "What do you want to know?",
        label_visibility="collapsed",
    )  # fmt: skip


def _buttons(core: Engine, connections: Connections, run: Run | None, *, live: bool) -> None:
    # Ctrl+Enter in a dialog's field finishes typing there; it must not also run the prompt behind the dialog.
    marking = st.session_state.get(state.MARKING)
    noting = run is not None and any(answer.id == marking for answer in run.answers)
    st.button(
        "Run", type="primary", key="run", icon=":material/play_arrow:", shortcut="Ctrl+Enter", on_click=start,
        args=(core, connections), disabled=core.record_problem is not None or noting,
    )  # fmt: skip
    # Always shown, so that the row does not move when a run begins or ends.
    st.button(
        "Stop all", key="stop-all", icon=":material/stop:", on_click=stop_all, args=(core, run),
        disabled=not live or run is None or not may(STEER, run.person),
    )  # fmt: skip
