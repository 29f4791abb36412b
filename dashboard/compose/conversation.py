"""The conversation around a run: the turns so far, their cost, the next question, and editing an earlier turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.page_url import go_to
from dashboard.compose.keep_choice import chosen
from dashboard.compose.privacy_prompt import forget, held, mask_first, objections
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.conversation import edited, follow_up, turns
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.record.recorder import RecordError
from providers.config.keep_rules import stricter

_LONGEST = 90  # characters of a prompt
_SHOWN = 2  # turns


def show_turns(core: Engine, connections: Connections, run: Run) -> None:
    """Every turn up to this one, each to open or to edit and run again, and the cost of the conversation."""
    try:
        found, whole = turns(run, core.find)
    except RecordError as exc:
        st.warning(plain(str(exc)))
        return
    if len(found) > 1:
        costs = [cost for turn in found for answer in turn.answers for cost in answer.costs]
        said = f"Conversation of {len(found)} turns: {text_of.total(costs)} for {len(costs)} calls."
        st.caption(
            plain(said if whole else f"{said} Earlier turns are no longer on record."),
            help="What each call cost on its day, added up, with retries and warm-ups. “≥”: one of them is unknown.",
        )
    if not in_conversation(run):
        return
    rows = list(enumerate(found, 1))
    if earlier := rows[:-_SHOWN]:  # else a long conversation pushes its answers off the screen
        with st.expander(f"{text_of.number_of(len(earlier), 'earlier turn')}", key="earlier-turns"):
            _turns(core, connections, run, earlier)
    _turns(core, connections, run, rows[-_SHOWN:])


def _turns(core: Engine, connections: Connections, run: Run, rows: Sequence[tuple[int, Run]]) -> None:
    with st.container(gap=None):
        for number, turn in rows:
            _turn(core, connections, turn, number, here=turn is run)


def in_conversation(run: Run) -> bool:
    """Whether there are turns before this run."""
    return any(answer.history for answer in run.answers)


def ask_next(core: Engine, connections: Connections, run: Run) -> None:
    """The field for a follow-up, below the answers; shown but disabled while they arrive, so that nothing moves."""
    if run.finished and not any("".join(answer.text_parts) for answer in run.answers):
        return
    source = _source(run)
    with st.container(key="next"):
        st.text_area(
            "Follow-up", key=state.FOLLOW_UP, height=68,
            placeholder="Continue everyone from the answer of "
            f"{source.target}" if source else "Ask all models a follow-up…",
            help="Each model is sent its own conversation so far, then this.", disabled=not run.finished,
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Send follow-up", key="send-follow-up", icon=":material/subdirectory_arrow_right:",
                on_click=_continue, args=(core, connections, run), disabled=not run.finished,
            )  # fmt: skip
            if source is not None:
                st.caption(plain(f"Everyone will be sent the conversation and answer of {source.target}."))
                st.button("Continue each from its own answer", key="own-answers", on_click=continue_from, args=(None,))
        if st.session_state.get(state.ASKED_BELOW):
            objections()


def continue_from(answer: Answer | None) -> None:
    """Let all models continue from this answer; `None`: each from its own again."""
    st.session_state[state.CONTINUE_FROM] = answer.id if answer else None


def begin(core: Engine, connections: Connections, plan: Plan) -> Run:
    """Start `plan` as the current person, saving no more than they chose. Raises `ValueError` or `RecordError`."""
    if plan.link is not None and core.find(plan.link.run_id) is None:
        raise ValueError("The run that this continues has been deleted, so nothing was sent.")
    return core.start(replace(plan, keeps=stricter(plan.keeps, chosen(core))), connections, by=actor())


def launch(core: Engine, connections: Connections, plan: Plan) -> None:
    """Start `plan` and open its run on Compare. Raises `ValueError` or `RecordError`."""
    run = begin(core, connections, plan)
    go_to(run.id)
    st.session_state[state.OPENED] = run.id
    st.session_state[state.CONTINUE_FROM] = None


def _turn(core: Engine, connections: Connections, turn: Run, number: int, *, here: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"turn-{number}"):
        prompt = " ".join(turn.prompt.split()) or f"{text_of.UNKNOWN} (the prompt was not saved)"
        shown = prompt if len(prompt) <= _LONGEST else prompt[:_LONGEST].rstrip() + "…"
        changed = " (edited)" if turn.link and turn.link.relation == "edits" else ""
        if here:
            st.markdown(f"**{number}. {plain(shown)}**{changed}")
        else:
            st.button(
                plain(f"{number}. {shown}") + changed, key=f"open-{turn.id}", type="tertiary", on_click=_open,
                args=(turn,), help="Open this turn",
            )  # fmt: skip
        edit_turn(core, connections, turn)


def edit_turn(core: Engine, connections: Connections, turn: Run) -> None:
    """The popover in which a turn can be edited and run again."""
    with st.popover(
        "Edit and run again", icon=":material/edit:", key=f"edit-popover-{turn.id}", type="tertiary",
        disabled=turn.textless,
    ):  # fmt: skip
        key = state.EDIT + turn.id
        if key not in st.session_state:
            st.session_state[key] = turn.prompt
        st.text_area(
            "Edit this turn", key=key, height=120, width=420,
            help="To the same models, after the same history.",
        )  # fmt: skip
        st.button(
            "Send this instead", key=f"ask-{key}", type="primary", on_click=_ask_edited, args=(core, connections, turn)
        )


def _open(turn: Run) -> None:
    go_to(turn.id)
    st.session_state[state.OPENED] = turn.id


def _continue(core: Engine, connections: Connections, run: Run, *, certain: bool = False) -> None:
    st.session_state[state.ASKED_BELOW] = True
    mask_first([state.FOLLOW_UP])
    asked = st.session_state.get(state.FOLLOW_UP) or ""
    again = partial(_continue, core, connections, run, certain=True)
    if send(
        core, connections, lambda: follow_up(run, asked, answer_of=_source(run)), None if certain else again,
        typed_into=state.FOLLOW_UP,
    ):  # fmt: skip
        st.session_state[state.FOLLOW_UP] = ""


def _ask_edited(core: Engine, connections: Connections, turn: Run, *, certain: bool = False) -> None:
    st.session_state[state.ASKED_BELOW] = False
    field = state.EDIT + turn.id
    mask_first([field])
    asked = st.session_state.get(field) or ""
    again = partial(_ask_edited, core, connections, turn, certain=True)
    sent = send(core, connections, lambda: edited(turn, asked), None if certain else again, typed_into=field)
    if sent and st.session_state.get(state.PROMPT) == turn.prompt:  # not a draft of something else: keep it in step
        st.session_state[state.PROMPT] = asked


def send(
    core: Engine, connections: Connections, make: Callable[[], Plan], again: Callable[[], None] | None,
    typed_into: str | None = None,
) -> bool:  # fmt: skip
    """Make a plan and send it; returns whether it was sent.

    If `again` is given and the text seems private, the person is asked first, and `again` is called on their yes;
    `None` sends without asking. `typed_into`: the session key of the field that holds the new text.
    """
    forget()
    st.session_state[state.PROBLEM] = None
    try:
        plan = make()
        if again is not None and held(core, connections, plan, filter(None, [typed_into]), again):
            return False
        launch(core, connections, plan)
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)
        return False
    return True


def _source(run: Run) -> Answer | None:
    wanted = st.session_state.get(state.CONTINUE_FROM)
    return next((answer for answer in run.answers if answer.id == wanted), None)
