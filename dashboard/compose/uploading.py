"""Adding a picture made elsewhere to a run, for models that cannot be asked from here, such as Midjourney."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.components.theirs import may
from dashboard.engine import Engine
from dashboard.user import actor
from prompts.asking.runs import STEER
from prompts.core.drawn import PictureError
from prompts.core.run import Run
from prompts.exchange import uploaded
from prompts.exchange.uploaded import LONGEST_NAME, brought
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

_TYPES = ("png", "jpg", "jpeg", "webp", "gif")


def offer_upload(core: Engine, run: Run) -> None:
    """The offer, below the pictures of one's own run that has ended and is saved with its content."""
    if not run.finished or run.keeps != "everything" or not may(STEER, run.person):
        return
    key = f"{state.UPLOAD_FILE}-{run.id}-{len(run.answers)}"  # changes once a file is taken, which empties the field
    with st.popover("Add a picture made elsewhere", icon=":material/attach_file:", key="upload"):
        st.text_input("Made with", max_chars=LONGEST_NAME, key=state.UPLOAD_NAME, placeholder="Midjourney, for example")
        st.file_uploader(
            "Picture", _TYPES, key=key,
            help="PNG, JPEG, WebP or GIF. It is shown beside the others, can be rated, exported and voted on blind, "
            "and is labelled as uploaded. Its time and cost are unknown.",
        )  # fmt: skip
        taken = st.session_state.get(key) is not None
        st.button("Add it", key="upload-add", disabled=not taken, on_click=_take, args=(core, run, key))


def _take(core: Engine, run: Run, key: str) -> None:
    file: Any = st.session_state.get(key)
    if file is None or core.archive is None:
        return
    made_with: str = st.session_state.get(state.UPLOAD_NAME) or ""
    st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = None, False
    try:
        shown, by = brought(file.getvalue()), actor()
        core.archive.write(lambda c: uploaded.add(c, run.id, made_with, shown, by, utc_now()))
    except PictureError as exc:
        st.session_state[state.PROBLEM] = f"{file.name} cannot be added: {exc}."
    except RecordError as exc:
        st.session_state[state.PROBLEM] = str(exc)
    else:
        core.read_afresh(run.id)
