"""One prompt of the library: its text with a case filled in, the actions on it, and its versions."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.components.theirs import may, theirs
from dashboard.components.time_zone import time_zone
from dashboard.markdown_escape import plain
from dashboard.prompt_library import draft as drafts
from dashboard.prompt_library.done import Done, act
from dashboard.prompt_library.draft import Draft
from dashboard.prompt_library.list import choose
from dashboard.prompt_library.text_html import prompt_html
from dashboard.prompt_library.tried import try_in_compare
from dashboard.prompt_library.values import Filling, ask_filling, missing
from dashboard.prompt_library.versions import COPY, SAVE, show_versions
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.core.targets import changes
from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import Version
from prompts.experiments.library.shipped import shipped
from providers.interface import Settings
from providers.measuring.measure import utc_now

_TEXT, _VERSIONS = "Text", "Versions"


def show_prompt(prompts: Library, version: Version) -> None:
    """Show the newest version, or the comparison of two versions."""
    st.subheader(plain(version.prompt.name), anchor=False)
    st.caption(plain(_said(version)))
    bar = st.container(horizontal=True, vertical_alignment="center", key="library-actions")
    view = st.segmented_control(
        "What to look at", [_TEXT, _VERSIONS], default=_TEXT, required=True, label_visibility="collapsed",
        key=f"{state.LIBRARY_VIEW}{version.key}",
    )  # fmt: skip
    filling = Filling(None)
    if view == _VERSIONS:
        show_versions(prompts, version)
    else:
        filling = _show_text(version)
    with bar:
        if view == _TEXT:
            _try(version, filling)
        _actions(prompts, version)


def _said(version: Version) -> str:
    """Its reference in a plan, its task, its author, and its settings, in a line."""
    parts = [version.reference, version.prompt.task, "shipped with Collate" if not version.own else "yours"]
    if version.saved_at is not None:
        by = f" by {version.saved_by}" if version.saved_by else ""
        parts.append(f"saved {text_of.ago(version.saved_at, utc_now(), time_zone())}{by}")
    return " · ".join([*parts, *changes(Settings(), version.prompt.settings)])


def _show_text(version: Version) -> Filling:
    filling = ask_filling(version)
    panel(prompt_html(version.prompt, filling.values), key=f"library-text-{version.key}", label="The prompt")
    if (expected := (filling.values or {}).get("expected")) and "expected" not in version.prompt.holes:
        st.caption(plain(f"Expected: {expected}"))
    if version.prompt.notes:
        st.caption(plain(version.prompt.notes))
    return filling


def _try(version: Version, filling: Filling) -> None:
    empty = missing(version, filling)
    said = (
        f"Fill {', '.join(f'{{{{{name}}}}}' for name in empty)} first: choose a case or write your own."
        if empty
        else f"Puts it into the fields of Compare with {filling.name}. Nothing is sent yet."
    )
    pressed = st.button(
        "Try in Compare", type="primary", key="library-try", icon=":material/compare_arrows:", disabled=bool(empty),
        help=plain(said),
    )  # fmt: skip
    if pressed and filling.values is not None:
        system, prompt = version.prompt.filled(filling.values)
        try_in_compare(f"{version.reference}, {filling.name}", system, prompt, version.prompt.settings)
        st.switch_page("app_pages/compare.py")
    if st.button(
        "Use in an experiment", key="library-experiment", icon=":material/experiment:",
        help="Starts an experiment with this prompt and its sample cases. Nothing is sent yet.",
    ):  # fmt: skip
        st.session_state[state.PROMPT_OF] = version.reference
        st.switch_page("app_pages/experiments.py")


def _actions(prompts: Library, version: Version) -> None:
    mine = not version.own or may(SAVE, prompts.owner(version.key))
    if mine:
        st.button(
            "Edit", key="library-edit", icon=":material/edit:", on_click=drafts.begin,
            args=(Draft(version.prompt, version),),
            help=None if version.own else "Saved as yours; the shipped text stays as the version before.",
        )  # fmt: skip
    st.button(
        "Duplicate", key="library-duplicate", icon=":material/content_copy:", on_click=act,
        args=(partial(_duplicate, prompts, version),),
    )  # fmt: skip
    if not mine:
        theirs(SAVE, prompts.owner(version.key), COPY)
    elif version.own:
        back = version.key in shipped()
        st.button(
            "Back to the shipped one" if back else "Delete", key="library-delete", icon=":material/delete:",
            on_click=act, args=(partial(_delete, prompts, version),),
            help="With all its versions. It can be undone.",
        )  # fmt: skip


def _duplicate(prompts: Library, version: Version) -> Done:
    copy = prompts.duplicate(version, by=actor())
    choose(copy.key)

    def undo() -> str:
        prompts.delete(copy.key, by=actor())
        choose(version.key)
        return f"{copy.reference} is deleted again."

    return Done(f"Copied to {copy.reference}.", undo=undo)


def _delete(prompts: Library, version: Version) -> Done:
    receipt = prompts.delete(version.key, by=actor())
    if version.key not in shipped():
        choose(None)

    def undo() -> str:
        back = prompts.undelete(receipt, by=actor())
        choose(back.key)
        return f"{back.reference} is back."

    return Done(f"{version.prompt.name} is deleted.", undo=undo)
