"""The settings that all chosen models are asked with. An empty field is not sent."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from providers.interface import EFFORTS, Settings


def ask_settings() -> Settings:
    """A popover with every setting; its label counts those that are set."""
    now = settings_from_session()
    changed = sum(
        1 for value in (now.system, now.temperature, now.top_p, now.max_output_tokens, now.seed) if value is not None
    )
    changed += bool(now.stop) + bool(now.effort)
    label = f"Settings ({changed} set)" if changed else "Settings"
    with st.popover(label, icon=":material/tune:", key="settings"):
        st.caption("An empty field is not sent: the vendor's default holds.")
        st.text_area("System prompt", key=state.SYSTEM, height=80)
        left, right = st.columns(2)
        with left:
            st.number_input("Temperature", 0.0, 2.0, None, 0.1, key=state.TEMPERATURE, placeholder="not sent")
            st.number_input("Maximum output tokens", 1, None, None, 64, key=state.MAX_TOKENS, placeholder="not sent")
            st.selectbox(
                "Reasoning effort", EFFORTS, index=None, key=state.EFFORT, placeholder="not sent",
                help="One knob, mapped to each vendor's own control of thinking.",
            )  # fmt: skip
        with right:
            st.number_input("Top p", 0.0, 1.0, None, 0.05, key=state.TOP_P, placeholder="not sent")
            st.number_input("Seed", None, None, None, 1, key=state.SEED, placeholder="not sent")
            st.text_area(
                "Stop texts", key=state.STOP, height=68, help="One per line. The answer ends before any of them."
            )
    return settings_from_session()


def settings_from_session() -> Settings:
    """What is set now."""
    get = st.session_state.get
    return Settings(
        system=(get(state.SYSTEM) or "").strip() or None,
        temperature=get(state.TEMPERATURE), top_p=get(state.TOP_P),
        max_output_tokens=get(state.MAX_TOKENS), seed=get(state.SEED),
        stop=tuple(line for line in (get(state.STOP) or "").splitlines() if line),
        effort=get(state.EFFORT),
    )  # fmt: skip
