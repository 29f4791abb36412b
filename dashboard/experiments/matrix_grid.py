"""The matrix as a Streamlit component, and the check of what the browser sends when somebody acts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import streamlit as st

from dashboard.answer_grid.component import component

What = Literal["open", "diff", "ask", "rate", "ask-cases", "take"]
Rating = Literal[1, -1, 0]
"""Good, bad, or no rating."""
_WHAT = ("open", "diff", "ask", "rate", "ask-cases", "take")
_OF_CASES = ("ask-cases", "take")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person wants to do with a cell, or with whole cases."""

    what: What
    case: int
    side: int
    rating: Rating = 0
    """For `rate` only."""
    cases: tuple[int, ...] = ()
    """For `ask-cases` and `take` only: the chosen cases, in order."""


def show_matrix(data: Mapping[str, Any], *, key: str, on_act: Callable[[Act], object]) -> None:
    """Draw the rows of `data` (see `matrix_rows.py`); `on_act` is called before the page is drawn again."""
    cases, sides = frozenset(row["case"] for row in data["rows"]), len(data["sides"])

    def acted() -> None:
        state = st.session_state.get(key)
        act = read_act(state.get("act") if isinstance(state, Mapping) else None, cases, sides)
        if act is not None:
            on_act(act)

    component("matrix")(key=key, data=dict(data), on_act_change=acted)


def read_act(told: object, cases: frozenset[int], sides: int) -> Act | None:
    """The browser's message as an act; `None` if it is not about a cell that was shown. 1 may arrive as 1.0."""
    if not isinstance(told, Mapping) or told.get("what") not in _WHAT:
        return None
    case, side = told.get("case"), told.get("side")
    rating = told.get("rating")
    if not isinstance(case, int | float) or not isinstance(side, int | float):
        return None
    if case not in cases or side not in range(sides):
        return None
    chosen = _cases(told.get("cases"), cases) if told["what"] in _OF_CASES else ()
    if told["what"] in _OF_CASES and not chosen:
        return None
    return Act(told["what"], int(case), int(side), 1 if rating == 1 else -1 if rating == -1 else 0, chosen)


def _cases(told: object, shown: frozenset[int]) -> tuple[int, ...]:
    """The numbers in `told` that are cases shown."""
    if not isinstance(told, Sequence) or isinstance(told, str):
        return ()
    return tuple(sorted({int(each) for each in cast(Sequence[object], told) if isinstance(each, int | float)} & shown))
