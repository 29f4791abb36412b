"""How much of a run is recorded: the choice beside Run, the notice before sending, and the note on such a run."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core.presets import LAST, Choice
from prompts.core.run import Run
from prompts.privacy import strip_text
from prompts.record.database import place
from providers.config.keep_rules import KEEPS, Keeps, stricter

LABELS: Mapping[Keeps, str] = {
    "everything": "Save everything", "figures": "Save figures only", "nothing": "Save nothing",
}  # fmt: skip
_SHORT: Mapping[Keeps, str] = {"everything": "record", "figures": "figures only", "nothing": "no record"}
_MEANINGS: Mapping[Keeps, str] = {
    "everything": "Prompt, files, answers and figures. The run can be found, asked again and compared later.",
    "figures": "Times, tokens, costs and outcomes. No prompt, no system prompt, no files, no answers.",
    "nothing": "The run is shown here and is lost when Collate ends. Its cost is not counted anywhere.",
}
_ICONS: Mapping[Keeps, str] = {
    "everything": ":material/database:", "figures": ":material/visibility_off:", "nothing": ":material/block:",
}  # fmt: skip


def ask_keeping(core: Engine) -> None:
    """Let the person choose what to save of the next run; never more than the administrator allows."""
    rules = core.configuration.record
    st.radio(
        "On record", rules.choices, key=state.KEEPS, format_func=lambda keeps: LABELS[keeps],
        captions=[_MEANINGS[keeps] for keeps in rules.choices],
    )  # fmt: skip
    if rules.keep != "everything":
        st.caption(f"The administrator of this Collate allows no more than “{LABELS[rules.keep]}”.")


def short(keeps: Keeps) -> str:
    """The choice in at most two words."""
    return _SHORT[keeps]


def chosen(core: Engine) -> Keeps:
    """What to save of the next run: the person's choice, or what the administrator allows if that is less."""
    wanted = st.session_state.get(state.KEEPS)
    return stricter(core.configuration.record.keep, wanted if wanted in KEEPS else "everything")


def keep_choice(core: Engine, name: str, choice: Choice) -> None:
    """Save a set of models for this person, with no more text in it than a run may save. Raises `RecordError`."""
    keeps = chosen(core)
    if keeps == "nothing" and name == LAST:
        return
    core.save_choice(name, choice if keeps == "everything" else strip_text.of_choice(choice), person())


def sentence(core: Engine) -> str:
    """What of the next run will be recorded, and where, as a sentence."""
    keeps = chosen(core)
    if keeps == "nothing":
        return "Nothing is recorded: the run is lost when Collate ends."
    here = place()
    where = f"in {here}" if "://" in here else "on this computer"
    if people_log_in():
        where = "for everybody who logs in here"
    if keeps == "figures":
        return f"Only figures are recorded {where}: no prompt, no files, no answers."
    return f"Every answer is recorded {where}."


def show_kept(run: Run) -> None:
    """Above the answers of a run that is not saved completely: what is missing."""
    if run.keeps == "everything":
        return
    if run.keeps == "nothing":
        said = "Nothing of this run is on record. It is lost when Collate ends."
    elif run.textless:
        said = "The text of this run was not saved. Its prompt and its answers were never recorded."
    else:
        said = "The text of this run was not saved. Its prompt and its answers are lost when Collate ends."
    st.markdown(f"{_ICONS[run.keeps]} {plain(said)}")
