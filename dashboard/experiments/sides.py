"""The sides of an experiment (a model with a wording) compared: pass rate, interval, errors, time and money."""

from __future__ import annotations

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.experiments.confusion_html import confusion_html
from dashboard.experiments.loaded import Loaded
from dashboard.markdown_escape import plain
from dashboard.results.figures import Figures, show_figures
from prompts.core import format as text_of
from prompts.experiments.confusion import confusions
from prompts.experiments.judge_trust import trust
from prompts.experiments.results import Side
from prompts.experiments.results_text import judged_text, notes, per_1000_text, rate_text, spent_text, time_text


def show_sides(found: Loaded) -> None:
    """The chart of pass rates, the table, and a sentence wherever answers or verdicts are missing."""
    sides, id = found.results.sides, found.experiment.id
    if any(side.rate.interval for side in sides):
        from dashboard.experiments.charts import rates  # Altair takes a while to import

        show_chart(rates.chart(sides), key=f"rates-{id}", alt=rates.describe(sides), name="pass-rates")
    show_figures(_columns(sides), key=f"sides-{id}", alt="The sides of the experiment as figures")
    for said in notes(found.experiment, sides):
        st.caption(plain(f"⚠ {said}"))
    for each in trust(found.experiment.plan, found.cells, found.ratings):
        if not each.verdicts and found.experiment.stage == "running":
            continue  # it was not asked yet
        st.caption(
            plain(f"Judge {each.sentence}"),
            help="Rate answers good or bad (1 and 2 in the matrix): from ten on, this says how often the judge agrees.",
        )
    _show_confusions(found)


def _columns(sides: tuple[Side, ...]) -> list[Figures]:
    undecided = any(side.undecided for side in sides)
    columns = [
        Figures("Side", "A model, with its wording where there are several.", [side.name for side in sides]),
        Figures(
            "Passed",
            "Answers that pass all checks that count, of those with a verdict, with the 95 % interval. Repeats of a "
            "case count as one cluster.",
            [side.rate.interval.estimate if side.rate.interval else None for side in sides], text_of.share,
            texts=[rate_text(side) for side in sides],
        ),
        Figures(
            "Unanswered", "Calls without an answer. They do not count as failures of the model and are left out.",
            [side.errors for side in sides], text_of.rate, texts=[text_of.count(side.errors) for side in sides],
        ),
        Figures(
            "Duration", "The median over cases, in seconds until the answer had ended; only of answers that were asked "
            "for this experiment.", [side.time for side in sides], text_of.seconds,
            texts=[time_text(side) for side in sides],
        ),
        Figures(
            "Spent", "US dollars of everything asked for this experiment, as priced at the moment of the run.",
            [None if side.spent is None else float(side.spent) for side in sides], text_of.rate,
            texts=[spent_text(side) for side in sides],
        ),
        Figures(
            "1,000 answers", "US dollars for a thousand answers like these, with the 95 % interval; from ten cases on.",
            [_per_1000(side) for side in sides], text_of.rate,
            texts=[per_1000_text(side) for side in sides],
        ),
    ]  # fmt: skip
    if any(side.judged for side in sides):
        columns.append(Figures(
            "Judges", "US dollars that judging these answers cost, beside what the answers cost.",
            [_judged(side) for side in sides], text_of.rate, texts=[judged_text(side) for side in sides],
        ))  # fmt: skip
    if undecided:
        columns.insert(3, Figures(
            "No verdict", "Answers on which no check gave a verdict.", [side.undecided for side in sides], text_of.rate,
            texts=[text_of.count(side.undecided) for side in sides],
        ))  # fmt: skip
    return columns


def _judged(side: Side) -> float | None:
    return None if side.judged is None or side.judged.spent is None else float(side.judged.spent)


def _show_confusions(found: Loaded) -> None:
    tables = confusions(found.experiment, found.cells)
    if not tables:
        return
    with st.expander("Which labels were given in place of which"):
        html = "".join(confusion_html(each, found.results.sides) for each in tables)
        panel(html, key=f"confusions-{found.experiment.id}", label="Confusion matrices")


def _per_1000(side: Side) -> float | None:
    if side.no_fee:
        return 0.0
    return side.per_1000.per_1000.estimate if side.per_1000 else None
