"""Block 4 of the builder: the checks of an answer, each as a sentence, tried at once on a sample answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.experiments import fields
from dashboard.experiments.check_fields import ask_field
from dashboard.markdown_escape import plain
from prompts.experiments.checks.check import CODE, Check, CheckError, Finding, IncompleteError, Subject
from prompts.experiments.checks.judge import KINDS_OF_JUDGE
from prompts.experiments.checks.kinds import ELSEWHERE, KINDS, look, validate
from prompts.experiments.plan import Plan, unused

MOST = 30
_key = fields.check_key
_SUGGESTED = 3
_LONGEST = 80  # characters of a value in a sentence: a schema may have thousands
_FIRST, _FIRST_OF_PICTURES = "contains", "picture-size"
_FIELD = re.compile(r"\{(\w+)\}")


def ask_checks(plan: Plan, judges: Sequence[str]) -> None:
    """A row per check, then the sample answer; the cases of `plan` fill the checks' holes.

    `judges`: models that may be asked to judge, as `provider:model`.
    """
    numbers: list[int] = st.session_state.setdefault(fields.CHECKS, [])
    sample = "" if plan.draws else str(st.session_state.get(fields.SAMPLE) or "")
    for number in numbers:
        with st.container(border=True, key=f"experiment-check-{number}"):
            _row(number, plan.draws, judges)
            _found(number, sample, plan)
    st.button(
        "Add a check", icon=":material/add:", key="experiment-add-check", on_click=_add, disabled=len(numbers) >= MOST,
        args=(Check(_FIRST_OF_PICTURES if plan.draws else _FIRST),),
    )  # fmt: skip
    if not numbers:
        _suggest(plan)
    elif not plan.draws:
        _ask_sample(plan)


def _suggest(plan: Plan) -> None:
    """Suggest first checks: a column that no prompt reads often holds the expected answer."""
    st.caption("Without a check, answers are shown side by side, and nothing says which is better.")
    if plan.draws:
        size = plan.settings.picture.size if plan.settings.picture else None
        if size is not None:
            check = Check(_FIRST_OF_PICTURES, value=size)
            st.button(plain(sentence(check).capitalize()), key="experiment-suggest-size", icon=":material/add:",
                      on_click=_add, args=(check,))  # fmt: skip
        return
    with st.container(horizontal=True):
        for column in unused(plan)[:_SUGGESTED] if len(plan.cases) else ():
            check = Check(_FIRST, value=f"{{{{{column}}}}}", fold=frozenset({"case"}))
            st.button(
                plain(f"Answer contains {{{{{column}}}}}"), key=f"experiment-suggest-{column}", icon=":material/add:",
                on_click=_add, args=(check,),
            )  # fmt: skip


def sentence(check: Check) -> str:
    """A check in words, such as `answer contains {{city}}`, or its own name if it has one."""

    def said(match: re.Match[str]) -> str:
        value = getattr(check, match[1])
        text = " ".join((", ".join(value) if isinstance(value, tuple) else str(value)).split())
        return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") or "…"

    kind = KINDS[check.kind]
    return check.name or f"{'not: ' if check.negated else ''}{_FIELD.sub(said, kind.sentence)}"


def _row(number: int, draws: bool, judges: Sequence[str]) -> None:
    kind = KINDS[st.session_state.get(_key("kind", number)) or _FIRST]
    offered = [each for each in KINDS.values() if each.fits(draws) and each.name != CODE]
    fitting = [each.name for each in (offered if kind in offered else [*offered, kind])]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "The picture …" if draws else "The answer …", fitting, key=_key("kind", number), width=330,
            format_func=lambda name: _FIELD.sub("…", KINDS[name].sentence),
        )  # fmt: skip
        for name in kind.reads:
            ask_field(name, number, kind.name, judges)
        with st.popover("More", icon=":material/tune:", key=f"experiment-check-more-{number}"):
            _more(number)
        st.button(
            "Remove", icon=":material/close:", key=f"experiment-drop-check-{number}", on_click=_drop, args=(number,)
        )


def _more(number: int) -> None:
    st.toggle("Not: it passes when this is false", key=_key("negated", number))
    st.toggle("Counts for pass or fail", key=_key("counts", number), help="Off: shown beside the others only.")
    if st.session_state.get(_key("kind", number)) in KINDS_OF_JUDGE:
        st.toggle("May judge its own family", key=_key("own_family", number), help="Judges prefer their own kind.")
    st.number_input("Weight in the score", 0.0, None, None, 0.5, key=_key("weight", number), placeholder="1")
    st.text_input("Name", key=_key("name", number), placeholder="its own sentence")
    st.text_input(
        "Only cases with something in this column", key=_key("when", number), placeholder="every case",
        help="The name of a column; cases where it is empty are not checked.",
    )  # fmt: skip


def _found(number: int, sample: str, plan: Plan) -> None:
    """The check as a sentence with what it finds in the sample, or with what is wrong with the check."""
    check = fields.check(number)
    try:
        validate(check)
    except IncompleteError as exc:
        st.caption(plain(str(exc)))  # nothing is wrong yet
        return
    except CheckError as exc:
        st.caption(f":red[{plain(str(exc))}]")
        return
    kind = KINDS[check.kind]
    if not kind.fits(plan.draws):
        st.caption(f"{plain(sentence(check))}  \n:gray[{plain(ELSEWHERE[kind.looks_at])} It gives no verdict.]")
        return
    if not sample.strip():
        st.caption(plain(sentence(check)))
        return
    finding = look(Subject(sample), check, _values(plan))
    st.caption(f"{_mark(finding)} {plain(sentence(check))}: {plain(finding.reason)}")


def _mark(finding: Finding) -> str:
    return {True: ":green[✓ passes]", False: ":red[✗ fails]", None: ":gray[no verdict]"}[finding.passed]


def _ask_sample(plan: Plan) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        st.text_area(
            "Try the checks on an answer", key=fields.SAMPLE, height=80, placeholder="Type or paste an answer",
            help="Nothing is asked: the checks read this text as if a model had answered it.",
        )  # fmt: skip
        if len(plan.cases) > 1:
            st.session_state[fields.SAMPLE_CASE] = _case(plan) + 1
            st.number_input("To case", 1, len(plan.cases), key=fields.SAMPLE_CASE, width=110)


def _values(plan: Plan) -> Mapping[str, str]:
    return plan.values(_case(plan)) if len(plan.cases) else {}


def _case(plan: Plan) -> int:
    """The case (from 0) that the sample answers; the last one if there are fewer now."""
    return min(int(st.session_state.get(fields.SAMPLE_CASE) or 1), max(1, len(plan.cases))) - 1


def _add(check: Check = Check(_FIRST)) -> None:
    numbers: list[int] = st.session_state[fields.CHECKS]
    new = max(numbers, default=-1) + 1
    fields.put_check(new, check)
    st.session_state[fields.CHECKS] = [*numbers, new]


def _drop(number: int) -> None:
    st.session_state[fields.CHECKS] = [n for n in st.session_state[fields.CHECKS] if n != number]


def check_holes(checks: Sequence[Check]) -> list[str]:
    """The holes in these checks, each once: columns that the cases need."""
    return list(dict.fromkeys(hole for check in checks for hole in check.holes))
