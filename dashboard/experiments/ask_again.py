"""Asking cells again, after saying what it will probably cost and whether something may be paid twice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import fmean

import streamlit as st

from dashboard import state
from dashboard.components.theirs import may, theirs
from dashboard.engine import engine
from dashboard.experiments.loaded import Loaded, forget, on_record
from dashboard.experiments.manage import CHANGE, COPY
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.experiments.asked import AskedCell
from prompts.experiments.plan import PlanError
from prompts.record.recorder import RecordError


def ask_again_button(found: Loaded, cells: Sequence[AskedCell], label: str, *, key: str) -> None:
    """A button that opens the dialog, for those who may change the experiment."""
    if may(CHANGE, found.experiment.person) and st.button(label, key=key, icon=":material/replay:"):
        show_ask_again(found, cells)


@st.dialog("Ask again?", icon=":material/replay:")
def show_ask_again(found: Loaded, cells: Sequence[AskedCell]) -> None:
    """The dialog: the price, and the button that asks."""
    offer(found, cells, key="dialog")


def offer(found: Loaded, cells: Sequence[AskedCell], *, key: str) -> None:
    """The content of that dialog, also for use inside another one."""
    if theirs(CHANGE, found.experiment.person, COPY):
        return
    if found.experiment.stage == "running":
        st.caption("It is still being asked. Wait until it is over.")
        return
    over = [cell for cell in cells if cell.state != "waiting"]
    if not over:
        st.caption("These were not asked yet. Resume the experiment instead.")
        return
    many = text_of.number_of(len(over), "answer")
    replaced = " The new answers take the place of the old." if any(cell.answered for cell in over) else ""
    st.caption(plain(f"Asking {many} again costs {price(found, over)}.{replaced}"))
    if lost := sum(cell.state == "unknown" for cell in over):
        st.warning(f"{lost} of them may have been answered already, and charged: they would be paid twice.")
    if st.button(f"Ask {many} again", key=f"ask-again-{key}", icon=":material/replay:"):
        _ask(found, over)


def price(found: Loaded, cells: Sequence[AskedCell]) -> str:
    """The expected cost in words, from the mean cost of each side's answers so far: `about $0.012` or `no fee`."""
    sides = {(side.target, side.wording): side for side in found.results.sides}
    total, unknown = Decimal(0), False
    for cell in cells:
        side = sides[cell.cell.target, cell.cell.wording]
        known = [cost for case in side.costs for cost in case]
        if known:
            total += Decimal(repr(fmean(known)))
        else:
            unknown = unknown or not side.no_fee
        if side.judged and side.judged.spent and side.answered:  # a new answer is judged anew, which costs too
            total += side.judged.spent / side.answered
    if unknown:
        return f"at least {text_of.money(total)}; some prices are not known" if total else "an amount that is not known"
    return f"about {text_of.money(total)}" if total else "no fee"


def _ask(found: Loaded, cells: Sequence[AskedCell]) -> None:
    record, core = on_record(), engine()
    if record is None:
        st.error("There is no record to keep the answers in.")
        return
    base = core.configuration.connections
    connections = state.own_connections(base)
    try:
        core.call(record.ask_again(found.experiment.id, list(cells), connections, by=actor()))
    except (RecordError, PlanError) as exc:
        st.error(plain(str(exc)))
        return
    forget()
    st.rerun()
