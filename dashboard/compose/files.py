"""What goes along with the prompt: pictures and PDFs, checked by what they are and not by their names."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from providers.catalogue.modalities import LARGEST, media_type
from providers.interface import Attachment

_TYPES = ("png", "jpg", "jpeg", "webp", "gif", "pdf")
_LONGEST_NAME = 120


def attach() -> tuple[Attachment, ...]:
    """The button "Attach" with its list; what was attached stays until it is taken away."""
    files = attached()
    with st.popover(f"Attach ({len(files)})" if files else "Attach", icon=":material/attach_file:", key="attach"):
        # A key of its own for each turn: what was taken over leaves the field, which cannot be emptied otherwise.
        st.file_uploader(
            "Pictures and PDFs", _TYPES, accept_multiple_files=True, key=_inbox(), on_change=_take_over,
            help=f"PNG, JPEG, WebP, GIF or PDF, {text_of.size(LARGEST)} together. They are sent to every model.",
        )  # fmt: skip
        for problem in st.session_state.get(state.FILE_PROBLEMS) or ():
            st.error(plain(problem), icon=":material/error:")
        for index, file in enumerate(files):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.caption(plain(f"{file.name}, {text_of.size(len(file.data))}"))
                st.button(
                    "Remove", key=f"remove-file-{index}", type="tertiary", icon=":material/close:", on_click=_remove,
                    args=(index,),
                )  # fmt: skip
    return files


def attached() -> tuple[Attachment, ...]:
    """What goes along now."""
    return st.session_state.get(state.FILES) or ()


def checked(
    incoming: Iterable[tuple[str, bytes]], already: tuple[Attachment, ...]
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """`already` and what of `incoming` can be sent, and a sentence for each file that cannot."""
    files, problems = list(already), list[str]()
    for path, data in incoming:
        name = path.replace("\\", "/").rsplit("/", 1)[-1][:_LONGEST_NAME] or "file"
        kind = media_type(data)
        if not data:
            problems.append(f"{name} is empty.")
        elif kind is None:
            problems.append(f"{name} is not a PNG, JPEG, WebP or GIF picture and not a PDF, whatever its name says.")
        elif sum(len(file.data) for file in files) + len(data) > LARGEST:
            problems.append(f"{name} is too large: all files together may have {text_of.size(LARGEST)}.")
        elif any(file.data == data for file in files):
            problems.append(f"{name} is attached already.")
        else:
            files.append(Attachment(name, kind, data))
    return tuple(files), tuple(problems)


def _inbox() -> str:
    return f"{state.INBOX}{st.session_state.get(state.INBOX, 0)}"


def _take_over() -> None:
    incoming = [(upload.name, upload.getvalue()) for upload in st.session_state.get(_inbox()) or ()]
    st.session_state[state.FILES], st.session_state[state.FILE_PROBLEMS] = checked(incoming, attached())
    st.session_state[state.INBOX] = st.session_state.get(state.INBOX, 0) + 1


def _remove(index: int) -> None:
    files = attached()
    st.session_state[state.FILES] = files[:index] + files[index + 1 :]
    st.session_state[state.FILE_PROBLEMS] = ()
