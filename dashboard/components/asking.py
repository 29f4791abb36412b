"""From what is typed to a run: the Run button, what is said before sending, and reopening by link."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.address import here
from dashboard.components.conversation import launch
from dashboard.components.files import attached
from dashboard.components.forecasts import forecasts
from dashboard.components.own_settings import apply
from dashboard.components.picker import parse
from dashboard.components.privacy import chosen as chosen_to_keep
from dashboard.components.privacy import keep_choice, sentence
from dashboard.components.second_thoughts import forget, held, typed_fields
from dashboard.components.sets import present
from dashboard.components.settings import settings_from_session
from dashboard.engine import Engine
from dashboard.escape import plain
from dashboard.lane_view import said
from prompts.choices import LAST, Choice
from prompts.gathering import GatheringError
from prompts.record import RecordError
from prompts.run import Run, plan
from prompts.runner import Connections
from prompts.share import ShareError, from_link
from prompts.targets import Target, TargetError
from providers.catalogue import find
from providers.connections import Connection
from providers.interface import Adjustment, Request
from providers.modalities import doubts, refusals
from providers.record_rules import stricter

EXAMPLES = ("What is a class?", "When is a list better than a tuple?", "Explain how modules are imported.")
MOST_COLUMNS = 24
MOST_CALLS = 240
BUILT_IN = "Built-in n-gram models are for trying the dashboard: they continue text word by word and know no answers."


def start(core: Engine, connections: Connections, *, certain: bool = False) -> None:
    """What Run does; `certain` where a second thought was given already.

    What was typed stays as it is, whatever happens.
    """
    forget()
    st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = None, False
    try:
        run = planned(connections)
        again = partial(start, core, connections, certain=True)
        if not certain and held(core, connections, run, typed_fields(), again):
            return
        launch(core, connections, run)
        keep_choice(core, LAST, present(connections))
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)


def planned(connections: Connections) -> Run:
    """The run that is described by the fields. Raises `ValueError` in words for people."""
    get = st.session_state.get
    chosen: list[str] = get(state.TARGETS) or []
    targets = parse(chosen, connections)
    repeats = int(get(state.REPEATS) or 1)
    files = attached()
    if len(targets) > MOST_COLUMNS:
        raise TargetError(f"{len(targets)} columns are chosen; at most {MOST_COLUMNS} fit on a page.")
    if len(targets) * repeats > MOST_CALLS:
        raise TargetError(f"{len(targets)} columns asked {repeats} times are too many; at most {MOST_CALLS} calls.")
    if refused := refusals(targets, files):
        raise TargetError(" ".join(refused))
    return plan(
        get(state.PROMPT) or "", targets, repeats=repeats, settings=settings_from_session(), attachments=files,
        fair=bool(get(state.FAIR)), local_only=bool(get(state.LOCAL_ONLY)),
    )  # fmt: skip


def reopen(core: Engine) -> Run | None:
    """The run that the address names, its prompt and models back in the fields if they are not yet typed over."""
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
    if st.session_state.get(state.OPENED) != run_id and not run.gathered:
        st.session_state[state.OPENED] = run_id
        if not st.session_state.get(state.PROMPT):
            st.session_state[state.PROMPT] = run.prompt
            st.session_state[state.REPEATS] = run.repeats
            st.session_state[state.FAIR], st.session_state[state.LOCAL_ONLY] = run.fair, run.local_only
            st.session_state[state.KEEPS] = stricter(chosen_to_keep(core), run.keeps)
            apply(Choice(tuple(lane.target for lane in run.lanes if lane.repeat == 0), run.settings))
    return run


def take_link() -> None:
    """What a shared link carries goes into the fields, once; nothing is sent."""
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
    apply(shared.choice)


def examples() -> None:
    """Something to begin with: one click puts it into the prompt."""

    def use() -> None:
        st.session_state[state.PROMPT] = st.session_state.get(state.EXAMPLE) or ""

    st.pills("Try one of these", EXAMPLES, key=state.EXAMPLE, on_change=use)


def notices(core: Engine, connections: Connections, chosen: list[str]) -> None:
    """Where the text will go, what it may cost, and what cannot be sent as it is set; before anything is sent."""
    if core.record_problem:
        st.error(
            plain(core.record_problem), title="Nothing can be recorded, so nothing is sent", icon=":material/database:"
        )
    try:
        targets = parse(chosen, connections)
    except TargetError as exc:
        st.warning(plain(str(exc)))
        return
    if not targets:
        st.caption("No model is chosen yet.")
        return
    places = list(dict.fromkeys(_place(connections[target.provider], target) for target in targets))
    trying = any(target.provider == "builtin" for target in targets)
    files, calls = attached(), _calls(targets)
    money, *warnings = _forecast(core, connections) or [""]
    cost = money.removeprefix(f"{calls}, ")
    sentences = [
        f"{calls} to {', '.join(places)}{', ' if cost else '.'}{cost} {sentence(core)}",
        *([BUILT_IN] if trying else []),
        *warnings,
        *obstacles(connections, targets),
        *refusals(targets, files), *doubts(targets, files),
        *adjustments(core, connections, targets),
    ]  # fmt: skip
    if st.session_state.get(state.LOCAL_ONLY):
        sentences += [
            f"{target} is not on this computer or network: with “Local only” it cannot be asked."
            for target in targets if not connections[target.provider].keeps(target.model)
        ]  # fmt: skip
    st.caption("  \n".join(map(plain, sentences)))


def _place(connection: Connection, target: Target) -> str:
    passed_on = connection.local and not connection.keeps(target.model)
    return connection.endpoint + (", which passes it on to ollama.com" if passed_on else "")


def _calls(targets: list[Target]) -> str:
    rounds = int(st.session_state.get(state.REPEATS) or 1) + bool(st.session_state.get(state.FAIR))
    number = len(targets) * rounds
    return "1 call" if number == 1 else f"{number} calls"


def _forecast(core: Engine, connections: Connections) -> list[str]:
    """Only of what could be sent: why it could not is said elsewhere."""
    try:
        return forecasts(core, connections, planned(connections))
    except (ValueError, RecordError):
        return []


def obstacles(connections: Connections, targets: list[Target]) -> list[str]:
    """What is already known to stand in the way: a key that is missing, a model that is going away."""
    missing = {c.name: c for target in targets if not (c := connections[target.provider]).usable}
    found = [f"{c.label}: {c.key_variable} is not set. Set it, or type a key under Settings." for c in missing.values()]
    today = datetime.now(UTC).date()
    leaving: dict[str, list[str]] = {}
    for target in targets:
        known = find(target.provider, target.model)
        if known is not None and (status := known.status_sentence(today)) is not None:
            leaving.setdefault(f"{status} (source: {known.retires_source}).", []).append(str(target))
    return found + [f"{', '.join(names)} {status}" for status, names in leaving.items()]


def adjustments(core: Engine, connections: Connections, targets: list[Target]) -> list[str]:
    """What cannot be sent as it is set, once for all models that share it."""
    shared: dict[Adjustment, list[str]] = {}
    for target in targets:
        if connections[target.provider].usable:
            provider = core.runner.provider(connections[target.provider])
            for adjustment in provider.adjustments(Request.ask(target.model, "", target.settings)):
                shared.setdefault(adjustment, []).append(str(target))
    return [f"{', '.join(names)}: {said(a.setting, a.reason, a.sent)}." for a, names in shared.items()]
