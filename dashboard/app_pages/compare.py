"""Compare: one prompt, several models, their answers or pictures side by side, and what can be read out of them."""

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.allowance import show_allowance
from dashboard.compose.add_key import add_key
from dashboard.compose.browse import browse_button
from dashboard.compose.column_settings import show_own_settings
from dashboard.compose.combined_run import show_gathered
from dashboard.compose.conversation import ask_next, continue_from, show_turns
from dashboard.compose.drop import show_refused, take_drops
from dashboard.compose.files import attach
from dashboard.compose.keep_choice import show_kept
from dashboard.compose.more import show_more
from dashboard.compose.notices import notices
from dashboard.compose.open_run import make_room
from dashboard.compose.picker import pick
from dashboard.compose.picture_notices import picture_notices
from dashboard.compose.pictures import ask_wanted, drawn_here, is_drawing
from dashboard.compose.privacy_prompt import objections
from dashboard.compose.rerun import ask_more, price_of_more, show_again
from dashboard.compose.settings import ask_settings
from dashboard.compose.start import ask_beside, examples, reopen, start, stop_all, take_link
from dashboard.compose.unfinished import offer_missing, recall_interrupted
from dashboard.decide.notice import tell_aged
from dashboard.engine import engine
from dashboard.prompt_library.saving import save_as_prompt
from dashboard.prompt_library.tried import show_tried
from dashboard.results.answers import show_answers
from dashboard.results.best import show_best
from dashboard.results.tabs import show_views
from dashboard.user import person
from prompts.core.combined_run import readable

core = engine()
connections = state.own_connections(core.configuration.connections)
take_link()
make_room(core)
run = reopen(core)
drawing = is_drawing()
scope = state.PICTURES if drawing else ""
reachable = drawn_here(connections) if drawing else connections

live = run is not None and not run.finished  # once for all of the page: it may end while that is drawn
asking = run is None or bool(run.combined)  # else the form makes room for the answers
title = st.empty()  # a place of its own, so that the field keeps its own, and the focus
if asking:
    title.header("Let several models draw one prompt" if drawing else "Ask several models one question", anchor=False)
st.text_area(
    "Prompt", key=state.PROMPT, height=100 if asking else 68,
    placeholder="What do you want to see?" if drawing else "What do you want to know?",
    label_visibility="collapsed",
)  # fmt: skip
ideas = st.container()  # they fit what is chosen below
if run is None:
    recall_interrupted(core)
    tell_aged(core)
chosen = pick(core, reachable, compact=not asking, scope=scope)
if run is None:
    add_key(core, connections)
if run is None and not st.session_state.get(state.PROMPT):
    with ideas:
        examples(chosen)
with st.container(horizontal=True, vertical_alignment="center", key="actions"):
    st.button(
        "Run", type="primary", key="run", icon=":material/play_arrow:", shortcut="Ctrl+Enter", on_click=start,
        args=(core, connections), disabled=core.record_problem is not None,
    )  # fmt: skip
    # Always there, so that the row does not move when a run begins or ends.
    st.button(
        "Stop all", key="stop-all", icon=":material/stop:", on_click=stop_all, args=(core, run),
        disabled=not live,
    )  # fmt: skip
    ask_wanted()
    browse_button(core, reachable, scope)
    ask_settings(scope)
    if not drawing:
        attach()
    show_more(core, connections, run, save=save_as_prompt)
    take_drops()
show_allowance(core)
show_refused()
show_tried()
show_own_settings(chosen, scope)
if drawing:
    picture_notices(core, reachable, chosen)
else:
    notices(core, connections, chosen)
ask_beside(core, connections)
if run is None or not st.session_state.get(state.ASKED_BELOW):
    objections()
if run is not None and run.combined:
    show_gathered(core, run)
elif run is not None:
    show_turns(core, connections, run)
    show_again(core, connections, run)
    show_kept(run)
    offer_missing(core, connections, run)
    if not run.draws:
        show_best(
            run, person(), on_more=partial(ask_more, core, connections, run),
            price=partial(price_of_more, core, connections, run),
        )  # fmt: skip
if run is not None and not (run.combined and not readable(run)):
    show_answers(core, connections, run, live=live, on_continue=continue_from)
    # Nothing stands below the answers before the first is seen to end: they push it away when they come.
    if not live or st.session_state.get(state.HEARD) == run.id:
        if not run.combined and not run.draws:
            ask_next(core, connections, run)
        show_views(run)
