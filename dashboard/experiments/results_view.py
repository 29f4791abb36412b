"""The results of an experiment: first a sentence for each pair, then rates, charts, the matrix and reports."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import state
from dashboard.answer_grid.save_button import save_button
from dashboard.components.page_url import first_page
from dashboard.engine import engine
from dashboard.experiments.compare_two import show_comparison
from dashboard.experiments.loaded import Loaded, loaded
from dashboard.experiments.matrix_view import show_cases
from dashboard.experiments.result_charts import show_charts
from dashboard.experiments.sides import show_sides
from dashboard.markdown_escape import plain
from prompts.analysis.statistics.verdicts import Verdict
from prompts.experiments.asked import Experiment
from prompts.experiments.report.contents import Report
from prompts.experiments.report.formats import FORMATS, file_name
from prompts.record.recorder import RecordError
from prompts.votes.ballots import Source
from prompts.votes.votes import Origin

_ICONS = {
    "better": ":material/trophy:", "same": ":material/drag_handle:", "open": ":material/help:",
    "few": ":material/help:", "running": ":material/hourglass_top:",
}  # fmt: skip
FIRST = 3
"""Sentences that are shown at once; the rest is in an expander."""


def show_results(experiment: Experiment) -> None:
    """All results so far; while the experiment is running there are estimates and intervals, but no verdict."""
    try:
        found = loaded(experiment)
    except RecordError as exc:
        st.error(plain(str(exc)), icon=":material/database:")
        return
    if found is None:
        st.info("There are no results without a record. See Settings.", icon=":material/database:")
    elif not any(side.answered + side.errors for side in found.results.sides):
        st.info("No answer has arrived yet.", icon=":material/hourglass_top:")
    else:
        _show(found)


def _show(found: Loaded) -> None:
    _say(found)
    show_sides(found)
    show_charts(found)
    show_cases(found)
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_reports(found)
        _offer_vote(found.experiment)
        _lead_to_choice(found.experiment)
    show_comparison(found)


def _say(found: Loaded) -> None:
    """The verdicts on quality first, those on times and money below them."""
    results = found.results
    verdicts = results.quality or results.speed
    for verdict in verdicts[:FIRST]:
        _sentence(verdict)
    rest = [*verdicts[FIRST:], *(results.speed if results.quality else ()), *results.money]
    if rest:
        with st.expander(f"{len(rest)} more on pairs, times and money"):
            for verdict in rest:
                _sentence(verdict)


def _sentence(verdict: Verdict) -> None:
    head, rest = verdict.halves
    st.markdown(f"{_ICONS[verdict.kind]} **{plain(head)}** {plain(rest)}")


def _offer_vote(experiment: Experiment) -> None:
    """The button that makes a ballot of the answers: people choose between two without names, no rubric needed."""
    if st.button(
        "Vote blind", key="experiment-vote", icon=":material/how_to_vote:",
        help="Shows these answers two at a time without names, and people say which is better. No check is needed, "
        "and it costs nothing.",
    ):  # fmt: skip
        st.session_state[state.BALLOT_OF] = Source(Origin("experiment", experiment.id), experiment.plan.name)
        st.switch_page("app_pages/vote.py")


def _lead_to_choice(experiment: Experiment) -> None:
    if st.button(
        "Choose a model by this", key="experiment-choose", icon=":material/fact_check:", type="tertiary",
        help="Joins these results with votes, prices and what vendors say of each model.",
    ):  # fmt: skip
        st.switch_page("app_pages/choose.py", query_params={"task": experiment.plan.name})


def _offer_reports(found: Loaded) -> None:
    """A button for each format that fits the experiment; the file is made while it is downloaded."""
    report = Report(found.experiment, found.cells, found.results, found.rows, first_page(), engine().picture)
    fit = {name: each for name, each in FORMATS.items() if found.experiment.plan.draws or not each.of_pictures}
    with st.popover("Download a report", icon=":material/download:"), st.container(horizontal=True, gap="small"):
        for name, each in fit.items():
            save_button(
                name, partial(each.pieces, report), file_name(report, name), each.mime, key=f"report-{name}",
                says=f"{each.says[0].upper()}{each.says[1:]}.",
            )  # fmt: skip
