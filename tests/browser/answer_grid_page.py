"""The page of the harness: one grid, and in words what its buttons said."""

import answer_grid_runs as runs
import streamlit as st

from dashboard.answer_grid.grid import answer_grid
from dashboard.answer_grid.sse import events_url

st.set_page_config(layout="wide")
run = runs.find(st.query_params.get("run", "stream"))
said = st.session_state.setdefault("said", [])


def retry(lane: int) -> None:
    said.append(f"retry {lane}")
    run.retry(lane)


def without(lane: int, setting: str) -> None:
    said.append(f"without {lane} {setting}")
    run.retry(lane)


def stop(lane: int) -> None:
    said.append(f"stop {lane}")
    run.stop(lane)


def go_on(lane: int) -> None:
    said.append(f"continue {lane}")


@st.fragment
def grid() -> None:
    answer_grid(
        key="grid", url=events_url(run.id), titles=[lane.title for lane in run.lanes], live=not run.finished,
        on_stop=stop, on_retry=retry, on_without=without,
        on_continue=go_on, on_done=lambda: said.append("done"),
    )  # fmt: skip
    st.text("said: " + ", ".join(said))


grid()
