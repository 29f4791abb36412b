"""Running several recorded runs again from the list: the dialog shows the forecast, then all start at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.compose.conversation import begin
from dashboard.compose.forecasts import outlook_of
from dashboard.compose.privacy_prompt import seems_to_hold
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.conversation import asked_again
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import UPLOADED
from prompts.record.recorder import RecordError

MOST = 12
"""The most runs started at once: more would slow each other down and hit the vendors' limits."""

Told = Callable[[str, bool], None]
"""Called with the outcome in words, and whether all went well."""


def again_button(core: Engine, connections: Connections, ids: Sequence[str], tell: Told) -> None:
    """The button, and its dialog once pressed."""
    if st.button(
        "Run again", key="history-ask-again", icon=":material/replay:", disabled=len(ids) > MOST,
        help=f"The same requests to the same models, each compared with its old answers. At most {MOST} runs.",
    ):  # fmt: skip
        _confirm(core, connections, ids, tell)


@st.dialog("Run again?", icon=":material/replay:")
def _confirm(core: Engine, connections: Connections, ids: Sequence[str], tell: Told) -> None:
    again, left_out = _planned(core, connections, ids)
    for why in left_out:
        st.caption(plain(why))
    if not again:
        st.info("None of these runs can be asked again.", icon=":material/block:")
        return
    many = text_of.number_of(len(again), "run")
    cells = [cell for plan in again for cell in plan.cells]
    outlook = outlook_of(core, connections, *again)
    st.markdown(
        plain(f"{many}, {text_of.number_of(len(cells), 'call')}, {outlook.money}."),
        help=plain("\n\n".join(outlook.grounds)),
    )
    where = dict.fromkeys(connections[cell.target.provider].label for cell in cells)
    for each in (f"It goes to {', '.join(where)}.", *outlook.misfits):
        st.caption(plain(each))
    if held := seems_to_hold(core, connections, *again):
        st.warning(plain(f"The prompts seem to contain {held}."), icon=":material/privacy_tip:")
    with st.container(horizontal=True, key="ask-again-choice"):
        if st.button(f"Ask {many} again", type="primary", key="history-ask-again-now"):
            _start(core, connections, again, tell)
            st.rerun()
        if st.button("Cancel", key="history-ask-again-not"):
            st.rerun()


def _planned(core: Engine, connections: Connections, ids: Sequence[str]) -> tuple[list[Plan], list[str]]:
    """The plans, and a sentence for each reason why selected runs were left out."""
    again: list[Plan] = []
    left_out: dict[str, int] = {}
    for run_id in ids:
        try:
            run = core.find(run_id)
            why = "It is no longer on record." if run is None else _obstacle(connections, run)
            if run is not None and not why:
                again.append(asked_again(run))
        except (ValueError, RecordError) as exc:
            why = str(exc)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
    return again, [f"{text_of.number_of(number, 'run')} left out: {why}" for why, number in left_out.items()]


def _obstacle(connections: Connections, run: Run) -> str:
    providers = sorted({answer.target.provider for answer in run.answers} - {UPLOADED})
    if gone := [name for name in providers if name not in connections]:
        return f"{', '.join(gone)} is no longer set up as a provider."
    if unusable := [name for name in providers if not connections[name].usable]:
        return f"{', '.join(unusable)} cannot be asked now; see Settings."
    return ""


def _start(core: Engine, connections: Connections, again: Sequence[Plan], tell: Told) -> None:
    begun, problem = 0, ""
    for plan in again:
        try:
            begin(core, connections, plan)
        except (ValueError, RecordError) as exc:
            problem = str(exc)
            break  # the next ones would fail the same way
        begun += 1
    many = text_of.number_of(begun, "run")
    said = f"{many} {'is' if begun == 1 else 'are'} being asked again, at the top of the list."
    tell(f"{said} {problem}" if begun and problem else problem or said, not problem)
