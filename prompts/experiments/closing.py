"""Records the end of the asking of an experiment. Inside the caller's transaction."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.core.format import money
from prompts.experiments import plan_store
from prompts.experiments.asked import Ending


def close(connection: sa.Connection, me: str, id: str, ending: Ending, note: str) -> None:
    """Note that `me` no longer asks it, and why; if money ended it, also how much there was."""
    reason = (out_of_money(connection, id) if ending.money else "") or ending.reason
    plan_store.end(connection, me, id, ending.stage, f"{reason} {note}".strip())


def out_of_money(connection: sa.Connection, id: str) -> str:
    """Why it stopped for lack of money, in a sentence; empty if it has no budget any more."""
    head = plan_store.head(connection, id)
    if head is None or head.budget is None:
        return ""
    held = f", and {money(head.reserved)} may have been charged" if head.reserved else ""
    return (
        f"The budget of {money(head.budget)} is reached: {money(head.spent)} spent{held}. Raise it to ask for the rest."
    )
