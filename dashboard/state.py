"""Every key of the session, its type and its default. Nothing else names a session key.

Widgets write these keys themselves; what must survive a rerun without a widget is set in callbacks.
"""

from __future__ import annotations

import streamlit as st

from prompts.runner import Connections

PROMPT = "prompt"  # str: what is typed
TARGETS = "targets"  # list[str]: `provider:model`
EXAMPLE = "example"  # str | None: the example that was clicked
PROBLEM = "problem"  # str | None: why the last Run did not start
OPENED = "opened"  # str | None: the run whose prompt and targets were put back into the fields
SYSTEM, TEMPERATURE, TOP_P = "system", "temperature", "top_p"  # str | float | None
MAX_TOKENS, SEED, STOP, EFFORT = "max_output_tokens", "seed", "stop", "effort"  # int | str | None
ORDER = "order"  # str | None: the column that ranks the table
KEY = "key-"  # str, followed by the provider's name: a key typed into this session


def typed_keys(connections: Connections) -> dict[str, str]:
    """The keys of this session by provider; they are kept nowhere else."""
    found = {name: st.session_state.get(KEY + name) for name in connections}
    return {name: value.strip() for name, value in found.items() if value and value.strip()}


def keep() -> None:
    """Hold on to what was typed while another page is shown: a widget that is not drawn loses its value."""
    for key in list(st.session_state):
        if isinstance(key, str) and (key in _KEPT or key.startswith(KEY)):
            st.session_state[key] = st.session_state[key]


_KEPT = frozenset({PROMPT, TARGETS, SYSTEM, TEMPERATURE, TOP_P, MAX_TOKENS, SEED, STOP, EFFORT, ORDER})
