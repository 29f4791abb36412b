"""The question before a text that seems to contain keys or personal data leaves this network.

It is asked for prompts, follow-ups and edited turns alike. Only text that is still in a field can be masked: text on
record is sent as it is, or not at all.
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
    """Whether `plan` must wait for the person's answer; if so, `objections` will ask. Raises `RecordError`.

    `fields`: session keys of the fields it was typed into. `send_anyway`: called when the person says yes.
    """
    keys = tuple(fields)
    found = leaving(plan, connections, core.find, [st.session_state.get(key) or "" for key in keys])
    found = _undecided(found)
    st.session_state[state.LEAVING], st.session_state[state.TYPED_INTO] = found, keys
    st.session_state[state.SEND_ANYWAY] = send_anyway
    return bool(found)


def seems_to_hold(core: Engine, connections: Connections, *plans: Plan) -> str:
    """What in these plans should perhaps not leave this network, in words; empty if nothing.

    Raises `RecordError`.
    """
    return said([finding for plan in plans for finding in leaving(plan, connections, core.find, ()).on_record])


def mask_first(fields: Iterable[str]) -> None:
    """Mask, in these fields, the kinds of data that are always to be masked in this session; before making a plan."""
    kinds = {kind for kind, what in _always().items() if what == "mask"}
    for key in fields if kinds else ():
        text = st.session_state.get(key) or ""
        if found := [each for each in scan(text) if each.kind in kinds]:
            st.session_state[key] = masked(text, found)


def _always() -> dict[Kind, str]:
    return st.session_state.get(state.ALWAYS) or {}


def sent_always() -> frozenset[Kind]:
    """The kinds of data that the person has allowed to be sent for this session."""
    return frozenset(kind for kind, what in _always().items() if what == "send")


def _undecided(found: Leaving) -> Leaving:
    """The findings without the kinds that may be sent in this session."""
    sent = sent_always()
    return Leaving(*(tuple(each for each in part if each.kind not in sent) for part in (found.typed, found.on_record)))


def _decide(what: str) -> None:
    """Remember the answer for these kinds of data, if "from now on" was ticked."""
    if st.session_state.get(state.FROM_NOW_ON):
        found: Leaving = st.session_state[state.LEAVING]
        kinds = {each.kind for each in (*found.typed, *found.on_record)}
        st.session_state[state.ALWAYS] = {**_always(), **dict.fromkeys(kinds, what)}


def typed_fields() -> list[str]:
    """Session keys of every field whose text Run sends, including the system prompts of single columns."""
    own = [key for key in map(str, st.session_state) if key.startswith(state.SYSTEM + state.OWN)]
    return [state.PROMPT, state.SYSTEM, *own]


def forget() -> None:
    """Drop the open question, before something else is sent."""
    st.session_state[state.LEAVING] = Leaving()


def objections() -> None:
    """Show why something was not sent: the open question about private data, or the error."""
    second_thoughts()
    if (problem := st.session_state.get(state.PROBLEM)) is not None:
        st.error(plain(problem), icon=":material/error:")


def second_thoughts() -> None:
    """The question with its buttons: mask, send as it is, cancel; nothing if none is open."""
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
            f"Earlier turns, which are sent too, seem to contain {said(found.on_record)}. It cannot be replaced: to "
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
