"""What a run may cost, and whether it fits, before it is sent: from estimates and from what was asked here before."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard.engine import Engine
from prompts.forecast import History, forecast, sentences
from prompts.run import Run
from prompts.runner import Connections
from providers.connections import Connection
from providers.interface import ModelInfo


def forecasts(core: Engine, connections: Connections, *runs: Run) -> list[str]:
    """In sentences; the `runs` are planned, not begun."""
    history, now = _history(core), datetime.now(UTC)
    return sentences([
        forecast(
            run.request(lane), connection := connections[lane.target.provider], core.runner.pricer, history, now,
            _listed(core, connection, lane.target.model),
        )
        for run in runs
        for lane in run.lanes
    ])  # fmt: skip


# Counts of tokens, no latencies: half a minute old is as good as new.
@st.cache_data(ttl=30, max_entries=1, show_spinner=False)
def _history(_core: Engine) -> History:
    return _core.output_history()


def _listed(core: Engine, connection: Connection, model: str) -> ModelInfo | None:
    listing = core.models.get(connection)
    return next((info for info in listing.models if info.id == model), None) if listing else None
