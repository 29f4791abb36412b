"""Adding a first key without leaving Compare: checked at once, then used in this session or saved to a file."""

from __future__ import annotations

import streamlit as st

from dashboard import server, state
from dashboard.components.key_check import run_check, show_last_check
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in
from prompts.asking.runner import Connections
from providers.config.connections import Connection
from providers.config.secrets_file import SecretsFileError, home_secrets, save_key

VENDORS = ("openai", "anthropic", "google", "mistral")
DRAW = ("openai", "google")
"""The vendors among them whose models draw."""


def add_key(core: Engine, connections: Connections, *, drawing: bool = False) -> None:
    """A field for each vendor (`drawing`: each that draws); nothing once a hosted provider has a key."""
    if any(each.key and not each.local for each in core.configuration.connections.values()):
        return
    who = "GPT Image or Gemini" if drawing else "GPT, Claude, Gemini or Mistral"
    with st.expander(f"Add a key, to ask {who} too", icon=":material/key:", key="add-key"):
        st.caption(
            "A key stays in this browser session and goes to its vendor only. A check sends one short question, which "
            "may cost a fraction of a cent. More providers are under Settings."
        )
        for name in DRAW if drawing else VENDORS:
            if name in connections:
                _field(core, connections[name])


def _field(core: Engine, connection: Connection) -> None:
    st.text_input(
        f"Key for {plain(connection.label)}", type="password", key=state.KEY + connection.name,
        placeholder=connection.key_variable, autocomplete="off",
    )  # fmt: skip
    if connection.key is None:
        return
    if not show_last_check(connection):
        run_check(core, connection)
    if people_log_in() or server.others_can_reach_it():
        return  # here the file belongs to the administrator
    if st.button(
        "Save to secrets.toml", key=f"save-key-{connection.name}", type="tertiary", icon=":material/save:",
        help=plain(f"Written to {home_secrets()}, readable by you alone, and read whenever Collate starts."),
    ):  # fmt: skip
        _save(connection)


def _save(connection: Connection) -> None:
    if connection.key is None:
        return
    try:
        save_key(home_secrets(), connection.key_variable, connection.key)
    except SecretsFileError as exc:
        st.error(plain(str(exc)), icon=":material/error:")
    else:
        st.success(plain(f"{connection.key_variable} is saved in {home_secrets()}."), icon=":material/check_circle:")
