"""The forecast of the plan in the builder, from prices, earlier answers and measured times; sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.compose.forecasts import forecast_of, history
from dashboard.engine import Engine
from dashboard.experiments.drafts import Draft
from prompts.asking.runner import Connections
from prompts.core.forecast import Forecast
from prompts.core.model_stats import Measured
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.admission import limits_of, set_rates
from prompts.experiments.bill import Bill, Tried, bill
from prompts.experiments.bill_judges import AskJudge
from prompts.experiments.bill_parts import Pace
from prompts.experiments.gate import AT_ONCE
from prompts.experiments.gate_store import throughput
from prompts.experiments.hosts import way_to
from prompts.experiments.judge import targets as judges
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.planning import new_part
from prompts.experiments.throughput import Throughput
from prompts.record.recorder import RecordError
from providers.config.connections import Connection
from providers.interface import Request
from providers.network.machines import machine_of


def bill_of(core: Engine, connections: Connections, draft: Draft) -> Bill:
    """The forecast of a draft whose holes are filled; computed anew only when something in it has changed.

    Raises `RecordError` or `HoleError`.
    """
    plan = draft.plan
    paces = [_pace(core, connections, target) for target in plan.targets]
    asks_judges = all(judge.provider in connections for judge in judges(plan))
    judge_paces = {judge: _pace(core, connections, judge) for judge in judges(plan)} if asks_judges else {}
    tried = tried_calls(plan, tried_run(core, draft))
    past = history(core)
    newest = {who: (len(answers), answers[0]) for who, answers in past.items() if answers}
    asked = (plan, paces, judge_paces, tried, newest)
    held: tuple[object, Bill] | None = st.session_state.get(state.BILL)
    if held is None or held[0] != asked:
        now = datetime.now(UTC)

        def one(target: int, request: Request) -> Forecast:
            return forecast_of(core, way_to(plan.targets[target], connections), request, past, now)

        def judging(judge: Target, request: Request) -> Forecast:
            return forecast_of(core, connections[judge.provider], request, past, now)

        drawn = bill(plan, one, paces, tried, AskJudge(judging, judge_paces.__getitem__) if asks_judges else None)
        held = st.session_state[state.BILL] = (asked, drawn)
    return held[1]


def to_ask(core: Engine, draft: Draft) -> Plan:
    """The part of a draft that is still to be asked: all of it or, if it extends an experiment, what is new.

    Raises `RecordError`, or `PlanError` if nothing is new.
    """
    if draft.extends is None:
        return draft.plan
    old = _old(core, draft.extends)
    if draft.plan.size == old.size and draft.plan.budget.usd == old.budget.usd:
        if draft.plan.checks != old.checks:
            raise PlanError("No model needs to be asked: Start applies the new checks to the existing answers.")
        raise PlanError(
            "Nothing new is to be asked yet: add cases, models, wordings or repeats, change the checks, or raise the "
            "budget."
        )
    return new_part(draft.plan, old)


def only_checks(core: Engine, draft: Draft) -> bool:
    """Whether the draft extends an experiment and changes nothing but its checks. Raises as `to_ask` does."""
    if draft.extends is None:
        return False
    old = _old(core, draft.extends)
    return old.checks != draft.plan.checks and old == replace(draft.plan, checks=old.checks)


def _old(core: Engine, experiment: str) -> Plan:
    found = core.experiments.find(experiment) if core.experiments else None
    if found is None:
        raise PlanError("The experiment that this extends is not on record any more. Duplicate it instead.")
    return found.plan


def tried_run(core: Engine, draft: Draft) -> Run | None:
    """The run in which one case was tried; `None` if there is none. Raises `RecordError`."""
    return core.find(draft.tried) if draft.tried else None


def tried_calls(plan: Plan, run: Run | None) -> dict[int, Tried]:
    """Cost and time of the trial case, by the target's number; only targets that were tried and have finished."""
    over = {
        (answer.target.provider, answer.target.model): answer.completion
        for answer in (run.answers if run else ())
        if answer.completion is not None
    }
    found: dict[int, Tried] = {}
    for n, target in enumerate(plan.targets):
        done = over.get((target.provider, target.model))
        if done is not None:
            found[n] = Tried(done.cost, done.timings.duration_s if done.error is None else None)
    return found


def _pace(core: Engine, connections: Connections, target: Target) -> Pace:
    connection = connections[target.provider]
    known = _measured(core).get((target.provider, target.model))
    duration = known.duration_s if known else None
    place = machine_of(connection.endpoint) if connection.local else connection.label
    throughput = _allowed(core, connection)
    return Pace(place, throughput, duration.value, duration.n) if duration else Pace(place, throughput, None)


# Cached, because a provider's remaining wait changes by the second, and any change computes the forecast anew.
@st.cache_data(ttl=30, max_entries=64, show_spinner=False, hash_funcs={Connection: hash})
def _allowed(_core: Engine, connection: Connection) -> Throughput:
    """How fast a provider may be asked now; earlier calls taught nothing about a key that was typed in the session."""
    limits = limits_of(connection)
    plainly = Throughput(min(limits.at_once or AT_ONCE, AT_ONCE), rates=set_rates(limits))
    if _core.archive is None or connection != _core.configuration.connections.get(connection.name):
        return plainly
    try:
        return _core.archive.read(lambda c: throughput(c, connection, AT_ONCE))
    except RecordError:
        return plainly  # the page says so already


@st.cache_data(ttl=30, max_entries=1, show_spinner=False)
def _measured(_core: Engine) -> Mapping[tuple[str, str], Measured]:
    try:
        found: Sequence[Measured] = _core.measured()
    except RecordError:
        return {}  # the page says so already
    return {(each.provider, each.model): each for each in found}
