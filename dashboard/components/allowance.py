"""What the person who is logged in has spent today, if the team has a daily limit."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import person
from prompts.core.format import money
from prompts.record import spending
from prompts.record.recorder import RecordError
from prompts.record.spending import Spent


def show_allowance(core: Engine) -> None:
    """Show it as a line, or as a warning once nothing is left; nothing without a limit or without a login."""
    limit, who, archive = core.configuration.team.usd_per_day, person(), core.archive
    if limit is None or not who or archive is None:
        return
    try:
        now = archive.read(lambda connection: spending.today(connection, who))
    except RecordError:
        return  # the page says elsewhere that the record cannot be read
    if now.spent + now.reserved >= limit:
        st.warning(plain(f"{said(now, limit)} No further paid calls are sent for you until midnight UTC."))
    else:
        st.caption(plain(said(now, limit)))


def said(now: Spent, limit: Decimal) -> str:
    """What was spent and what is set aside today, in US dollars, as a sentence."""
    aside = f" and {money(now.reserved)} set aside for calls in progress" if now.reserved else ""
    return f"Today {money(now.spent)} spent{aside}, of {money(limit)} that you may spend a day."
