"""A progress bar with the time left, for work that the page waits for."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from math import inf

import streamlit as st

from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.core.speed import TimeLeft
from providers.measuring.measure import monotonic

_EVERY_S = 0.2


def deleted_of(number: int) -> Callable[[float], str]:
    """Wording for `progress` while `number` runs are being deleted."""
    return lambda gone: f"{gone:,.0f} of {text_of.number_of(number, 'run')} deleted"


@contextmanager
def progress(said: Callable[[float], str], whole: float = 1.0) -> Generator[Callable[[float], None]]:
    """Show a bar while the block runs. Call the yielded function with how much of `whole` is done; `said` words it."""
    bar, time_left, drawn = st.progress(0.0, plain(said(0.0))), TimeLeft(monotonic, whole), -inf

    def tell(done: float) -> None:
        nonlocal drawn
        left, now = time_left.said(done), monotonic()
        if now - drawn >= _EVERY_S:
            drawn = now
            bar.progress(min(done / whole, 1.0) if whole else 1.0, plain(said(done) + left))

    try:
        yield tell
    finally:
        bar.empty()
