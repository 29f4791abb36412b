"""From the fields of Compare to a run and back: what Run and Stop do, and reopening a run or a shared link."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.page_url import here
from dashboard.components.theirs import may
from dashboard.compose.column_settings import apply
from dashboard.compose.conversation import launch
from dashboard.compose.files import attached
from dashboard.compose.keep_choice import chosen as chosen_to_keep
from dashboard.compose.keep_choice import keep_choice
from dashboard.compose.picker import parse, usable_choice
from dashboard.compose.pictures import IMAGES, TEXT, drawn_here, is_drawing, picture_examples
from dashboard.compose.privacy_prompt import forget, held, mask_first, typed_fields
from dashboard.compose.sets import present
from dashboard.compose.settings import settings_from_session
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.asking.runner import Connections
from prompts.asking.runs import STEER
from prompts.core.combined_run import GatheringError
from prompts.core.plan import Plan, plan
from prompts.core.presets import LAST, Choice
from prompts.core.run import Run
from prompts.core.share_link import ShareError, from_link
from prompts.core.targets import TargetError
from prompts.record.recorder import RecordError
from providers.builtin import gguf
from providers.catalogue.modalities import refusals
from providers.config.keep_rules import stricter

_FOR_N_GRAMS = ("What is a class?", "When is a list better than a tuple?", "Explain how modules are imported.")
_FOR_A_SMALL_MODEL = (
    "What is the capital of France? Answer in one sentence.",
    "What is a class in Python? Answer in one sentence.",
    "What is the largest planet?",
)
_FOR_WORK = (
    "Summarise this ticket in two sentences and name the next step: “Since the update the export button does nothing. "
    "I have tried two browsers. We need the file by Friday.”",
    "Compare buying and leasing a delivery van for a bakery: a table of five points, then one recommendation.",
    "Write a pytest test for a function slug(title) that makes a URL slug, with the awkward cases.",
    "Translate into German, keeping the tone: “Thanks for your patience, we will get back to you tomorrow.”",
    "Extract name, date and amount as JSON: “On 3 May Ms Ortiz paid 1,240.50 euros for the hall.”",
)
_LONG = 60  # an example with more characters is shown by its beginning alone
MOST_COLUMNS = 24
MOST_CALLS = 240


def start(core: Engine, connections: Connections, *, certain: bool = False, beside: bool = False) -> None:
    """What Run does. `certain`: private data was asked about already. `beside`: an earlier run may go on meanwhile.

    The typed text stays in its fields whatever happens; only what is always to be masked is changed.
    """
    forget()
    st.session_state[state.BUSY] = not (beside or certain) and answering(core) is not None
    if st.session_state[state.BUSY]:
        return
    mask_first(typed_fields())
    st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = None, False
    try:
        asked = planned(connections)
        again = partial(start, core, connections, certain=True)
        if not certain and held(core, connections, asked, typed_fields(), again):
            return
        launch(core, connections, asked)
        if not is_drawing():
            keep_choice(core, LAST, present(connections))
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)


def answering(core: Engine) -> Run | None:
    """The run last started or opened in this session, if it is still going and the person may stop it.

    `None` also if it cannot be found: raises nothing.
    """
    named = st.session_state.get(state.OPENED) or here()
    try:
        run = core.find(named) if named else None  # none need be sought in the other process, which may be starting
    except (RecordError, GatheringError):
        return None
    if run is None or run.finished or run.combined or not may(STEER, run.person):
        return None
    return run


def stop_all(core: Engine, run: Run) -> None:
    """Callback of Stop all: stop every live answer as the current person; a refusal is shown as an error."""
    _stopped(core, run)


def _stopped(core: Engine, run: Run) -> bool:
    try:
        core.stop(run, by=actor())
    except RecordError as exc:
        st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = str(exc), False
        return False
    return True


def ask_beside(core: Engine, connections: Connections) -> None:
    """If Run was pressed while an earlier run is going, ask what to do: nothing paid should go on out of sight."""
    run = answering(core) if st.session_state.get(state.BUSY) else None
    if run is None:
        return

    def stop_first() -> None:
        if _stopped(core, run):
            start(core, connections, beside=True)

    with st.container(border=True, key="busy"):
        st.warning(
            "An earlier run is still answering. If you start a new one beside it, it continues out of sight and is "
            "still paid for.",
            icon=":material/hourglass_top:",
        )
        with st.container(horizontal=True):
            st.button("Stop it and run", key="stop-and-run", type="primary", on_click=stop_first)
            st.button("Run both", key="run-beside", on_click=partial(start, core, connections, beside=True))
            st.button("Cancel", key="run-not", type="tertiary", on_click=_wait)


def _wait() -> None:
    st.session_state[state.BUSY] = False


def planned(connections: Connections) -> Plan:
    """The plan that the fields describe. Raises `ValueError` with a sentence for the screen."""
    get, drawing = st.session_state.get, is_drawing()
    reachable, scope = (drawn_here(connections), state.PICTURES) if drawing else (connections, "")
    targets = parse(usable_choice(reachable, scope), reachable, scope)
    repeats = int(get(state.REPEATS) or 1)
    files = () if drawing else attached()
    if len(targets) > MOST_COLUMNS:
        raise TargetError(f"{len(targets)} columns are chosen; at most {MOST_COLUMNS} fit on a page.")
    if len(targets) * repeats > MOST_CALLS:
        raise TargetError(f"{len(targets)} columns asked {repeats} times are too many; at most {MOST_CALLS} calls.")
    if refused := refusals(targets, files):
        raise TargetError(" ".join(refused))
    return plan(
        get(state.PROMPT) or "", targets, repeats=repeats, settings=settings_from_session(scope), attachments=files,
        fair=bool(get(state.FAIR)) and not drawing, local_only=bool(get(state.LOCAL_ONLY)),
    )  # fmt: skip


def reopen(core: Engine) -> Run | None:
    """The run that the address names, or `None`; fills the fields with its prompt, models and options if empty."""
    run_id = here()
    if not run_id:
        return None
    try:
        run = core.find(run_id)
    except RecordError as exc:
        st.session_state[state.PROBLEM] = str(exc)
        return None
    except GatheringError as exc:
        st.warning(plain(str(exc)))
        return None
    if run is None:
        st.warning("The run in this address is not on record here. It may have been deleted, or made elsewhere.")
        return None
    if st.session_state.get(state.OPENED) != run_id and not run.combined:
        st.session_state[state.OPENED] = run_id
        if not st.session_state.get(state.PROMPT):
            st.session_state[state.PROMPT] = run.prompt
            st.session_state[state.REPEATS] = run.repeats
            st.session_state[state.FAIR], st.session_state[state.LOCAL_ONLY] = run.fair, run.local_only
            st.session_state[state.KEEPS] = stricter(chosen_to_keep(core), run.keeps)
            st.session_state[state.WANTED] = IMAGES if run.draws else TEXT
            choice = Choice(tuple(answer.target for answer in run.answers if answer.repeat == 0), run.settings)
            apply(choice, state.PICTURES if run.draws else "")
    return run


def take_link() -> None:
    """Put what a shared link carries into the fields, once; nothing is sent."""
    if not (text := st.query_params.get("ask")):
        return
    del st.query_params["ask"]
    try:
        shared = from_link(text)
    except ShareError as exc:
        st.session_state[state.PROBLEM] = str(exc)
        return
    st.session_state[state.PROMPT] = shared.prompt
    st.session_state[state.REPEATS], st.session_state[state.FAIR] = shared.repeats, shared.fair
    st.session_state[state.LOCAL_ONLY] = shared.local_only
    st.session_state[state.WANTED] = IMAGES if shared.choice.draws else TEXT
    apply(shared.choice, state.PICTURES if shared.choice.draws else "")


def examples(chosen: Sequence[str]) -> None:
    """Example prompts; a click puts one into the field."""

    def use() -> None:
        st.session_state[state.PROMPT] = st.session_state.get(state.EXAMPLE) or ""

    fitting = picture_examples(chosen) if is_drawing() else _fitting(chosen)
    st.pills("Try one of these", fitting, key=state.EXAMPLE, on_change=use, format_func=_short)


def _fitting(chosen: Sequence[str]) -> tuple[str, ...]:
    """Examples that the chosen models can handle."""
    if any(not target.startswith("builtin:") for target in chosen):
        return _FOR_WORK
    return _FOR_A_SMALL_MODEL if f"builtin:{gguf.SHIPPED}" in chosen else _FOR_N_GRAMS


def _short(example: str) -> str:
    head = example.partition(":")[0]
    return head if len(example) > _LONG else example
