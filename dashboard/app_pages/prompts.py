"""Prompts: the library, one prompt with its versions, and the form in which prompts are written."""

import streamlit as st

from dashboard.markdown_escape import plain
from dashboard.prompt_library import draft as drafts
from dashboard.prompt_library.done import show_done
from dashboard.prompt_library.draft import Draft
from dashboard.prompt_library.form import show_form, show_unsaved
from dashboard.prompt_library.list import show_list
from dashboard.prompt_library.show import show_prompt
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import LibraryError, Prompt

prompts = library()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.header("Prompts", anchor=False, width="content")
    st.button(
        "New prompt", key="library-new", icon=":material/add:", on_click=drafts.begin, args=(Draft(Prompt("", "")),)
    )
st.caption(
    "Prompts with holes (placeholders) such as {{mail}}, to reuse and compare: those that come with Collate, and yours."
)
show_done()
try:
    left, right = st.columns([2, 5], gap="medium")
    with left:
        shown = show_list(prompts)
    with right:
        draft = drafts.current()
        if draft is not None and drafts.writing():
            show_form(prompts, draft)
        else:
            if draft is not None:
                show_unsaved()
            if shown is not None:
                show_prompt(prompts, shown)
except LibraryError as exc:
    st.error(plain(str(exc)), title="The library cannot be read now", icon=":material/error:")
