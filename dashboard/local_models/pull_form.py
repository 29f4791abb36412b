"""Pulling models: choosing what to pull, the progress of each download, and how it ended."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.theirs import may, theirs
from dashboard.engine import Engine
from dashboard.local_models.facts import fit, parts_line, progress_line, suggestions
from dashboard.local_models.pulls import MANAGE, Pull, any_live, pulls_of
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.record.recorder import RecordError
from providers.config.connections import Connection
from providers.local.machine import Memory
from providers.local.ollama_facts import Installed, Inventory, advice, wanted

_EVERY_S = 0.5
_ENDED = {"done": ":green-badge[here]", "failed": ":red-badge[failed]", "cancelled": ":gray-badge[cancelled]"}


def ask_for_model(core: Engine, server: Connection, inventory: Inventory) -> None:
    """The field for a model's name, suggested or typed, and the button Pull."""
    st.subheader("Pull another", anchor=False)
    if theirs(MANAGE):
        return
    known = {row.id: row.label for row in suggestions(inventory, pulls_of(core).of(server))}
    typed: str | None = st.session_state.get(state.LOCAL_WANTED)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Model", [*known, *([typed] if typed and typed not in known else [])],
            index=None, key=state.LOCAL_WANTED, accept_new_options=True, filter_mode="contains",
            placeholder="Choose one, or type a name such as qwen3:8b",
            format_func=lambda name: f"{name} ({known[name]})" if name in known else name,
            help="Any name that Ollama knows, with its tag after a colon: llama3.2:1b. Suggestions are from the "
            "shipped catalogue, less what is already here.",
        )  # fmt: skip
        st.button(
            "Pull", type="primary", icon=":material/download:", key="pull", on_click=_start, args=(core, server),
            disabled=not typed,
        )  # fmt: skip
    st.caption(
        "Ollama downloads it from ollama.com, or from the host that the name begins with. How large it is, and so "
        "whether it will fit, is unknown until the download begins; it can be cancelled then."
    )


def show_pulls(core: Engine, server: Connection, memory: Memory | None, context_tokens: int) -> None:
    """Every download from this server. A fragment that redraws itself only while one is under way."""
    live = any_live(pulls_of(core).of(server))
    draw = st.fragment(_draw_pulls, run_every=_EVERY_S if live else None)
    draw(core, server, memory, context_tokens, live)


def _draw_pulls(core: Engine, server: Connection, memory: Memory | None, context_tokens: int, was_live: bool) -> None:
    pulls = pulls_of(core).of(server)
    if was_live != any_live(pulls):
        st.rerun()  # the whole page, because a model was installed, or the fragment must begin to redraw itself
    for pull in pulls:
        with st.container(border=True, key=f"pull-{pull.name}"):
            if pull.state == "live":
                _under_way(core, pull, memory, context_tokens)
            else:
                _ended(core, server, pull)
    if was_live:
        st.caption("A download shares network, disk and processor with answers: timings taken meanwhile may be slower.")


def _under_way(core: Engine, pull: Pull, memory: Memory | None, context_tokens: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{plain(pull.name)}**")
        if may(MANAGE):
            st.button(
                "Cancel", icon=":material/close:", key=f"cancel-{pull.name}", on_click=_cancel, args=(core, pull),
                help="Ollama keeps what has arrived; pulling again continues from there.",
            )  # fmt: skip
    figures = pull.figures
    st.progress(figures.share or 0.0, text=plain(progress_line(pull)))
    if figures.total_bytes:
        size = Installed(pull.name, None, figures.total_bytes)
        st.caption(
            plain(f"{parts_line(pull)}. {fit(size, (), memory, context_tokens).reason}"),
            help="Ollama's own count of bytes; the speed is that of the last five seconds. A part is counted once "
            "Ollama begins it, so the whole can still grow a little.",
        )  # fmt: skip


def _ended(core: Engine, server: Connection, pull: Pull) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{plain(pull.name)}** &nbsp; {_ENDED[pull.state]}")
        with st.container(horizontal=True, width="content"):
            if pull.state != "done" and may(MANAGE):
                st.button(
                    "Pull again", icon=":material/refresh:", key=f"again-{pull.name}", on_click=_pull_again,
                    args=(core, server, pull.name),
                )  # fmt: skip
            st.button(
                "Dismiss", key=f"dismiss-{pull.name}", type="tertiary", on_click=pulls_of(core).dismiss,
                args=(server, pull),
            )  # fmt: skip
    kept = text_of.size(pull.figures.completed_bytes)
    if pull.failure is not None:
        st.error(plain(f"{pull.failure.message}. {advice(pull.failure, server.endpoint)}"), icon=":material/error:")
    elif pull.state == "cancelled":
        arrived = f"Ollama keeps the {kept} that had arrived; pulling again continues from there."
        st.caption(plain(arrived if pull.figures.completed_bytes else "Nothing had arrived yet."))
    else:
        st.caption(plain(f"{kept} on disk, checked by Ollama. It can be asked on Compare."))


def _start(core: Engine, server: Connection) -> None:
    typed = st.session_state.get(state.LOCAL_WANTED) or ""
    if not (name := wanted(typed)):
        said = f"{typed!r} is not the name of a model; write one such as llama3.2 or llama3.2:1b."
        st.session_state[state.LOCAL_NOTE] = False, said
        return
    _pull_again(core, server, name)
    st.session_state[state.LOCAL_WANTED] = None


def _pull_again(core: Engine, server: Connection, name: str) -> None:
    try:
        pulls_of(core).start(server, name, by=actor())
    except RecordError as exc:
        st.session_state[state.LOCAL_NOTE] = False, str(exc)


def _cancel(core: Engine, pull: Pull) -> None:
    try:
        pulls_of(core).cancel(pull, by=actor())
    except RecordError as exc:
        st.session_state[state.LOCAL_NOTE] = False, str(exc)
