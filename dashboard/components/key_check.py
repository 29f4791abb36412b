"""The check of a connection in four steps, each shown when it is done."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.record.recorder import RecordError
from providers.check import Step
from providers.config.connections import Connection

_CHECK_S = 90.0
_SLOW = "A local model may have to be loaded first. Try again in a moment."
_MARKS = {
    True: ":green[:material/check_circle:]", False: ":red[:material/error:]", None: ":gray[:material/remove:]",
}  # fmt: skip
_STEPS = {"key": "Key", "host": "Host", "models": "Models", "answer": "Answer"}


def run_check(core: Engine, connection: Connection) -> None:
    """Each step appears when it is done; all stay while others are checked."""
    steps = list[Step]()
    with st.spinner("Checking"):
        try:
            for step in core.each(core.reach.check(connection), _CHECK_S):
                steps.append(step)
                _show_step(step)
        except RecordError as exc:  # nobody there to ask
            steps.append(Step("host", False, str(exc)))
            _show_step(steps[-1])
        except TimeoutError:
            steps.append(
                Step("answer" if len(steps) > 2 else "models", False, f"not done within {_CHECK_S:g} s", _SLOW)
            )
            _show_step(steps[-1])
    st.session_state.setdefault(state.CHECKED, {})[connection.name] = hash(connection), tuple(steps)


def show_last_check(connection: Connection) -> bool:
    """Unless it was of another key, or of another address; whether there is one."""
    checked: dict[str, tuple[int, tuple[Step, ...]]] = st.session_state.get(state.CHECKED) or {}
    of_which, steps = checked.get(connection.name, (None, ()))
    if of_which != hash(connection):
        return False
    for step in steps:
        _show_step(step)
    return True


def _show_step(step: Step) -> None:
    st.markdown(f"{_MARKS[step.ok]} **{_STEPS[step.name]}** &nbsp; {plain(step.detail)}")
    if step.next_step:
        st.caption(plain(step.next_step))
