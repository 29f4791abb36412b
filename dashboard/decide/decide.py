"""Recording a decision: the evidence as it is now, and the reason in the person's own words."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.decide.notice import forget_aged
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.core import format as text_of
from prompts.core.decision import LONGEST_REASON
from prompts.decide import decision_store
from prompts.decide.deciding import decide
from prompts.decide.study import Study
from prompts.record.recorder import RecordError

ADDRESS = "decision"
"""The query parameter that says which decision is shown."""


def _closed() -> None:
    st.session_state[state.CHOOSE_ACT] = None


@st.dialog("Record this decision", icon=":material/task_alt:", on_dismiss=_closed)
def ask_decision(core: Engine, found: Study, name: str) -> None:
    """The dialog; only the reason is asked for, everything else comes from the page."""
    st.markdown(f"**{plain(name)}** for **{plain(found.question.purpose.name)}**")
    count = text_of.number_of(len(found.pool.experiments), "experiment")
    st.caption(
        f"Saved with it, as it is now: {count}, every line of its card, who else was considered, price, must-haves "
        "and weights. You are told when any of it may be out of date."
    )
    because = st.text_area("Why", key=f"{state.CHOOSE}because", max_chars=LONGEST_REASON, placeholder="Optional")
    if st.button("Record", key="decision-record", type="primary"):
        _record(core, found, name, because or "")


def _record(core: Engine, found: Study, name: str, because: str) -> None:
    decision = decide(found, name, because, person())
    try:
        if core.archive is None:
            raise RecordError(core.record_problem or "There is no record.")
        core.archive.write(lambda c: decision_store.add(c, decision))
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database_off:")
        return
    forget_aged()
    _closed()
    st.session_state[state.CHOOSE_DONE] = f"Recorded: {decision.chosen} for {decision.task}. It is shown above."
    st.query_params[ADDRESS] = decision.id
    st.rerun()
