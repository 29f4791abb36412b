"""A second thought before a text that seems to hold keys or personal data leaves this network.

Owns the question, whatever is to be sent: a prompt, a follow-up, a turn asked otherwise. Offers to replace only
what is still in a field: what is on record is sent as it is, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.plan import Plan
from prompts.privacy.outgoing import Leaving, leaving
from prompts.privacy.sensitive_text import WORDS, Kind, masked, said, scan


def held(
    core: Engine, connections: Connections, plan: Plan, fields: Iterable[str], send_anyway: Callable[[], None]
) -> bool:
    """Whether `plan` has to wait for an answer to the question. Raises `RecordError`.

    `fields` are the keys of what it was typed into; `send_anyway` is the callback of the yes.
    """
    keys = tuple(fields)
    found = leaving(plan, connections, core.find, [st.session_state.get(key) or "" for key in keys])
    found = _undecided(found)
    st.session_state[state.LEAVING], st.session_state[state.TYPED_INTO] = found, keys
    st.session_state[state.SEND_ANYWAY] = send_anyway
    return bool(found)


def seems_to_hold(core: Engine, connections: Connections, *plans: Plan) -> str:
    """In words: what in these plans should perhaps not leave this network; empty where nothing does.

    Raises `RecordError`.
    """
    return said([finding for plan in plans for finding in leaving(plan, connections, core.find, ()).on_record])


def mask_first(fields: Iterable[str]) -> None:
    """Mask in these fields what was once decided to be masked always; before a plan is made of them."""
    kinds = {kind for kind, what in _always().items() if what == "mask"}
    for key in fields if kinds else ():
        text = st.session_state.get(key) or ""
        if found := [each for each in scan(text) if each.kind in kinds]:
            st.session_state[key] = masked(text, found)


def _always() -> dict[Kind, str]:
    return st.session_state.get(state.ALWAYS) or {}


def sent_always() -> frozenset[Kind]:
    """What may be sent in this session, for so it was decided."""
    return frozenset(kind for kind, what in _always().items() if what == "send")


def _undecided(found: Leaving) -> Leaving:
    """Without the kinds that may be sent in this session."""
    sent = sent_always()
    return Leaving(*(tuple(each for each in part if each.kind not in sent) for part in (found.typed, found.on_record)))


def _decide(what: str) -> None:
    """For the session, where that was ticked."""
    if st.session_state.get(state.FROM_NOW_ON):
        found: Leaving = st.session_state[state.LEAVING]
        kinds = {each.kind for each in (*found.typed, *found.on_record)}
        st.session_state[state.ALWAYS] = {**_always(), **dict.fromkeys(kinds, what)}


def typed_fields() -> list[str]:
    """The keys of every field whose text Run sends, also the system prompts of single columns."""
    own = [key for key in map(str, st.session_state) if key.startswith(state.SYSTEM + state.OWN)]
    return [state.PROMPT, state.SYSTEM, *own]


def forget() -> None:
    """What was asked about before has no bearing on what is sent next."""
    st.session_state[state.LEAVING] = Leaving()


def objections() -> None:
    """What stands against what was to be sent: a second thought, or why it could not be."""
    second_thoughts()
    if (problem := st.session_state.get(state.PROBLEM)) is not None:
        st.error(plain(problem), icon=":material/error:")


def second_thoughts() -> None:
    """What in the text should perhaps not leave, before it does."""
    found: Leaving = st.session_state.get(state.LEAVING) or Leaving()
    if not found:
        return
    with st.container(border=True, key="second-thoughts"):
        st.warning(plain(_question(found)), title="Send this?", icon=":material/privacy_tip:")
        with st.container(horizontal=True):
            if found.typed:
                them = "it" if len(found.typed) == 1 else "them"
                label = "Mask it" if found.on_record else f"Replace {them}"
                st.button(label, key="mask", type="primary", on_click=_mask)
            st.button("Send as it is", key="send-anyway", on_click=_send_anyway)
            st.button("Cancel", key="send-not", type="tertiary", on_click=forget)
        kinds = dict.fromkeys(WORDS[each.kind][1] for each in (*found.typed, *found.on_record))
        st.checkbox(plain(f"Do the same from now on in this session, for {' and '.join(kinds)}"), key=state.FROM_NOW_ON)


def _question(found: Leaving) -> str:
    parts = [f"Your prompt seems to contain {said(found.typed)}."] if found.typed else []
    if found.on_record:
        parts.append(
            f"Earlier turns that go along seem to contain {said(found.on_record)}. It cannot be replaced: to "
            "leave it out, write a new prompt above."
        )
    return " ".join([*parts, "Nothing was sent yet."])


def _send_anyway() -> None:
    _decide("send")
    forget()
    st.session_state[state.SEND_ANYWAY]()


def _mask() -> None:
    _decide("mask")
    for key in st.session_state[state.TYPED_INTO]:
        text = st.session_state.get(key) or ""
        if found := scan(text):
            st.session_state[key] = masked(text, found)
    forget()
