"""Reports to download, made when they are asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.experiments.loaded import Loaded
from prompts.experiments.report.contents import Report
from prompts.experiments.report.formats import FORMATS, file_name


def show_downloads(found: Loaded) -> None:
    """A button for each format."""
    report = Report(found.experiment, found.cells, found.results, found.rows)
    with st.popover("Download a report", icon=":material/download:"):
        for name, each in FORMATS.items():
            st.download_button(
                name, partial(each.make, report), file_name(report, name), each.mime, key=f"report-{name}",
                help=f"{each.says[0].upper()}{each.says[1:]}.", on_click="ignore", width="stretch",
            )  # fmt: skip
