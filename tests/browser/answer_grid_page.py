"""The page of the harness: one grid, and in words what its buttons said."""

import answer_grid_runs as runs
import streamlit as st

from dashboard.answer_grid.grid import answer_grid
from dashboard.answer_grid.sse import events_url, token

st.set_page_config(layout="wide")
run = runs.find(st.query_params.get("run", "stream"))
said = st.session_state.setdefault("said", [])


def retry(column: int) -> None:
    said.append(f"retry {column}")
    run.retry(column)


def without(column: int, setting: str) -> None:
    said.append(f"without {column} {setting}")
    run.retry(column)


def stop(column: int) -> None:
    said.append(f"stop {column}")
    run.stop(column)


def go_on(column: int) -> None:
    said.append(f"continue {column}")


@st.fragment
def grid() -> None:
    answer_grid(
        key="grid", url=events_url(run.id), token=token(run.id),
        titles=[column.title for column in run.columns], live=not run.finished,
        on_stop=stop, on_retry=retry, on_without=without,
        on_continue=go_on, on_done=lambda: said.append("done"),
    )  # fmt: skip
    st.text("said: " + ", ".join(said))


grid()
