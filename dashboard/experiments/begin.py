"""From the builder to a running experiment: the questions before anything is sent, and trying one case first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Literal

import streamlit as st

from dashboard import state
from dashboard.components.progress import progress
from dashboard.compose.keep_choice import chosen as chosen_to_keep
from dashboard.compose.privacy_prompt import sent_always
from dashboard.engine import Engine
from dashboard.experiments import fields
from dashboard.experiments.address import go_to
from dashboard.experiments.drafts import Draft, drafts
from dashboard.experiments.forecast import bill_of, only_checks, to_ask
from dashboard.experiments.models import not_local, unseeing_judges
from dashboard.markdown_escape import plain
from dashboard.user import actor, person
from prompts.asking.runner import Connections
from prompts.core.plan import plan as plan_of
from prompts.experiments.bill_sentences import confirmation
from prompts.experiments.cases import Cases
from prompts.experiments.experiments import Experiments
from prompts.experiments.judge import asked_of
from prompts.experiments.plan import Plan, PlanError, check_plan
from prompts.experiments.planning import check_extension
from prompts.experiments.private import Private, private, without_private
from prompts.record.recorder import RecordError

_NAME = 60  # characters of a name made from the prompt
_MANY = 2_000
"""From so many prompts on, scanning them for private data takes longer than a click should, so progress is shown."""
_STEP_S = 60.0
"""Seconds that checking one part (some hundred answers) may take."""
Action = Literal["start", "try"]
Matter = Literal["private", "cost"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the person must answer before anything is sent."""

    action: Action
    about: Matter
    said: str
    agreed: tuple[Matter, ...] = ()
    """What they have agreed to already."""


def start(core: Engine, connections: Connections, agreed: tuple[Matter, ...] = ()) -> None:
    """What Start does: show what is wrong, ask what must be asked, then start the experiment and open it."""
    _follow(core, connections, "start", agreed)


def try_one(core: Engine, connections: Connections, agreed: tuple[Matter, ...] = ()) -> None:
    """Ask every model the first case, as a run of its own, so that the forecast has measurements to rest on."""
    _follow(core, connections, "try", agreed)


def show_question(core: Engine, connections: Connections) -> None:
    """The open question with its buttons; nothing if there is none."""
    asked: Question | None = st.session_state.get(state.EXPERIMENT_ASKS)
    if asked is None:
        return
    with st.container(border=True, key="experiment-question"):
        title = "Send this?" if asked.about == "private" else "Start?"
        st.warning(plain(asked.said), title=title, icon=":material/help:")
        with st.container(horizontal=True):
            if asked.about == "private":
                st.button("Replace it", key="experiment-mask", type="primary", on_click=_mask, args=(connections,))
            yes = "Send as it is" if asked.about == "private" else "Start"
            st.button(
                yes, key="experiment-yes", type="secondary" if asked.about == "private" else "primary",
                on_click=_follow, args=(core, connections, asked.action, (*asked.agreed, asked.about)),
            )  # fmt: skip
            st.button("Cancel", key="experiment-no", type="tertiary", on_click=_answered)


def _follow(core: Engine, connections: Connections, action: Action, agreed: tuple[Matter, ...]) -> None:
    _answered()
    st.session_state[state.EXPERIMENT_SAYS] = None
    try:
        draft = _ready(fields.draft(connections), connections)
        if said := unseeing_judges(core, connections, draft.plan):
            raise PlanError(" ".join(said))
        if action == "start" and only_checks(core, draft):
            _start(core, connections, draft)
            return
        part = to_ask(core, draft)
        asked = replace(draft, plan=_first_case(draft.plan) if action == "try" else part)
        if "private" not in agreed and (found := _read(asked.plan, connections)):
            _ask(Question(action, "private", f"{found.sentence} Nothing was sent yet.", agreed))
        elif action == "try":
            _try(core, connections, asked.plan)
        elif "cost" not in agreed and (said := confirmation(bill_of(core, connections, asked), part)):
            _ask(Question(action, "cost", said, agreed))
        else:
            _start(core, connections, draft)
    except (ValueError, RecordError) as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _read(plan: Plan, connections: Connections) -> Private:
    prompts = len(plan.cases) * len(plan.wordings)
    if prompts < _MANY:
        return private(plan, connections, sent_always())
    said = f"Reading {prompts:,} prompts for keys and personal data before any is sent"
    with progress(lambda _: said) as tell:
        return private(plan, connections, sent_always(), tell)


def _ready(draft: Draft, connections: Connections) -> Draft:
    """The draft, named and checked. Raises `PlanError`, which says what is missing."""
    if draft.local_only and (said := not_local(connections, [str(target) for target in asked_of(draft.plan)])):
        raise PlanError(" ".join(said))
    return replace(draft, plan=check_plan(named(draft.plan)))


def named(plan: Plan) -> Plan:
    """`plan` with a name; if none was written, the beginning of its first prompt, in whole words."""
    if plan.name.strip() or not plan.wordings:
        return plan
    first = next((line for line in plan.wordings[0].prompt.splitlines() if line.strip()), "")
    words = shorten(first, _NAME, placeholder=" …")
    return replace(plan, name=first.strip()[:_NAME] if words == "…" else words)


def _start(core: Engine, connections: Connections, draft: Draft) -> None:
    if draft.extends is None or core.experiments is None:
        start_plan(core, connections, draft.plan, from_record=draft.from_record)
    else:
        _extend(core, core.experiments, connections, draft)
        go_to(draft.extends)
    if (draft_id := st.session_state.get(state.DRAFT)) is not None:
        drafts().started(draft_id, person())


def _extend(core: Engine, asked: Experiments, connections: Connections, draft: Draft) -> None:
    """Continue an experiment: first apply changed checks to the answers there are, then ask what is new."""
    id, plan, only = str(draft.extends), draft.plan, only_checks(core, draft)
    old = asked.find(id)
    if old is not None and old.plan.checks != plan.checks:
        check_extension(old.plan, replace(plan, checks=old.plan.checks))
        with progress(lambda _: "Applying the new checks to the answers; no model is asked") as tell:
            for part in core.each(asked.recheck(id, plan.checks, by=actor()), _STEP_S):
                tell(part)
    if not only:
        core.call(asked.extend(id, plan, connections, by=actor()))


def start_plan(core: Engine, connections: Connections, plan: Plan, *, from_record: bool = False) -> None:
    """Record an experiment, begin to ask, and open it. If it raises `RecordError` or `PlanError`, nothing was sent."""
    if core.experiments is None:
        raise RecordError(core.record_problem or "There is no record.")
    found = bill_of(core, connections, Draft(plan))
    experiment = core.call(core.experiments.start(
        plan, connections, by=actor(), from_record=from_record and plan.repeats == 1,
            leave_out=[str(plan.targets[n]) for n in found.left_out],
    ))  # fmt: skip
    drafts().expect(experiment, found)
    go_to(experiment)


def _first_case(plan: Plan) -> Plan:
    return replace(plan, cases=Cases(plan.cases.columns, plan.cases.rows[:1]), wordings=plan.wordings[:1])


def _try(core: Engine, connections: Connections, plan: Plan) -> None:
    targets = [target.with_settings(plan.settings_of(0, 0, n)) for n, target in enumerate(plan.targets)]
    asked = plan_of(plan.prompt(0, 0), targets, settings=plan.settings)
    run = core.start(replace(asked, keeps=chosen_to_keep(core)), connections, by=actor())
    st.session_state[fields.TRIED] = run.id


def _ask(question: Question) -> None:
    st.session_state[state.EXPERIMENT_ASKS] = question


def _answered() -> None:
    st.session_state[state.EXPERIMENT_ASKS] = None


def _mask(connections: Connections) -> None:
    """Mask in the fields what seems private; the person can then press Start again."""
    draft = fields.draft(connections)
    fields.fill(replace(draft, plan=without_private(draft.plan)))
    _answered()
