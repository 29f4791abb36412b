"""Block 1 of the builder: the prompt, in one wording or in several that are compared."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.experiments import fields
from dashboard.experiments.from_library import ask_library
from dashboard.markdown_escape import plain
from prompts.experiments.holes import template_note
from prompts.experiments.plan import Wording

MOST = 8
_TO_BEGIN_WITH = "Write the prompt, with {{holes}} for what differs from case to case: Sort this mail: {{text}}"


def ask_wordings() -> None:
    """A field per wording; names are asked for only if there are several."""
    numbers: list[int] = st.session_state.setdefault(fields.WORDINGS, [0])
    several = len(numbers) > 1
    for number in numbers:
        with st.container(border=several, key=f"experiment-wording-{number}"):
            if several:
                _head(number)
            _texts(number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Add a wording", icon=":material/add:", key="experiment-add-wording", on_click=_add,
            disabled=len(numbers) >= MOST,
            help="Asks every case in another way too, and compares the wordings.",
        )  # fmt: skip
        ask_library()


def _head(number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of this wording", key=fields.key("name", number), placeholder=fields.wording_name(number))
        st.button(
            "Remove", icon=":material/close:", key=f"experiment-drop-wording-{number}", on_click=_drop, args=(number,)
        )


def _texts(number: int) -> None:
    source = st.session_state.get(fields.key("source", number)) or ""
    st.text_area(
        "Prompt", key=fields.key("prompt", number), height=140, placeholder=_TO_BEGIN_WITH, on_change=_typed,
        args=(number,), help="{{name}} is filled with the column of that name. Nothing else is replaced; \\{{name}} "
        "stays as it is.",
    )  # fmt: skip
    written = bool(st.session_state.get(fields.key("system", number)))
    with st.expander("System prompt" + (" (set)" if written else ""), key=f"experiment-system-{number}"):
        st.text_area(
            "System prompt", key=fields.key("system", number), height=80, label_visibility="collapsed",
            on_change=_typed, args=(number,), placeholder="Empty: that of the models' settings, if there is one",
        )  # fmt: skip
    if note := template_note(*(st.session_state.get(fields.key(name, number)) for name in ("prompt", "system"))):
        st.caption(f":material/warning: {plain(note)}")
    if source:
        st.caption(f"From the library: {plain(source)}")


def _typed(number: int) -> None:
    """A wording that was changed by hand no longer counts as a prompt of the library."""
    st.session_state[fields.key("source", number)] = ""


def _add() -> None:
    """Add a copy of the last wording, since wordings that are compared usually differ little."""
    numbers: list[int] = st.session_state[fields.WORDINGS]
    new = max(numbers, default=-1) + 1
    copied = fields.wording(numbers[-1]) if numbers else Wording("", "")
    fields.put_wording(new, replace(copied, name="", source=""))
    st.session_state[fields.WORDINGS] = [*numbers, new]


def _drop(number: int) -> None:
    st.session_state[fields.WORDINGS] = [n for n in st.session_state[fields.WORDINGS] if n != number]
