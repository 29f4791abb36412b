"""Converts between the builder's fields and the draft that they describe, in both directions without loss.

Owns the session keys of the builder, which all begin with `state.BUILDER`. The models and their settings use the keys
of Compare with the suffix `scope()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.compose.chips import sorted_out
from dashboard.compose.column_settings import apply, columns_of
from dashboard.compose.pictures import IMAGES, TEXT, is_drawing
from dashboard.compose.settings import settings_from_session
from dashboard.experiments.case_grid import EMPTY
from dashboard.experiments.drafts import Draft
from prompts.asking.runner import Connections
from prompts.core.presets import Choice
from prompts.core.targets import Target, parse_target
from prompts.experiments.cases import Cases
from prompts.experiments.checks.check import Check
from prompts.experiments.checks.judge import KINDS_OF_JUDGE
from prompts.experiments.checks.kinds import KINDS, without_unread
from prompts.experiments.plan import Budget, Plan, Wording

NAME = state.BUILDER + "name"  # str
WORDINGS = state.BUILDER + "wordings"  # list[int]: the numbers of the wordings, in order of display
CHECKS = state.BUILDER + "checks"  # list[int]: the numbers of the checks, in order of display
CASES = state.BUILDER + "cases"  # Cases: with all changes
BASE = state.BUILDER + "cases-base"  # Cases: as given to the grid, which reports changes against them
GRID = state.BUILDER + "grid"  # int: part of the grid's key; a new number makes a new grid
FILES = state.BUILDER + "files"  # int: how often cases were taken from a table or file
ENCODING = state.BUILDER + "encoding"  # str | None: chosen encoding of the last text table
BEFORE = state.BUILDER + "cases-before"  # Cases | None: what Undo brings back
REPEATS, MATTERS = state.BUILDER + "repeats", state.BUILDER + "matters"  # int, int: points
BUDGET, ASK_ABOVE = state.BUILDER + "budget", state.BUILDER + "ask-above"  # float | None: US dollars
UNKNOWN = state.BUILDER + "unknown"  # "leave out" | "ask"
BASELINE = state.BUILDER + "baseline"  # str | None
FROM_RECORD = state.BUILDER + "from-record"  # bool
EXTENDS = state.BUILDER + "extends"  # str | None: id of the experiment that the draft extends
TRIED = state.BUILDER + "tried"  # str | None: id of the run in which one case was tried
NOTES = state.BUILDER + "notes"  # tuple[str, ...]: what in the file it was opened from could not be followed
SAMPLE, SAMPLE_CASE = state.BUILDER + "sample", state.BUILDER + "sample-case"  # str, int: what checks are tried on
GATE = state.BUILDER + "gate"  # Gate: used by the command line only; carried along so that saving keeps it
MAPPED = state.BUILDER + "column-"  # + name of a hole; str: the column that fills it
TARGETS = state.TARGETS + state.EXPERIMENT
WANTED = state.WANTED + state.EXPERIMENT
LOCAL_ONLY = state.LOCAL_ONLY + state.EXPERIMENT
_TEXTS = ("name", "prompt", "system", "source")
_NUMBERS = ("at_least", "at_most", "tolerance")


def key(field: str, number: int, of: str = "wording") -> str:
    """The session key of a field of one wording, or of one check."""
    return f"{state.BUILDER}{of}-{field}-{number}"


def check_key(field: str, number: int) -> str:
    """The session key of a field of one check."""
    return key(field, number, "check")


def scope() -> str:
    """The suffix of the keys of models and settings; text and pictures have separate choices."""
    return state.PICTURES + state.EXPERIMENT if is_drawing(state.EXPERIMENT) else state.EXPERIMENT


def fill(draft: Draft) -> None:
    """Put a draft into the fields; only in a callback, or before they are drawn."""
    forget()
    put, plan = st.session_state, draft.plan
    put[NAME], put[CASES], put[REPEATS] = plan.name, plan.cases, plan.repeats
    put[MATTERS], put[BASELINE], put[GATE] = round(100 * plan.matters), plan.baseline, plan.gate
    put[BUDGET], put[ASK_ABOVE], put[UNKNOWN] = (
        _dollars(plan.budget.usd), _dollars(plan.budget.ask_above), plan.budget.unknown,
    )  # fmt: skip
    put[FROM_RECORD], put[TRIED], put[LOCAL_ONLY] = draft.from_record, draft.tried, draft.local_only
    put[EXTENDS], put[NOTES] = draft.extends, draft.notes
    put[WORDINGS], put[CHECKS] = list(range(len(plan.wordings))), list(range(len(plan.checks)))
    for n, wording in enumerate(plan.wordings):
        put_wording(n, wording)
    for n, check in enumerate(plan.checks):
        put_check(n, check)
    for hole, column in plan.columns.items():
        put[MAPPED + hole] = column
    put[WANTED] = IMAGES if plan.draws or plan.settings.picture is not None else TEXT
    if plan.targets:
        apply(Choice(plan.targets, plan.settings), scope())
    if draft.chosen:
        put[state.TARGETS + scope()] = list(draft.chosen)


def forget() -> None:
    """Clear all fields of the builder."""
    for name in list(map(str, st.session_state)):
        scoped = name.partition(state.OWN)[0].endswith(state.EXPERIMENT)
        if scoped or name.startswith(state.BUILDER):
            del st.session_state[name]


def put_wording(number: int, wording: Wording) -> None:
    """Fill the fields of one wording."""
    for field in _TEXTS:
        st.session_state[key(field, number)] = getattr(wording, field) or ""


def put_check(number: int, check: Check) -> None:
    """Fill the fields of one check."""

    def put(field: str, value: Any) -> None:
        st.session_state[check_key(field, number)] = value

    put("kind", check.kind)
    put("values", "\n".join(check.values))
    put("judges", list(check.values) if check.kind in KINDS_OF_JUDGE else [])
    put("fold", sorted(check.fold))
    for field in ("value", "field", "against", *_NUMBERS, "negated", "weight", "counts", "name", "own_family", "when"):
        put(field, getattr(check, field))


def wording_name(number: int) -> str:
    """What a wording without a name is called: `wording A`, as rates and counts follow it in sentences."""
    return f"wording {ascii_uppercase[number]}" if number < len(ascii_uppercase) else f"wording no. {number + 1}"


def wording(number: int) -> Wording:
    """One wording, from its fields."""
    name, prompt, system, source = (str(st.session_state.get(key(field, number)) or "") for field in _TEXTS)
    return Wording(name.strip() or wording_name(number), prompt, system if system.strip() else None, source)


def check(number: int) -> Check:
    """One check, from its fields; those that its kind does not use are left out."""

    def get(field: str) -> Any:
        return st.session_state.get(check_key(field, number))

    kind = get("kind") or next(iter(KINDS))
    values: Sequence[str] = (get("judges") or []) if kind in KINDS_OF_JUDGE else (get("values") or "").splitlines()
    return without_unread(Check(
        kind=kind, value=get("value") or "", values=tuple(value.strip() for value in values if value.strip()),
        field=get("field") or "", against=get("against") or "", at_least=get("at_least"), at_most=get("at_most"),
        tolerance=get("tolerance"),
        fold=frozenset(get("fold") or ()), negated=bool(get("negated")),
        weight=1.0 if get("weight") is None else float(get("weight")),
        counts=get("counts") is not False, own_family=bool(get("own_family")), name=(get("name") or "").strip(),
        when=(get("when") or "").strip(),
    ))  # fmt: skip


def cases() -> Cases:
    """The cases with all changes."""
    return st.session_state.get(CASES) or EMPTY


def draft(connections: Connections) -> Draft:
    """The draft that the fields describe."""
    get = st.session_state.get
    chosen: list[str] = get(state.TARGETS + scope()) or []
    planned = Plan(
        name=(get(NAME) or "").strip(), wordings=tuple(wording(n) for n in get(WORDINGS) or ()), cases=cases(),
        targets=_targets(chosen, connections), repeats=int(get(REPEATS) or 1),
        settings=settings_from_session(scope()), columns=_mapped(),
        checks=tuple(check(n) for n in get(CHECKS) or ()), budget=_budget(), **_gate(),
        matters=int(get(MATTERS) or 10) / 100, baseline=get(BASELINE),
    )  # fmt: skip
    return Draft(
        planned, tuple(chosen), bool(get(LOCAL_ONLY)), bool(get(FROM_RECORD)), extends=get(EXTENDS), tried=get(TRIED),
        notes=get(NOTES) or (),
    )  # fmt: skip


def _gate() -> dict[str, Any]:
    return {"gate": st.session_state[GATE]} if st.session_state.get(GATE) else {}


def _targets(chosen: list[str], connections: Connections) -> tuple[Target, ...]:
    """The targets that can be asked; the picker names the others."""
    good, _ = sorted_out(chosen, connections, {})
    columns = columns_of(good, scope())
    return tuple(parse_target(text, connections, settings_from_session(own)) for text, own in columns)


def _mapped() -> dict[str, str]:
    mapped = {name: st.session_state[name] for name in map(str, st.session_state) if name.startswith(MAPPED)}
    return {name.removeprefix(MAPPED): column for name, column in mapped.items() if column}


def _budget() -> Budget:
    get = st.session_state.get
    return Budget(_decimal(get(BUDGET)), _decimal(get(ASK_ABOVE)), get(UNKNOWN) or "leave out")


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _dollars(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
