"""The forecast beside the builder ("the bill"): calls, money, time, budget, and which differences the plan can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard.components.record_away import show_record_away
from dashboard.engine import Engine
from dashboard.experiments import fields
from dashboard.experiments.begin import named, start, try_one
from dashboard.experiments.drafts import Draft
from dashboard.experiments.forecast import bill_of, to_ask, tried_run
from dashboard.experiments.models import unseeing_judges
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.run import Run
from prompts.experiments.bill import Bill, Line
from prompts.experiments.bill_judges import Judging
from prompts.experiments.bill_parts import Place
from prompts.experiments.bill_sentences import against_budget, enough_cases, unheld
from prompts.experiments.holes import HoleError
from prompts.experiments.judge import bill_line
from prompts.experiments.plan import Plan, PlanError, can_show, problems
from prompts.record.recorder import RecordError

_POLL_S = 1.0


def show_bill(core: Engine, connections: Connections, draft: Draft) -> None:
    """Everything that is known about what Start will do, and the button Start."""
    plan = named(draft.plan)
    wrong = list(dict.fromkeys([*problems(plan), *unseeing_judges(core, connections, plan)]))
    st.subheader("The bill", anchor=False)
    st.markdown(plain(multiplied(plan)))
    bill = None if wrong else _bill(core, connections, replace(draft, plan=plan))
    if bill is not None:
        for line in bill.lines:
            _line(plan, bill, line)
        for judge in bill.judges:
            st.markdown(f":gray[{plain(judge.name)}, judge]  \n{plain(judge_line(judge))}")
        _together(plan, bill)
    _ask_money(plan, bill)
    _what_matters(plan, bill)
    if wrong:
        with st.container(key="experiment-missing"):
            st.markdown("\n".join(f"- {plain(each)}" for each in wrong))
    show_record_away(core)
    with st.container(horizontal=True, vertical_alignment="center"):
        # No shortcut: Ctrl+Enter finishes typing in a field, and must not start something that may cost a lot.
        st.button(
            "Start", type="primary", key="experiment-start", icon=":material/play_arrow:", on_click=start,
            args=(core, connections), disabled=core.record_problem is not None,
        )  # fmt: skip
        st.button(
            "Try one case first", key="experiment-try", icon=":material/science:", on_click=try_one,
            args=(core, connections),
            help="Asks the first case of every model once, as a run in History, and shows what it cost and took. "
            "It is not part of the experiment.",
        )  # fmt: skip
    _show_tried(core, draft)


def multiplied(plan: Plan) -> str:
    """The size of a plan in words: `12 cases × 2 wordings × 3 models × 3 repeats = 216 answers`."""
    parts = [text_of.number_of(len(plan.cases), "case")]
    if len(plan.wordings) > 1:
        parts.append(text_of.number_of(len(plan.wordings), "wording"))
    parts.append(text_of.number_of(len(plan.targets), "model"))
    if plan.repeats > 1:
        parts.append(text_of.number_of(plan.repeats, "repeat"))
    judgements = bill_line(plan)
    said = f"{' × '.join(parts)} = {text_of.number_of(plan.size, 'picture' if plan.draws else 'answer')}"
    return f"{said} + {judgements}" if judgements else said


def _bill(core: Engine, connections: Connections, draft: Draft) -> Bill | None:
    try:
        return bill_of(core, connections, replace(draft, plan=to_ask(core, draft)))
    except (RecordError, HoleError, PlanError) as exc:
        st.caption(plain(str(exc)))
        return None


def _line(plan: Plan, bill: Bill, line: Line) -> None:
    """One model: its forecast cost and time, with what they are based on in the tooltip."""
    out = line.target in bill.left_out
    took = f", {text_of.long_time(line.seconds)}" if line.seconds is not None else ", time not known"
    said = "left out: its price is not known" if out else f"{line.money}{took}"
    tried = f"  \n:small[{plain(line.tried)}]" if line.tried and not out else ""
    st.markdown(
        f":gray[{plain(_name(plan, line.target))}]  \n{plain(said)}{tried}",
        help="\n\n".join(map(plain, line.grounds)) or None,
    )  # fmt: skip
    for misfit in line.misfits:
        st.caption(f":material/warning: {plain(misfit)}")


def judge_line(judge: Judging) -> str:
    """The forecast of one judge in words: `about $0.10 to $0.20, 72 judgements, 2 min`."""
    took = text_of.long_time(judge.seconds) if judge.seconds is not None else "time not known"
    return f"{judge.money}, {text_of.number_of(judge.calls, 'judgement')}, {took}"


def _name(plan: Plan, target: int) -> str:
    name = str(plan.targets[target])
    return f"{name} #{target + 1}" if sum(str(each) == name for each in plan.targets) > 1 else name


def _together(plan: Plan, bill: Bill) -> None:
    if said := unheld(bill, plan):
        st.warning(plain(said))
    if not bill.calls:
        return
    prompts = len(plan.cases) * len(plan.wordings)
    calls = text_of.number_of(bill.calls, "call")
    ready = (
        f"Ready in **{plain(bill.duration)}**{_untimed(bill)}"
        if bill.duration
        else "Time not known: none was timed here"
    )
    st.markdown(
        f"**{plain(bill.money)}** for {plain(calls)}  \n{ready}",
        help=plain("; ".join([
            *map(_place, bill.places),
            *(f"then judges at {_place(place)}" for place in bill.judge_places),
        ])),
    )  # fmt: skip
    if bill.sampled < prompts:
        st.caption(f"From {bill.sampled:,} of {prompts:,} prompts, spread over the table.")
    if against := against_budget(bill, plan):
        st.caption(plain(against))


def _untimed(bill: Bill) -> str:
    """How many models have no complete answer that was timed, so that the "at least" does not include them."""
    asked = [line for line in bill.lines if line.target not in bill.left_out]
    unknown = sum(line.seconds is None for line in asked)
    return f": no complete answer of {unknown} of {len(asked)} models was timed here" if unknown else ""


def _place(place: Place) -> str:
    """One place in words: `OpenAI: 3,600 calls, 1.0 h (its own limit of 60 calls a minute)`."""
    decided = f" ({place.decided_by})" if place.decided_by else ""
    return f"{place.name}: {text_of.number_of(place.calls, 'call')}, {text_of.long_time(place.seconds)}{decided}"


def _ask_money(plan: Plan, bill: Bill | None) -> None:
    with st.container(horizontal=True):
        st.number_input(
            "Budget, $", 0.01, None, None, 1.0, key=fields.BUDGET, placeholder="none", width=140,
            help="In US dollars. Before each call the most it may cost is set aside; a call that would exceed the "
            "budget is not sent.",
        )  # fmt: skip
        st.number_input(
            "Ask me above, $", 0.0, None, None, 1.0, key=fields.ASK_ABOVE, placeholder="never", width=140,
            help="Start asks once more where the forecast is above this.",
        )  # fmt: skip
    unpriced = [str(plan.targets[line.target]) for line in bill.lines if not line.priced] if bill else []
    if unpriced and plan.budget.usd is not None:
        st.session_state.setdefault(fields.UNKNOWN, "leave out")
        st.radio(
            plain(f"What it costs to ask {_listed(unpriced)} is not known, so the budget cannot be enforced"),
            ("leave out", "ask"), key=fields.UNKNOWN, format_func=_CHOICES.__getitem__,
        )  # fmt: skip


_CHOICES = {"leave out": "Leave it out", "ask": "Ask it outside the budget"}


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _what_matters(plan: Plan, bill: Bill | None) -> None:
    st.session_state.setdefault(fields.MATTERS, 10)
    st.number_input(
        "What difference would matter to you? (points)", 1, 99, key=fields.MATTERS,
        help="In pass rate: 10 points are 80 % against 70 %. It decides how many cases are needed, and what counts as "
        "no difference.",
    )  # fmt: skip
    asked = plan
    if bill is not None and bill.left_out:
        asked = replace(plan, targets=tuple(t for n, t in enumerate(plan.targets) if n not in bill.left_out))
    if len(asked.cases) and asked.targets:
        st.caption(plain(" ".join(filter(None, (can_show(asked), enough_cases(asked))))))
    names = list(dict.fromkeys(map(str, plan.targets)))
    if len(plan.sides) > 2 or st.session_state.get(fields.BASELINE):
        if st.session_state.get(fields.BASELINE) not in names:
            st.session_state[fields.BASELINE] = None
        st.selectbox(
            "Compare all with", names, index=None, key=fields.BASELINE, placeholder="each other",
            help="Named before the run. Fewer comparisons can show smaller differences.",
        )  # fmt: skip


def _show_tried(core: Engine, draft: Draft) -> None:
    """The state of the trial case, with a link to it; redraws the page when it has finished."""
    try:
        run = tried_run(core, draft)
    except RecordError as exc:
        st.caption(plain(str(exc)))
        return
    if run is None:
        return
    if not run.finished:
        st.fragment(_wait_for, run_every=_POLL_S)(run)
    st.page_link("app_pages/compare.py", label="See what it answered", query_params={"run": run.id})


def _wait_for(run: Run) -> None:
    over = sum(answer.completion is not None for answer in run.answers)
    st.caption(f"Asking the first case: {over} of {len(run.answers)} have answered.")
    if run.finished:
        st.rerun()
