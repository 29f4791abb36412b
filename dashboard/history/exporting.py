"""The button "Export" and its dialog: format, number of runs, then the file, with progress while it is made."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.components.page_url import first_page
from dashboard.engine import Engine
from dashboard.exports.offers import Offer, exports
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.core.printable import escape
from prompts.core.run_summaries import Filter
from prompts.exchange.exporting import size
from prompts.exchange.formats import FORMATS, ExportError, Selection
from prompts.history.archive import Archive
from prompts.record.database import RecordError

POLL_S = 0.7


def export_button(
    core: Engine, *, runs: Sequence[str] | None = None, looked_for: Filter = Filter(), key: str = "export"
) -> None:
    """The button. It exports `runs`, or all that the filter finds if `runs` is `None`."""
    everything = runs is None and looked_for == Filter()
    what = "everything on record" if everything else "what is listed" if runs is None else "the selected runs"
    if st.button("Export", key=key, icon=":material/download:", help=f"Saves {what} as a file.",
                 disabled=core.archive is None):  # fmt: skip
        # The list leaves out the answers of experiments, but an export of everything must contain them.
        wanted = Filter(planned=True) if everything else looked_for
        _ask(core, Selection(None if runs is None else tuple(runs), wanted))


@st.dialog("Export", icon=":material/download:", on_dismiss="rerun")
def _ask(core: Engine, selection: Selection) -> None:
    archive = core.archive
    if archive is None:
        return
    try:
        number = size(archive, selection)
        if number == 0:
            st.info("There is nothing to export: no run matches.", icon=":material/search_off:")
            return
        _offer(core, archive, selection, number)
    except (RecordError, ExportError) as exc:
        st.error(plain(str(exc)), icon=":material/error:")


def _offer(core: Engine, archive: Archive, selection: Selection, number: int) -> None:
    chosen = st.radio(
        "Format", list(FORMATS), key=state.EXPORT_FORMAT, format_func=lambda name: FORMATS[name].label,
        captions=[form.purpose for form in FORMATS.values()],
    )  # fmt: skip
    st.caption("An export contains prompts, answers and figures, never a key.")
    connections = core.configuration.connections
    _download(exports.offer(archive, selection, chosen, connections, number, visitor(), first_page()))


@st.fragment(run_every=POLL_S)
def _download(offer: Offer) -> None:
    """The link to the file and, once it is being fetched, the progress."""
    label = f"Save {text_of.number_of(offer.runs, 'run')} as {FORMATS[offer.format_name].label}"
    panel(
        f"<p><a class='export-link' href='{escape(offer.url)}' download data-pick='fetch'>{escape(label)}</a></p>",
        key=f"export-link-{offer.token[:8]}", label="The file",
    )  # fmt: skip
    so_far = f"{offer.done:,} of {text_of.number_of(offer.runs, 'run')}, {text_of.size(offer.size)}"
    if offer.state == "under way":
        st.progress(min(1.0, offer.done / max(1, offer.runs)), so_far + offer.left)
        st.button("Stop", key="export-stop", icon=":material/stop:", on_click=offer.stop)
    elif offer.state == "done":
        made = f"{text_of.number_of(offer.done, 'run')}, {text_of.size(offer.size)}"
        st.success(f"Saved: {made}.", icon=":material/check:")
        if offer.note:
            st.info(plain(offer.note), icon=":material/info:")
    elif offer.state == "stopped":
        st.info(f"Stopped after {so_far}. The saved file is incomplete.", icon=":material/stop:")
    elif offer.state == "failed":
        st.error(plain(f"{offer.problem} The saved file is incomplete."), icon=":material/error:")
