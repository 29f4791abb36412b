"""A download button whose file is made when it is clicked.

Owns its look, and keeps its address the same however often the page is drawn (`offered_files.py` says why this is
not Streamlit's own button).
"""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.offered_files import Make, OfferedFile, offer
from dashboard.answer_grid.panel import panel
from dashboard.logins import visitor
from prompts.core.printable import escape

_ARROW = (
    "<svg viewBox='0 0 16 16' aria-hidden='true'><path d='M8 2v8.2M4.6 7.2 8 10.6l3.4-3.4M3 13.6h10' fill='none' "
    "stroke='currentColor' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round'/></svg>"
)


def save_button(
    label: str, make: Make, name: str, media_type: str, *, key: str, says: str = "", ready: bool = True
) -> None:
    """Show the button. `make` is called at the click and gives the content of the file `name`; `says` is its tooltip.

    With `ready` false the button is shown but disabled.
    """
    files: dict[str, OfferedFile] = st.session_state.setdefault(state.OFFERED_FILES, {})
    who = visitor()
    file = files.get(key)
    if file is None or file.who != who:
        file = files[key] = offer(make, name, media_type, who)
    file.make, file.name, file.media_type = make, name, media_type
    hint = f" title='{escape(says)}'" if says else ""
    where = f"href='{escape(file.url)}' download" if ready else "role='link' aria-disabled='true'"
    panel(f"<a class='save' {where}{hint}>{_ARROW}{escape(label)}</a>", key=key, label=label, width="content")
