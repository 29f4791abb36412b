"""The button "Import": somebody's export in JSON Lines, alone or in a zip, checked first and then merged."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.typing import UploadedFile

from dashboard.components.progress import progress
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor, person
from prompts.core import format as text_of
from prompts.exchange.formats import ImportFileError
from prompts.exchange.importing import take_in
from prompts.exchange.merge import Taken
from prompts.history.archive import Archive
from prompts.record.database import RecordError

LARGEST_MB = 200
CHECKS = "Checking every line before anything is imported"


def import_button(core: Engine, *, on_taken: Callable[[], None] = lambda: None) -> None:
    """The button. `on_taken` is called after an import."""
    if st.button("Import", key="import", icon=":material/upload:", disabled=core.archive is None,
                 help="Adds runs that somebody exported as JSON Lines to this record."):  # fmt: skip
        _ask(core, on_taken)


@st.dialog("Import", icon=":material/upload:", on_dismiss="rerun")
def _ask(core: Engine, on_taken: Callable[[], None]) -> None:
    st.write(
        "Runs that are not here yet are added. Those that are here stay as they are; ratings and notes that others "
        "gave their answers are added. Nothing is duplicated, so a file can be imported again."
        + (" What others did or said is shown under their name, as imported by you." if person() else "")
    )
    file = st.file_uploader(
        "A Collate export in JSON Lines, alone or in a zip", ["jsonl", "zip"], key="import-file",
        max_upload_size=LARGEST_MB, help=f"Up to {LARGEST_MB} MB. A larger one is imported by `collate import FILE`.",
    )  # fmt: skip
    archive = core.archive
    if file is None or archive is None:
        return
    if st.button("Import this file", key="import-now", type="primary", icon=":material/upload:"):
        _take(archive, file, on_taken)


def _take(archive: Archive, file: UploadedFile, on_taken: Callable[[], None]) -> None:
    try:
        with progress(lambda part: CHECKS if part < 0.5 else "Importing") as tell:
            taken = take_in(archive, file, tell, by=actor())
    except (ImportFileError, RecordError) as exc:
        st.error(plain(str(exc)), icon=":material/error:")
        return
    st.success(said(taken), icon=":material/check:")
    on_taken()


def said(taken: Taken) -> str:
    """The result of an import, in a sentence."""
    if not (taken.runs or taken.there or taken.decisions):
        return "The file contains no run."
    parts = [f"{text_of.number_of(taken.runs, 'new run')} added" if taken.runs else "No run is new"]
    parts += [f"{taken.there:,} already here"] if taken.there else []
    parts += (
        [f"{taken.marks:,} {'rating or note' if taken.marks == 1 else 'ratings or notes'} added"] if taken.marks else []
    )
    parts += [f"{text_of.number_of(taken.votes, 'blind vote')} added"] if taken.votes else []
    parts += [f"{text_of.number_of(taken.decisions, 'decision')} added"] if taken.decisions else []
    parts += [f"{text_of.number_of(taken.attachments, 'file')} kept"] if taken.attachments else []
    return ", ".join(parts) + "."
