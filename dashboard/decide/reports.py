"""The buttons that save a report of what the page shows."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.answer_grid.save_button import save_button
from dashboard.engine import Engine
from prompts.decide.gather import newest_decision
from prompts.decide.report.contents import ChoiceReport
from prompts.decide.report.formats import CHOICE_FORMATS, file_name
from prompts.decide.study import Study


def offer_report(core: Engine, found: Study) -> None:
    """A button for each format; the file is made at the click."""
    archive = core.archive
    decision = newest_decision(archive, found.question.purpose.name) if archive else None
    report = ChoiceReport(found, decision)
    with st.container(horizontal=True, vertical_alignment="center", key="choose-report"):
        for ending, each in CHOICE_FORMATS.items():
            save_button(
                f"Report as {each.name}", partial(each.make, report), file_name(report, ending), each.mime,
                key=f"choose-report-{ending}", says=each.says,
            )  # fmt: skip
