"""What is said before pictures are asked for: one line of where the prompt goes, and what stands in its way."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.view import host
from dashboard.compose.keep_choice import sentence
from dashboard.compose.notices import adjustments, obstacles, targets_or_why
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from providers.builtin.shapes import MODEL

_TOY = (
    "Built-in shapes is a toy: a real diffusion model that draws a circle, square, triangle or cross of 16 × 16 dots. "
    "It reads one word of the prompt."
)


def picture_notices(core: Engine, reachable: Connections, chosen: list[str]) -> None:
    """The line under Run: where the prompt goes; then what stands in the way."""
    targets = targets_or_why(core, reachable, chosen, state.PICTURES)
    if not targets:
        return
    places = list(dict.fromkeys(host(reachable[each.provider].endpoint) for each in targets))
    calls = text_of.number_of(len(targets) * int(st.session_state.get(state.REPEATS) or 1), "picture")
    free = all(reachable[each.provider].local for each in targets)
    cost = "no fee" if free else "each shows what it cost"
    st.caption(plain(f"{calls} from {' and '.join(places)}, {cost}. {sentence(core)}"))
    asked_for, of_itself = adjustments(core, reachable, targets)
    lines = [_TOY] if any((each.provider, each.model) == ("builtin", MODEL) for each in targets) else []
    warnings = [*obstacles(reachable, targets), *asked_for, *of_itself]
    if said := [*map(plain, lines), *(f":material/warning: {plain(each)}" for each in warnings)]:
        st.caption("  \n".join(said))
