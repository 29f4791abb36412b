"""Attachments of the prompt: pictures and PDFs, recognised by their content and not by their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.core.targets import Target
from providers.catalogue.file_limits import too_large
from providers.catalogue.modalities import LARGEST, to_fit
from providers.files import text_files
from providers.files.intake import FileError, name_of, scaled, take
from providers.files.pictures import Room
from providers.interface import Attachment

_TYPES = ("png", "jpg", "jpeg", "jfif", "webp", "gif", "pdf", *text_files.ENDINGS)


@dataclass(frozen=True, slots=True)
class Checked:
    """The files that can be sent, a sentence for each that cannot (`problems`), and for each change (`remarks`)."""

    files: tuple[Attachment, ...]
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def attach() -> tuple[Attachment, ...]:
    """The button "Attach" with its list; returns the attached files, which stay until they are removed."""
    files = attached()
    with st.popover(f"Attach ({len(files)})" if files else "Attach", icon=":material/attach_file:", key="attach"):
        # A new key after every upload, because a field cannot be emptied of what was taken over in any other way.
        st.file_uploader(
            "Pictures, PDFs and text", _TYPES, accept_multiple_files=True, key=_inbox(), on_change=_take_over,
            help="They can be dropped on the prompt or pasted into it too. PNG, JPEG, WebP, GIF or PDF, "
            f"{text_of.size(LARGEST)} together. They are sent to every model. "
            "Pictures are sent upright and without their metadata, such as place, time and device. Text, Markdown, "
            "CSV, JSON and e-mails (.eml) are put into the prompt, where you can read and edit them.",
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
        for remark in st.session_state.get(state.FILE_REMARKS) or ():
            st.caption(plain(remark))
    return files


def attached() -> tuple[Attachment, ...]:
    """The files that are attached now."""
    return st.session_state.get(state.FILES) or ()


def offer_to_fit(targets: Iterable[Target]) -> None:
    """A button that makes the pictures small enough for all of `targets`, if one of them would refuse them."""
    if (wanted := to_fit(targets, attached())) is not None:
        st.button(
            "Scale pictures to fit", key="fit-files", icon=":material/photo_size_select_large:", on_click=_fit,
            args=(wanted,), help="All models get the same pictures, as small as the strictest of them requires.",
        )  # fmt: skip


def checked(incoming: Iterable[tuple[str, bytes]], already: tuple[Attachment, ...]) -> Checked:
    """`already`, and the files of `incoming` that can be sent."""
    files, problems, remarks = list(already), list[str](), list[str]()
    for path, data in incoming:
        # Before the file is opened: one that is too large is not worth reading.
        if sum(len(file.data) for file in files) + len(data) > LARGEST:
            problems.append(over_limit(path))
            continue
        try:
            taken = take(path, data)
        except FileError as exc:
            problems.append(str(exc))
            continue
        if any(file.data == taken.file.data for file in files):
            problems.append(f"{taken.file.name} is attached already.")
        else:
            files.append(taken.file)
            remarks += taken.remarks
    return Checked(tuple(files), tuple(problems), tuple(remarks))


def made_to_fit(files: Iterable[Attachment], wanted: Room) -> Checked:
    """`files` with every picture that is too large scaled down; one that cannot be scaled stays as it is."""
    made, problems, remarks = list[Attachment](), list[str](), list[str]()
    for file in files:
        try:
            taken = scaled(file, wanted) if too_large(file, wanted) else None
        except FileError as exc:
            problems.append(str(exc))
            taken = None
        made.append(taken.file if taken else file)
        remarks += taken.remarks if taken else ()
    return Checked(tuple(made), tuple(problems), tuple(remarks))


def _inbox() -> str:
    return f"{state.INBOX}{st.session_state.get(state.INBOX, 0)}"


def take_in(incoming: Sequence[tuple[str, bytes]]) -> tuple[str, ...]:
    """Attach files, and put text files into the prompt; returns a sentence for each one refused. Only in a callback."""
    problems = _into_prompt([each for each in incoming if text_files.is_text(each[0])])
    found = checked([each for each in incoming if not text_files.is_text(each[0])], attached())
    st.session_state[state.DROPPED] = ()
    _keep(replace(found, problems=(*problems, *found.problems)))
    return (*problems, *found.problems)


def over_limit(path: str) -> str:
    """The sentence for a file that is too large, by itself or together with the others."""
    return f"{name_of(path)} is too large: all files together may have {text_of.size(LARGEST)}."


def _take_over() -> None:
    take_in([(upload.name, upload.getvalue()) for upload in st.session_state.get(_inbox()) or ()])
    st.session_state[state.INBOX] = st.session_state.get(state.INBOX, 0) + 1


def _into_prompt(incoming: Iterable[tuple[str, bytes]]) -> list[str]:
    """Append each text to what is typed; returns a sentence for each file that is not text."""
    problems: list[str] = []
    for path, data in incoming:
        try:
            text = text_files.read(path, data).quoted
        except FileError as exc:
            problems.append(str(exc))
            continue
        before = (st.session_state.get(state.PROMPT) or "").rstrip()
        st.session_state[state.PROMPT] = f"{before}\n\n{text}" if before else text
    return problems


def _fit(wanted: Room) -> None:
    _keep(made_to_fit(attached(), wanted))


def _keep(found: Checked) -> None:
    st.session_state[state.FILES], st.session_state[state.FILE_PROBLEMS] = found.files, found.problems
    st.session_state[state.FILE_REMARKS] = found.remarks


def _remove(index: int) -> None:
    files = attached()
    _keep(Checked(files[:index] + files[index + 1 :]))
