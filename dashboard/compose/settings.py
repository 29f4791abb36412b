"""The settings for text models, shared or of one column. An empty field is not sent."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.compose.picture_settings import picture_fields, picture_settings, put_picture
from prompts.core.targets import changes
from providers.interface import EFFORTS, Settings


def ask_settings(scope: str = "") -> Settings:
    """A popover with every shared setting; its label counts those that are set.

    `scope`: suffix of the session keys, for a page with its own choice.
    """
    now = settings_from_session(scope)
    changed = len(changes(Settings(), now))
    label = f"Parameters ({changed} set)" if changed else "Parameters"
    with st.popover(label, icon=":material/tune:", key="settings"):
        fields(scope)
        st.toggle(
            "Set them per column", key=state.SEPARATE + scope,
            help="Each column gets settings of its own, and a model may have several columns.",
        )  # fmt: skip
    return now


def fields(own: str = "") -> None:
    """The fields; `own` is the suffix of their session keys for one column or page."""
    if own.startswith(state.PICTURES):
        picture_fields(own)
        return
    st.caption("Leave empty to use the provider’s default.")
    st.text_area("System prompt", key=state.SYSTEM + own, height=80)
    left, right = st.columns(2)
    with left:
        st.number_input("Temperature", 0.0, 2.0, None, 0.1, key=state.TEMPERATURE + own, placeholder="not sent")
        st.number_input("Maximum output tokens", 1, None, None, 64, key=state.MAX_TOKENS + own, placeholder="not sent")
        st.selectbox(
            "Reasoning effort", EFFORTS, index=None, key=state.EFFORT + own, placeholder="not sent",
            help="One setting, mapped to each vendor's own control of thinking.",
        )  # fmt: skip
        st.number_input(
            "Context, in tokens (Ollama)", 1, None, None, 1024, key=state.NUM_CTX + own, placeholder="not sent",
            help="num_ctx: what Ollama loads a model with, usually 4,096. It drops the beginning of a conversation "
            "that is longer. More takes more memory; another value than before makes it load the model again.",
        )  # fmt: skip
    with right:
        st.number_input("Top p", 0.0, 1.0, None, 0.05, key=state.TOP_P + own, placeholder="not sent")
        st.number_input("Seed", None, None, None, 1, key=state.SEED + own, placeholder="not sent")
        st.text_area(
            "Stop sequences", key=state.STOP + own, height=68, help="One per line. The answer ends before any of them."
        )


def settings_from_session(own: str = "") -> Settings:
    """The settings in the fields, shared or of one column (`own`); an empty field is `None`."""
    if own.startswith(state.PICTURES):
        return picture_settings(own)

    def get(key: str) -> Any:
        return st.session_state.get(key + own)

    return Settings(
        system=(get(state.SYSTEM) or "").strip() or None,
        temperature=get(state.TEMPERATURE), top_p=get(state.TOP_P),
        max_output_tokens=get(state.MAX_TOKENS), seed=get(state.SEED),
        stop=tuple(line for line in (get(state.STOP) or "").splitlines() if line),
        effort=get(state.EFFORT), num_ctx=get(state.NUM_CTX),
    )  # fmt: skip


def put(settings: Settings, own: str = "") -> None:
    """Fill the fields; only in a callback, or before they are drawn."""
    if own.startswith(state.PICTURES):
        put_picture(settings, own)
        return
    for key in state.SETTINGS:
        value = getattr(settings, key)
        st.session_state[key + own] = "\n".join(value) if key == state.STOP else value
