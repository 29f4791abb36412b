"""Options that are rarely needed, behind one button: repeats, local only, what is saved, sets of models, sharing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.compose.keep_choice import ask_keeping, chosen, short
from dashboard.compose.pictures import is_drawing
from dashboard.compose.repeats import ask_manner
from dashboard.compose.sets import show_sets
from dashboard.compose.share import share
from dashboard.engine import Engine
from prompts.asking.runner import Connections
from prompts.core.run import Run


def show_more(core: Engine, connections: Connections, run: Run | None, *, save: Callable[[], None]) -> None:
    """The popover; its label names what is not at its default. `save` shows the button that saves the prompt."""
    with st.popover(": ".join(filter(None, ("More", _unusual(core)))), icon=":material/more_horiz:", key="more"):
        ask_manner()
        ask_keeping(core)
        if not is_drawing():  # these are about texts and their models
            save()
            _experiment(run)
            with st.expander("Sets of models", icon=":material/bookmark:", key="sets"):
                show_sets(core, connections)
        with st.expander("Share", icon=":material/share:", key="share"):
            share(core, connections, run)


def _experiment(run: Run | None) -> None:
    """A button that makes a draft of an experiment from the run's prompt and models, where cases can be added."""
    if st.button(
        "Make an experiment", key="make-experiment", icon=":material/experiment:", type="tertiary",
        disabled=run is None or not run.finished or run.textless or bool(run.combined),
        help="Opens this prompt and these models as a draft: add cases and checks, or ask it as it is and watch it for "
        "drift. Nothing is sent yet.",
    ) and run is not None:  # fmt: skip
        st.session_state[state.CASES_OF] = (run.id,)
        st.switch_page("app_pages/experiments.py")


def _unusual(core: Engine) -> str:
    get = st.session_state.get
    repeats, keeps = int(get(state.REPEATS) or 1), chosen(core)
    said = [
        f"ask {repeats} times" if repeats > 1 else "", "fair race" if get(state.FAIR) and not is_drawing() else "",
        "local only" if get(state.LOCAL_ONLY) else "", short(keeps) if keeps != "everything" else "",
    ]  # fmt: skip
    return ", ".join(filter(None, said))
