"""The dialog Browse models: every known model in one table, to search, filter and choose from."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.compose.model_rows import ModelRow, all_rows, chosen_first, families_of, narrowed, rechosen, styled
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of

_HELP = {
    "Model": "provider:model, as it can be typed",
    "Here": "Whether it can be asked from here now, by its provider's own list and the catalogue.",
    "Family": "By the name of the model.",
    "$ in": "US dollars per million tokens read: the list price that a receipt of today would use. — is unknown.",
    "$ out": "US dollars per million tokens written, thinking included. — is unknown.",
    "Context": "Tokens of the context window, from the provider's list or the catalogue. — means not reported.",
    "Runs at": "Where the text goes.",
}


def browse_button(core: Engine, connections: Connections, scope: str = "") -> None:
    """The button, and its dialog once pressed. `scope`: suffix of the session keys, for a page with its own choice."""
    if st.button("Browse models", key="browse", icon=":material/list:", help="Search all models by family and price"):
        st.session_state[state.BROWSED] = list(st.session_state.get(state.TARGETS + scope) or [])
        st.session_state.pop(state.BROWSE_SEARCH, None)
        _dialog(core, connections, scope)


@st.dialog("Browse models", width="large", icon=":material/list:")
def _dialog(core: Engine, connections: Connections, scope: str) -> None:
    offered = [(c, core.models.get(c)) for c in connections.values() if c.listed]
    rows = all_rows(offered, core.pricer, datetime.now(UTC).date())
    search = st.text_input(
        "Search", key=state.BROWSE_SEARCH, type="search", live="250ms", placeholder="Name, family or provider",
        icon=":material/search:", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        families: list[str] = st.pills(
            "Family", families_of(rows), selection_mode="multi", key=state.BROWSE_FAMILIES,
            label_visibility="collapsed",
        )  # fmt: skip
        usable = st.toggle("Usable here now", key=state.BROWSE_USABLE, help="With its key, and in its provider's list.")
    fitting = narrowed(rows, search or "", families, usable=usable)
    shown = chosen_first(fitting, st.session_state.get(state.TARGETS + scope))
    if shown:
        _table(shown, key=f"browse-{search}-{'-'.join(families)}-{usable}")
    else:
        st.info("No model matches. Remove a word or a filter.", icon=":material/search_off:")
    _foot(len(shown), len(rows), scope)
    silent = [connection.label for connection, listing in offered if connection.usable and listing is None]
    if silent:
        st.caption(plain(f"Not asked yet: {', '.join(silent)}. Their lists appear as soon as they have answered."))


def _table(shown: list[ModelRow], key: str) -> None:
    """The models shown, with the chosen ones selected."""
    chosen: list[str] = st.session_state[state.BROWSED]
    event = st.dataframe(
        styled(shown), key=key, hide_index=True, height=420, on_select="rerun", selection_mode="multi-row",
        selection_default={"selection": {"rows": [n for n, row in enumerate(shown) if row.target in chosen]}},
        placeholder=text_of.UNKNOWN, alt="All models that are known here",
        column_config={
            name: st.column_config.Column(
                help=text, pinned=name == "Model", alignment="right" if name in ("$ in", "$ out", "Context") else "left"
            )
            for name, text in _HELP.items()
        },
    )  # fmt: skip
    st.session_state[state.BROWSED] = rechosen(chosen, shown, event.selection.rows)


def _foot(shown: int, known: int, scope: str) -> None:
    chosen: list[str] = st.session_state[state.BROWSED]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{shown} of {known} models; {len(chosen)} chosen. Prices are dollars per million tokens.")
        if st.button("Use these", type="primary", key="use-browsed", on_click=_use, args=(scope,), disabled=not chosen):
            st.rerun()


def _use(scope: str) -> None:
    """Take over the choice; a callback, because the picker has already been drawn when the dialog runs."""
    st.session_state[state.TARGETS + scope] = list(st.session_state[state.BROWSED])
