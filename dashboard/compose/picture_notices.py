"""The notices before pictures are asked for: where the prompt goes in one line, then whatever is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.answer_grid.view import host
from dashboard.compose.forecasts import forecast_of, history
from dashboard.compose.keep_choice import sentence
from dashboard.compose.notices import adjustments, obstacles, targets_or_why
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.forecast import Outlook, outlook
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.interface import Request

_TOY = (
    "Built-in shapes is a toy: a real diffusion model that draws a circle, square, triangle or cross of 16 × 16 dots. "
    "It reads one word of the prompt."
)


def picture_notices(core: Engine, reachable: Connections, chosen: list[str]) -> None:
    """The line under Run, then the warnings."""
    targets = targets_or_why(core, reachable, chosen, state.PICTURES)
    if not targets:
        return
    places = list(dict.fromkeys(host(reachable[each.provider].endpoint) for each in targets))
    calls = text_of.number_of(len(targets) * int(st.session_state.get(state.REPEATS) or 1), "picture")
    expected = _expected(core, reachable, targets)
    cost = "each shows what it cost" if expected.money == "cost unknown" else expected.money
    st.caption(
        plain(f"{calls} from {' and '.join(places)}, {cost}. {sentence(core)}"),
        help="\n\n".join(map(plain, expected.grounds)) or None,
    )
    asked_for, of_itself = adjustments(core, reachable, targets)
    lines = [_TOY] if any(map(_is_toy, targets)) else []
    warnings = [*obstacles(reachable, targets), *asked_for, *of_itself]
    if said := [*map(plain, lines), *(f":material/warning: {plain(each)}" for each in warnings)]:
        st.caption("  \n".join(said))


def _is_toy(target: Target) -> bool:
    if target.provider != "builtin":
        return False
    from providers.builtin.shapes import MODEL  # takes a tenth of a second, which the first page need not wait for

    return target.model == MODEL


def _expected(core: Engine, reachable: Connections, targets: Sequence[Target]) -> Outlook:
    """The forecast of what the pictures will cost, as far as their vendors publish prices."""
    prompt, repeats = str(st.session_state.get(state.PROMPT) or ""), int(st.session_state.get(state.REPEATS) or 1)
    now = datetime.now(UTC)
    try:
        past = history(core)
    except RecordError:
        past = {}  # the page says so already
    each = [
        forecast_of(core, reachable[target.provider], Request.ask(target.model, prompt, target.settings), past, now)
        for target in targets
    ]
    return outlook(each * repeats)
