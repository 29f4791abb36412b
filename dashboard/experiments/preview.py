"""The preview of every prompt as it will be sent, case by case."""

from __future__ import annotations

import streamlit as st

from dashboard.markdown_escape import plain
from prompts.experiments.holes import HoleError
from prompts.experiments.plan import Plan

_PAGE, _OPEN = "experiment-preview-page", "experiment-preview"


def show_preview(plan: Plan) -> None:
    """One case per page, with all its wordings; nothing is rendered while the expander is closed."""
    shown = st.expander("See each prompt as it will be sent", key=_OPEN, on_change="rerun", icon=":material/preview:")
    if not shown.open:
        return
    with shown:
        if not len(plan.cases):
            st.caption("There is no case yet.")
            return
        if int(st.session_state.get(_PAGE) or 1) > len(plan.cases):
            st.session_state[_PAGE] = 1
        case = st.pagination(len(plan.cases), key=_PAGE) - 1
        for wording in range(len(plan.wordings)):
            if len(plan.wordings) > 1:
                st.markdown(f"**{plain(plan.wordings[wording].name)}**")
            _prompt(plan, case, wording)


def _prompt(plan: Plan, case: int, wording: int) -> None:
    try:
        text = plan.prompt(case, wording)
        systems = {plan.settings_of(case, wording, target).system for target in range(len(plan.targets))} - {None, ""}
    except HoleError as exc:
        st.warning(plain(str(exc)))
        return
    for system in sorted(filter(None, systems)):
        st.caption("System prompt")
        st.code(system, language=None, wrap_lines=True)
    st.code(text or " ", language=None, wrap_lines=True)
