"""Probes: up to five cases for a model that was not measured yet, what they would cost, and their draft."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.compose.forecasts import forecast_of, history
from dashboard.engine import Engine
from dashboard.experiments.drafts import Draft, drafts
from dashboard.user import person
from prompts.asking.runner import Connections
from prompts.core.forecast import outlook
from prompts.core.targets import Target
from prompts.decide.candidate import Candidate
from prompts.decide.probe import probe
from prompts.decide.study import Study
from prompts.experiments.asked import Experiment
from prompts.experiments.holes import HoleError
from prompts.experiments.hosts import way_to
from prompts.experiments.plan import Plan
from providers.interface import Request
from providers.measuring.measure import utc_now

MOST = 12
"""Number of models whose probe is priced on the page; more would make it slow."""


def probes(
    core: Engine, connections: Connections, found: Study, experiments: Sequence[Experiment]
) -> dict[str, str]:  # fmt: skip
    """What a probe of each unmeasured candidate would take, by name, such as `ask 5 cases, no fee`."""
    wanted = [each for each in found.shortlist.kept if not each.measured and not each.facts.cannot_ask][:MOST]
    said: dict[str, str] = {}
    for each in wanted:
        plan = _plan(found, experiments, each)
        if plan is None:
            continue
        past, now = history(core), utc_now()
        try:
            requests = [
                Request.ask(each.facts.model, plan.prompt(n, w), plan.settings_of(n, w, 0))
                for n in range(len(plan.cases)) for w in range(len(plan.wordings))
            ]  # fmt: skip
        except HoleError:
            continue
        way = way_to(plan.targets[0], connections)
        money = outlook([forecast_of(core, way, request, past, now) for request in requests]).money
        said[each.name] = f"ask {len(plan.cases)} cases, {money}"
    return said


def open_probe(found: Study, experiments: Sequence[Experiment], name: str) -> None:
    """Make the probe a draft of an experiment and open it, so that its cost is seen before it is started."""
    each = found.candidate(name)
    if each is None:
        return
    plan = _plan(found, experiments, each)
    if plan is not None:
        draft = drafts().new(Draft(plan, (each.facts.target,)), person())
        st.switch_page("app_pages/experiments.py", query_params={"experiment": draft})


def _plan(found: Study, experiments: Sequence[Experiment], candidate: Candidate) -> Plan | None:
    newest = [each for each in experiments if each.id in found.question.purpose.experiments]
    target = Target(candidate.facts.provider, candidate.facts.model)
    return probe(found.question.purpose.name, newest, target)
