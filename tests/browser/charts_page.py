"""Every chart that has names for its rows, drawn with names that are words of a program."""

from dataclasses import replace

import streamlit as st

from dashboard.experiments.charts import draws, heat_map, over_time, rates
from dashboard.how_it_works.chart import Reshaped, reshaped
from prompts.experiments.matrix import matrix
from prompts.experiments.over_time import moment
from prompts.experiments.results import results
from tests.browser.charts_names import NAMES
from tests.prompts.experiments.asked_cells import asked

experiment, cells = asked("+ " * 12, "- " * 12)
for pair in zip(NAMES[::2], NAMES[1::2], strict=True):
    sides = [replace(side, name=name) for side, name in zip(results(experiment, cells).sides, pair, strict=True)]
    now = moment(experiment, cells)
    renamed = replace(now, rates=dict(zip(pair, now.rates.values(), strict=True)))
    for chart in (
        rates.chart(sides),
        draws.chart(sides, [*map(str, range(12))]),
        heat_map.chart(matrix(experiment, cells), pair, [*map(str, range(12))]),
        over_time.chart([renamed]),
        reshaped([Reshaped(name, 0.5, 0.5) for name in pair]),
    ):
        st.altair_chart(chart)
st.write("All are drawn.")
