"""Compare: one prompt, several models, their answers or pictures side by side, and what can be read out of them."""

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.compose.combined_run import show_gathered
from dashboard.compose.conversation import ask_next, continue_from, show_turns
from dashboard.compose.form import show_form
from dashboard.compose.keep_choice import show_kept
from dashboard.compose.open_run import make_room
from dashboard.compose.rerun import ask_more, price_of_more, show_again
from dashboard.compose.start import reopen, take_link
from dashboard.compose.unfinished import offer_missing
from dashboard.compose.uploading import offer_upload
from dashboard.decide.notice import tell_aged
from dashboard.engine import engine
from dashboard.prompt_library.saving import save_as_prompt
from dashboard.prompt_library.tried import show_tried
from dashboard.results.answers import show_answers, show_unlike
from dashboard.results.best import show_best
from dashboard.results.tabs import show_views
from dashboard.user import person
from prompts.core.combined_run import readable

core = engine()
connections = state.own_connections(core.configuration.connections)
take_link()
make_room(core)
run = reopen(core)

live = run is not None and not run.finished  # read once for the whole page: the run may end while it is drawn
old = run is not None and bool(run.combined)
with st.expander("Ask something", icon=":material/edit:", key="ask-something") if old else st.container():
    show_form(
        core, connections, run, live=live, save=save_as_prompt, tell=partial(tell_aged, core), tried=show_tried
    )  # fmt: skip
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
    # Nothing is shown below the answers before the first one has ended: growing answers would push it away.
    if not live or st.session_state.get(state.HEARD) == run.id:
        if run.draws:
            show_unlike(run)
            if not run.combined:
                offer_upload(core, run)
        elif not run.combined:
            ask_next(core, connections, run)
        show_views(run)
