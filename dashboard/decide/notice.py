"""The notice of decisions that have aged, on the first page and in History.

The code that reads experiments is imported only if a decision is on record: the first page must not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.decide import decision_store
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

if TYPE_CHECKING:
    from prompts.core.decision import Decision
    from prompts.decide.ageing import Aged

_SHOWN = 3


def tell_aged(core: Engine) -> None:
    """Name the decisions that should be looked at again, each with its first reason; nothing if none has aged."""
    try:
        found = _aged(core)
    except RecordError:
        return  # the page itself says so
    if not found:
        return
    count = "1 decision may be out of date" if len(found) == 1 else f"{len(found)} decisions may be out of date"
    said = [plain(f"{each.decision.task}: {each.decision.chosen}. {each.reasons[0]}") for each in found[:_SHOWN]]
    with st.container(key="aged-decisions"):
        st.warning("  \n".join(said), title=count, icon=":material/history:")
        st.page_link("app_pages/choose.py", label="Look at them", icon=":material/fact_check:")


def reviewed(core: Engine) -> Sequence[tuple[Decision, Aged | None]]:
    """The newest decision of each task, each with what has aged (`None`: nothing). Raises `RecordError`."""
    archive = core.archive
    if archive is None or not archive.read(decision_store.any_there):
        return []
    experiments = core.experiments  # imports them
    if experiments is None:
        return []
    from prompts.decide.review import review
    from prompts.decide.watch_store import drifts

    return review(archive, experiments.list(), archive.read(drifts), core.pricer.list_price, utc_now())


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def _aged(_core: Engine) -> list[Aged]:
    return [old for _, old in reviewed(_core) if old is not None]


def forget_aged() -> None:
    """Call when a decision was recorded or deleted: the notice is worked out anew."""
    _aged.clear()
