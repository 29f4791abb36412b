"""Asking a hosted model for the alternatives to its first token, and the outcome in words."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.adapters.token_alternatives import Candidate, NotExposed, Told, why_not
from providers.completion import Cost
from providers.config.connections import Connection
from providers.errors import Failure
from providers.interface import Request

K = 10
"""Number of alternatives asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The latest question to a host, and its outcome."""

    target: Target
    prompt: str
    outcome: Told | NotExposed | Failure


def alternatives(core: Engine, connections: Connections, target: Target, prompt: str) -> tuple[Candidate, ...]:
    """Show the button and the outcome; returns the alternatives, empty if there are none (yet)."""
    connection = connections[target.provider]
    if (reason := why_not(connection)) is not None:
        _not_exposed(reason)
        return ()
    pressed = st.button(
        f"Ask {plain(str(target))} (one call)", key="how-ask", icon=":material/send:", disabled=not prompt.strip()
    )
    fee = "no fee is charged" if connection.local else "you pay for the prompt and a few tokens of answer"
    st.caption(plain(f"Sends your prompt to {connection.endpoint} for one word; {fee}. It is not kept in the record."))
    if pressed:
        request = Request.ask(target.model, prompt)
        try:
            with st.spinner("Asking"):
                outcome = core.call(core.reach.next_words(connection, request, K))
        except RecordError as exc:  # the asking process cannot be reached
            st.error(plain(str(exc)), icon=":material/error:")
            return ()
        st.session_state[state.HOW_TOLD] = Asked(target, prompt, outcome)
    asked = st.session_state.get(state.HOW_TOLD)
    if not isinstance(asked, Asked) or (asked.target, asked.prompt) != (target, prompt):
        return ()
    return said(asked.outcome, connection, target)


def said(outcome: Told | NotExposed | Failure, connection: Connection, target: Target) -> tuple[Candidate, ...]:
    if isinstance(outcome, Told):
        _cost(outcome.cost)
        return outcome.candidates
    if isinstance(outcome, NotExposed):
        _not_exposed(f"Next-word probabilities are not exposed by {target}. {outcome.sentence}")
        if outcome.cost is not None:
            _cost(outcome.cost)
        return ()
    step = outcome.next_step(
        provider=connection.name, model=target.model, endpoint=connection.endpoint,
        key_variable=connection.key_variable,
    )  # fmt: skip
    st.error(plain(f"{outcome.message.rstrip('.')}. {step}"), icon=":material/error:")
    return ()


def _not_exposed(sentence: str) -> None:
    st.info(plain(f"{sentence} Choose a built-in model to see them."), icon=":material/visibility_off:")


def _cost(cost: Cost) -> None:
    st.caption(plain(f"This call: {text_of.cost(cost)}."), help=plain(cost.source or cost.reason or "") or None)
