"""The results of a recorded experiment: the page of `test_results.py`. `?size=` 1000x8, else the small one."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.engine import engine
from dashboard.experiments.results_view import show_results
from tests.browser.results_sample import Recorded, sample

core = engine()
if not hasattr(core, "recorded_for_test"):
    small, big = sample(), sample(1000, 1, 8)
    earlier = sample(30, 3, 3)
    core.recorded_for_test = Recorded(  # type: ignore[attr-defined]
        small, (replace(big[0], id="big", plan=replace(big[0].plan, name="Big")), big[1]),
        (replace(earlier[0], id="earlier", plan=replace(earlier[0].plan, name="Earlier")), earlier[1]),
    )  # fmt: skip
type(core).experiments = core.recorded_for_test  # type: ignore[attr-defined]  # in this process alone
st.set_page_config(layout="wide")
chosen = "big" if st.query_params.get("size") == "big" else "sample"
st.title("Results")
show_results(core.experiments.held[chosen][0])  # type: ignore[attr-defined]
st.caption(f"asked again: {len(core.recorded_for_test.asked)}")  # type: ignore[attr-defined]
