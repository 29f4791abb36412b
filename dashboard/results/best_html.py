"""The verdict card as HTML. Pure; every name in it is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.analysis.best import ONCE, TITLES, Best
from prompts.core.printable import escape

WAITING = tuple(Best(title, doubt="Once all answers are in.") for title in TITLES)
"""Shown while answers arrive, so that what is below does not move later."""


def cards(every: Sequence[Best]) -> str:
    """A tile for each figure, in a row that scrolls sideways if there is no room."""
    return f'<dl class="best" tabindex="0">{"".join(map(_tile, every))}</dl>'


def once(every: Sequence[Best]) -> str:
    """The doubt that is to be said once for all tiles; empty if none has it."""
    return ONCE if any(ONCE in each.doubt for each in every) else ""


def _tile(best: Best) -> str:
    title = escape(best.title)
    if best.among:
        title += f' <span class="muted">{escape(best.among)}</span>'
    doubt = best.doubt.replace(ONCE, "").strip()
    said = f'<dd class="muted">{escape(doubt)}</dd>' if doubt else ""
    if not best.names:
        return f'<div><dt>{title}</dt><dd class="best-who">—</dd>{said}</div>'
    tie = '<span class="muted">tie: </span>' if len(best.names) > 1 else ""
    who = "<br>".join(map(escape, best.names))
    figure = f'{escape(best.figure)} <span class="muted">n = {best.n}</span>'
    return (
        f'<div data-best><dt>{title}</dt><dd class="best-who">{tie}{who}</dd>'
        f'<dd class="best-figure">{figure}</dd>{said}{_conditions(best)}</div>'
    )


def _conditions(best: Best) -> str:
    """The unequal conditions; folded, because they are long and often the same for every figure."""
    if not best.conditions:
        return ""
    lines = "".join(f"<li>{escape(each)}</li>" for each in best.conditions)
    return f'<dd class="muted"><details><summary>Unequal conditions</summary><ul>{lines}</ul></details></dd>'
