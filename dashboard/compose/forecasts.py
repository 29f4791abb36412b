"""What a run may cost, and whether it fits the models, before it is sent: from estimates and from earlier answers."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard.engine import Engine
from prompts.asking.runner import Connections
from prompts.core.forecast import Forecast, History, Outlook, forecast, outlook
from prompts.core.plan import Plan
from providers.adapters.ollama_listing import full_name
from providers.config.connections import Connection
from providers.interface import ModelInfo, Request


def outlook_of(core: Engine, connections: Connections, *plans: Plan) -> Outlook:
    """The forecast of all these plans together, in words. Raises `RecordError`."""
    past, now = history(core), datetime.now(UTC)
    return outlook(
        [
            forecast_of(core, connections[cell.target.provider], plan.request(cell), past, now)
            for plan in plans
            for cell in plan.cells
        ]
    )


def forecast_of(core: Engine, connection: Connection, request: Request, past: History, now: datetime) -> Forecast:
    """The forecast of one request, from its text, the price at `now` and `past` answers."""
    return forecast(
        request, connection, core.pricer, past, now, listed(core, connection, request.model),
        core.adjustments(connection, request),
    )  # fmt: skip


# Counts of tokens, not latencies: half a minute old is as good as new.
@st.cache_data(ttl=30, max_entries=1, show_spinner=False)
def history(_core: Engine) -> History:
    """How many tokens earlier answers had. Raises `RecordError`."""
    return _core.output_history()


def listed(core: Engine, connection: Connection, model: str) -> ModelInfo | None:
    """What the provider's live list says of the model; `None` if the list has not come or does not name it."""
    listing = core.models.get(connection)
    same = full_name if connection.kind == "ollama" else str
    return next((info for info in listing.models if same(info.id) == same(model)), None) if listing else None
