"""What the answers of a run agree on, where they conflict, and their length and form. No model is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard.answer_grid.panel import panel
from dashboard.markdown_escape import plain
from dashboard.results.agreement_html import Author, agreement_html
from prompts.analysis.agreement.agreement import Agreement, agree
from prompts.analysis.agreement.form import WORDS_PER_MINUTE, Form, form
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.completion import GOOD_STATES

_FORM = {
    "Words": ("words", "Words of prose, headings, lists and tables; code and formulas are not counted. In "
              "scripts without spaces each character counts as a word."),
    "Sentences": ("sentences", "Sentences and list items; headings, tables and code are not counted."),
    "Headings": ("headings", "Lines that begin with #."),
    "Lists": ("lists", "Groups of list items with nothing but indented text or code between them."),
    "List items": ("items", "Items of all lists, nested ones included."),
    "Code blocks": ("code_blocks", "Fenced blocks of code."),
    "Tables": ("tables", "Tables with a header row."),
    "Links": ("links", "Web addresses outside code. None of them was opened."),
    "Reading time": ("reading_s", f"The words at {WORDS_PER_MINUTE} a minute, the mean for reading English non-fiction "
                     "silently (Brysbaert 2019). Code takes no time."),
}  # fmt: skip


def show_agreement(run: Run) -> None:
    """Show conflicts first, then what all, most or single answers say, then the form of each answer."""
    if run.textless:
        st.info("The text of this run was not saved: what the answers said is not known any more.")
        return
    answers = [answer for answer in run.answers if answer.counts]
    counted = [answer for answer in answers if is_counted(answer)]
    people = [who for answer, who in zip(answers, authors(answers), strict=True) if is_counted(answer)]
    texts = tuple(answer.completion.text for answer in counted if answer.completion)
    if len(texts) > 1:
        panel(agreement_html(_agree(texts), people), key=f"agreement-{run.id}", label="What the answers agree on")
    else:
        st.info("Agreement needs two answers that ended properly. Ask several models, or one model several times.")
    if missing := left_out(answers):
        st.caption(plain(missing))
    if texts:
        _show_form(people, [_form(text) for text in texts], f"form-{run.id}")


def is_counted(answer: Answer) -> bool:
    """Whether the answer ended properly and is not empty; others are left out of the comparison."""
    done = answer.completion
    return done is not None and done.state in GOOD_STATES and bool(done.text.strip())


def authors(answers: Sequence[Answer]) -> list[Author]:
    """The name of each answer: its model, and more only where two would have the same name."""
    labels = [f" · {answer.label}" if answer.label else "" for answer in answers]
    again = [f" · {answer.repeat + 1}" if answer.repeat else "" for answer in answers]
    columns = {(answer.target.model + label, answer.column) for answer, label in zip(answers, labels, strict=True)}
    often = Counter(name for name, _ in columns)
    full = Counter({(f"{answer.target}{label}", answer.column) for answer, label in zip(answers, labels, strict=True)})
    twice = Counter(name for name, _ in full)
    asked = Counter(answer.column for answer in answers)
    found: list[Author] = []
    for answer, label, repeat in zip(answers, labels, again, strict=True):
        short, long = answer.target.model + label, f"{answer.target}{label}"
        if often[short] > 1:
            short = f"{long} · column {answer.column + 1}" if twice[long] > 1 else long
        found.append(Author(short + repeat, long + repeat, short if asked[answer.column] > 1 else ""))
    return found


def left_out(answers: Sequence[Answer]) -> str:
    """A sentence that names the answers left out, and why; empty if all count."""
    missing = [
        f"{who.full} ({text_of.STATES[answer.state][0]})"
        for answer, who in zip(answers, authors(answers), strict=True)
        if not is_counted(answer)
    ]
    return (
        f"Not counted, because the answer has not ended properly or is empty: {', '.join(missing)}." if missing else ""
    )


@lru_cache(maxsize=32)
def _agree(texts: tuple[str, ...]) -> Agreement:
    return agree(texts)


@lru_cache(maxsize=256)
def _form(text: str) -> Form:
    return form(text)


def _show_form(people: Sequence[Author], forms: Sequence[Form], key: str) -> None:
    data = pd.DataFrame(
        {"Model": [who.short for who in people]}
        | {header: [getattr(each, name) for each in forms] for header, (name, _) in _FORM.items()}
    )
    counts = [header for header in _FORM if header != "Reading time"]
    shown = data.style.format(text_of.count, subset=counts).format(text_of.rough_time, subset=["Reading time"])
    config = {
        header: st.column_config.Column(help=meaning, width="small", alignment="right")
        for header, (_, meaning) in _FORM.items()
    }
    st.subheader("Length and form", anchor=False)
    st.dataframe(
        shown, column_config={"Model": st.column_config.Column(pinned=True, help="Who answered."), **config},
        hide_index=True, key=key, alt="Length and form of each answer",
    )  # fmt: skip
