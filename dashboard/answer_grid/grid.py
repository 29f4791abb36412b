"""The answer grid as a Streamlit component.

Mounts the component and reads what its buttons send. Everything a browser sends is checked before it is passed on:
a column that does not exist, or a name that cannot be a setting's, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.answer_grid.component import component
from dashboard.answer_grid.feedback_wire import Marks, as_data, follow


def answer_grid(
    *,
    key: str,
    url: str,
    token: str = "",
    titles: Sequence[str],
    live: bool,
    draws: bool = False,
    begun: int = 0,
    on_stop: Callable[[int], object] | None = None,
    on_retry: Callable[[int], object] | None = None,
    on_without: Callable[[int, str], object] | None = None,
    on_continue: Callable[[int], object] | None = None,
    on_done: Callable[[], object] | None = None,
    marks: Marks | None = None,
) -> None:
    """Show the answers of one run, live or finished; a button without a callback is not shown.

    `url` is `sse.events_url(run.id)` and `token` is `sse.token(run.id, …)`.
    `live` is whether the run is still going when the page is drawn:
    `on_done` is called whenever an answer of such a run ends, not for one that is opened from history.
    `begun` grows with every attempt, so that the grid reconnects when another part of the page asks again.
    `on_continue` gets the column from whose answer the conversation goes on. Without `marks` no feedback is offered.
    """

    columns = len(titles)

    def said(name: str) -> object:
        state = st.session_state.get(key)
        return state.get(name) if isinstance(state, Mapping) else None

    def stop() -> None:
        _pass_on(on_stop, _column(said("stop"), columns))

    def retry() -> None:
        _pass_on(on_retry, _column(said("retry"), columns))

    def without() -> None:
        wish = said("without")
        if isinstance(wish, Mapping) and isinstance(setting := wish.get("setting"), str) and setting.isidentifier():
            _pass_on(on_without, _column(wish.get("column"), columns), setting)

    def go_on() -> None:
        _pass_on(on_continue, _column(said("continue"), columns))

    def done() -> None:
        if on_done:
            on_done()

    callbacks = {"stop": on_stop, "retry": on_retry, "without": on_without, "continue": on_continue}
    offers = {name: callback is not None for name, callback in callbacks.items()}
    component("answer_grid")(
        key=key,
        data={
            "url": url, "token": token, "titles": list(titles), "live": live, "draws": draws, "begun": begun,
            "offers": offers, "marks": as_data(marks),
        },
        on_stop_change=stop, on_retry_change=retry, on_without_change=without, on_continue_change=go_on,
        on_done_change=done, on_mark_change=lambda: follow(marks, said("mark")),
    )  # fmt: skip


def _pass_on(callback: Callable[..., object] | None, column: int | None, *more: str) -> None:
    if callback and column is not None:
        callback(column, *more)


def _column(value: object, columns: int) -> int | None:
    return next((column for column in range(columns) if column == value), None)  # a browser's 1 may arrive as 1.0
