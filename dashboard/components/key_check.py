"""The check of a connection in four steps, each shown when it is done."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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
    """Check a connection, showing each step when it is done; `show_last_check` shows the result from then on."""
    place = st.empty()  # holds one element: a container would keep what is left of a longer text
    with st.spinner("Checking"):
        steps = _checked(core, connection, place)
    st.session_state.setdefault(state.CHECKED, {})[connection.name] = hash(connection), steps
    place.markdown(_said(steps))


def _checked(core: Engine, connection: Connection, place: DeltaGenerator) -> tuple[Step, ...]:
    steps = list[Step]()
    try:
        for step in core.each(core.reach.check(connection), _CHECK_S):
            steps.append(step)
            place.markdown("\n\n".join(map(_line, steps)))
    except RecordError as exc:  # the asking process cannot be reached
        steps.append(Step("host", False, str(exc)))
    except TimeoutError:
        late = "answer" if len(steps) > 2 else "models"
        steps.append(Step(late, False, f"not done within {_CHECK_S:g} s", _SLOW))
    return tuple(steps)


def show_last_check(connection: Connection) -> bool:
    """Show the result of the last check, unless it was of another key or address; returns whether it was shown."""
    checked: dict[str, tuple[int, tuple[Step, ...]]] = st.session_state.get(state.CHECKED) or {}
    of_which, steps = checked.get(connection.name, (None, ()))
    if of_which != hash(connection):
        return False
    st.markdown(_said(steps))
    return True


def _said(steps: Sequence[Step]) -> str:
    """One line if all went well, otherwise every step."""
    if steps and all(step.ok for step in steps):
        return f"{_MARKS[True]} **Works** &nbsp; {plain(steps[-1].detail)}"
    return "\n\n".join(map(_line, steps))


def _line(step: Step) -> str:
    said = f"{_MARKS[step.ok]} **{_STEPS[step.name]}** &nbsp; {plain(step.detail)}"
    return f"{said}  \n:gray[{plain(step.next_step)}]" if step.next_step else said
