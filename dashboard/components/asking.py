"""From what is typed to a run: the Run button, what is said before sending, and reopening by link."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.components.picker import parse
from dashboard.components.settings import settings_from_session
from dashboard.engine import Engine
from dashboard.escape import plain
from dashboard.lane_view import said
from prompts.record import RecordError
from prompts.run import Run, plan
from prompts.runner import Connections
from prompts.targets import Target, TargetError
from providers.catalogue import find
from providers.interface import Adjustment, Request, Settings

EXAMPLES = ("What is a class?", "When is a list better than a tuple?", "Explain how modules are imported.")
MOST_COLUMNS = 24
BUILT_IN = "Built-in n-gram models are for trying the dashboard: they continue text word by word and know no answers."


def start(core: Engine, connections: Connections) -> None:
    """What Run does. What was typed stays as it is, whatever happens."""
    st.session_state[state.PROBLEM] = None
    settings = settings_from_session()
    chosen: list[str] = st.session_state.get(state.TARGETS) or []
    try:
        if len(chosen) > MOST_COLUMNS:
            raise TargetError(f"{len(chosen)} models are chosen; at most {MOST_COLUMNS} fit on a page.")
        run = plan(st.session_state.get(state.PROMPT) or "", parse(chosen, connections, settings), settings=settings)
        core.start(run, connections)
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)
    else:
        st.session_state[state.OPENED] = run.id
        st.query_params["run"] = run.id


def reopen(core: Engine) -> Run | None:
    """The run that the address names, its prompt and models back in the fields if they are not yet typed over."""
    run_id = st.query_params.get("run")
    if not run_id:
        return None
    try:
        run = core.find(run_id)
    except RecordError as exc:
        st.session_state[state.PROBLEM] = str(exc)
        return None
    if run is None:
        st.warning("The run in this address is not on record here. It may have been deleted, or made elsewhere.")
        return None
    if st.session_state.get(state.OPENED) != run_id:
        st.session_state[state.OPENED] = run_id
        if not st.session_state.get(state.PROMPT):
            st.session_state[state.PROMPT] = run.prompt
            st.session_state[state.TARGETS] = list(dict.fromkeys(str(lane.target) for lane in run.lanes))
    return run


def examples() -> None:
    """Something to begin with: one click puts it into the prompt."""

    def use() -> None:
        st.session_state[state.PROMPT] = st.session_state.get(state.EXAMPLE) or ""

    st.pills("Try one of these", EXAMPLES, key=state.EXAMPLE, on_change=use)


def notices(core: Engine, connections: Connections, chosen: list[str], settings: Settings) -> None:
    """Where the text will go, and what cannot be sent as it is set; said before anything is sent."""
    if core.record_problem:
        st.error(
            plain(core.record_problem), title="Nothing can be recorded, so nothing is sent", icon=":material/database:"
        )
    try:
        targets = parse(chosen, connections, settings)
    except TargetError as exc:
        st.warning(plain(str(exc)))
        return
    if not targets:
        st.caption("No model is chosen yet.")
        return
    places = list(dict.fromkeys(connections[target.provider].endpoint for target in targets))
    calls = "1 call" if len(targets) == 1 else f"{len(targets)} calls"
    trying = any(target.provider == "builtin" for target in targets)
    sentences = [
        f"{calls} to {', '.join(places)}. Every answer is recorded on this computer.",
        *([BUILT_IN] if trying else []),
        *obstacles(connections, targets),
        *adjustments(core, connections, targets),
    ]
    st.caption("  \n".join(map(plain, sentences)))


def obstacles(connections: Connections, targets: list[Target]) -> list[str]:
    """What is already known to stand in the way: a key that is missing, a model that is going away."""
    missing = {c.name: c for target in targets if not (c := connections[target.provider]).usable}
    found = [
        f"{c.label}: {c.key_variable} is not set. Set it, or type a key under Connections." for c in missing.values()
    ]
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
