"""Sharing: a link that fills in Compare in somebody else's Collate, and a run as one HTML file to read anywhere."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state
from dashboard.answer_grid.save_button import save_button
from dashboard.compose.pictures import is_drawing
from dashboard.compose.sets import present
from dashboard.engine import Engine
from dashboard.exports.html_report import report
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.run import Run
from prompts.core.share_link import Shared, to_link


def share(core: Engine, connections: Connections, run: Run | None) -> None:
    """The link and, if there is a run, the file."""
    st.markdown("**A link** carries the prompt, the models and their settings; no key, file or answer.")
    try:
        st.code(_link(connections), language=None, wrap_lines=False)
    except ValueError as exc:
        st.caption(plain(str(exc)))
    if run is None:
        return
    st.markdown("**A file** carries this run with its answers and figures; any browser reads it, without network.")
    save_button(
        "Save as HTML", lambda: report(run, core.configuration.connections, _pictures(core, run)),
        f"collate-{run.id[:8]}.html", "text/html", key="html", ready=run.finished,
    )  # fmt: skip


def _pictures(core: Engine, run: Run) -> Callable[[str], bytes | None]:
    """A function that gives a picture of the run by its digest: from memory if it is still there, else the record."""
    held = {digest: data for answer in run.answers for digest, data in answer.contents.items()}
    return lambda digest: held.get(digest) or core.picture(digest)


def _link(connections: Connections) -> str:
    """The link to what is typed and chosen. Raises `ValueError` if there is nothing to share."""
    get = st.session_state.get
    shared = Shared(
        get(state.PROMPT) or "", present(connections), int(get(state.REPEATS) or 1),
        bool(get(state.FAIR)) and not is_drawing(), bool(get(state.LOCAL_ONLY)),
    )  # fmt: skip
    if not shared.prompt.strip() or not shared.choice.targets:
        raise ValueError("Write a prompt and choose models; then there is something to link to.")
    return f"{(st.context.url or '').partition('?')[0]}?ask={to_link(shared)}"
