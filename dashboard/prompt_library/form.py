"""The form for writing a prompt: its text with a preview of the holes, settings, sample cases, Save."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.compose.settings import fields
from dashboard.markdown_escape import plain
from dashboard.prompt_library import draft as drafts
from dashboard.prompt_library.done import Done, act
from dashboard.prompt_library.draft import Draft
from dashboard.prompt_library.list import choose
from dashboard.prompt_library.samples import show_grid
from dashboard.prompt_library.text_html import prompt_html
from dashboard.user import actor
from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import LONGEST_NAME, TASKS


def show_form(prompts: Library, draft: Draft) -> None:
    """The fields of the draft, a preview, and the buttons Save and Discard."""
    _show_waiting()
    title = "New prompt" if draft.seen is None else f"Edit {draft.seen.reference}"
    st.subheader(plain(title), anchor=False)
    name, task = st.columns([3, 2])
    name.text_input("Name", key=state.LIBRARY_NAME, max_chars=LONGEST_NAME, placeholder="Sort support mail")
    task.selectbox("Task", TASKS, key=state.LIBRARY_EDIT_TASK)
    st.text_area(
        "Prompt", key=state.LIBRARY_PROMPT, height=260, placeholder="Sort this mail: {{mail}}",
        help="Write {{name}} where each case brings a text of its own.",
    )  # fmt: skip
    with st.expander(
        "System prompt and parameters", key="library-parameters", expanded=draft.prompt.system is not None
    ):
        fields(state.LIBRARY_SETTINGS)
    now = drafts.present()
    if now.holes:
        with st.expander("How it reads, with its holes", key="library-preview"):
            panel(prompt_html(now), key="library-draft-text", label="The prompt with its holes")
    elif now.prompt.strip():
        st.caption(plain("No hole yet: put a name in double braces, such as {{mail}}, where the text should change."))
    st.markdown("**Sample cases**", help="What fills the holes, to try the prompt on; expected is a good answer.")
    show_grid(now.holes)
    st.text_area("Notes", key=state.LIBRARY_NOTES, height=80, placeholder="What it is for, and how to check answers")
    with st.container(horizontal=True, key="library-form-actions"):
        st.button(
            "Save", type="primary", key="library-save", icon=":material/save:", on_click=_save, args=(prompts, draft)
        )
        st.button("Discard", key="library-discard", on_click=_discard)


def show_unsaved() -> None:
    """While another prompt is being looked at, say that there is an unsaved draft."""
    with st.container(horizontal=True, vertical_alignment="center", key="library-unsaved"):
        name = drafts.present().name
        st.markdown(plain(f"Unsaved: “{name}”" if name else "A new prompt is unsaved."), width="content")
        st.button("Continue editing", key="library-go-on", icon=":material/edit:", on_click=drafts.go_on)
        st.button("Discard", key="library-discard", on_click=_discard)


def _show_waiting() -> None:
    """Say that another draft is waiting, if there is one, and offer to replace the open one by it."""
    if (other := drafts.waiting()) is None:
        return
    with st.container(border=True, key="library-waiting"):
        first = " ".join(other.prompt.prompt.split())[:80]
        st.markdown(plain(f"Save or discard this prompt first; next is: “{first}”"))
        st.button("Replace this one", key="library-replace", on_click=drafts.take, args=(other,))


def _save(prompts: Library, draft: Draft) -> None:
    def save() -> str:
        prompt = drafts.present()
        saved = prompts.save(draft.seen, prompt, by=actor()) if draft.seen else prompts.create(prompt, by=actor())
        choose(saved.key)
        return f"Saved as {saved.reference}." if saved != draft.seen else "Nothing was changed."

    act(save, drafts.end)


def _discard() -> None:
    """Discard the draft; Undo brings it back as it was."""
    draft = drafts.current()
    if draft is None or not drafts.changed():
        drafts.end()
        return
    typed = Draft(drafts.present(), draft.seen, touched=True)
    drafts.end()

    def undo() -> str:
        drafts.begin(typed)
        return "The draft is back."

    act(lambda: Done("The draft is discarded.", undo=undo))
