"""The view Timeline: every answer of a run on one time axis, and its times as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.results.figures import Figures, show_figures
from prompts.analysis.timeline import MOST_ROWS, PHASES, SAYS, Bar, Phase, Timeline, timeline
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.metrics import Metric
from prompts.core.printable import escape
from prompts.core.run import Run


def show_timeline(run: Run) -> None:
    """Show the key to the colours, the chart, and the table."""
    drawn = timeline(run)
    if not any(bar.segments for bar in drawn.bars):
        st.caption("Once an answer has ended, this shows where its time went: connecting, waiting, thinking, writing.")
        return
    from dashboard.results.charts import timeline as charts  # Altair takes a while to import

    panel(_key(drawn, charts.COLOURS), key=f"timeline-key-{run.id}", label="The phases by colour")
    show_chart(charts.chart(drawn), key=f"timeline-{run.id}", alt=charts.describe(drawn), name="timeline")
    cut = charts.cut_at_s(drawn)
    st.caption(_captions(drawn, cut))
    _table(run, drawn.bars)


def _captions(drawn: Timeline, cut: float | None) -> str:
    parts = ["All bars start at 0, just before their own request. Hover over a phase for its figure and conditions."]
    if any(bar.segments and bar.segments[0].start_s < 0 for bar in drawn.bars):
        parts.append("Left of 0: preparing, which is in none of the times.")
    if cut is not None:
        parts.append("Where preparing took long, it is cut off at the left edge; hover for its full length.")
    if drawn.chosen:
        parts.append(f"More than {MOST_ROWS} answers: each model shows its repeat with the median duration.")
    return " ".join(parts)


def _key(drawn: Timeline, colours: Mapping[Phase, str]) -> str:
    seen = {segment.phase for bar in drawn.bars for segment in bar.segments}
    items = "".join(
        f'<li title="{escape(SAYS[phase])}" style="--colour:{colours[phase]}">{phase}</li>'
        for phase in PHASES
        if phase in seen
    )
    return f'<ul class="timeline-key">{items}</ul>'


def _table(run: Run, bars: tuple[Bar, ...]) -> None:
    times = [bar.timings for bar in bars]
    thinking = [bar.thinking_s for bar in bars]
    columns = [
        Figures("Model", "Who was asked.", [bar.name for bar in bars]),
        _figure(metrics.FIRST_OUTPUT, [each.time_to_first_chunk_s for each in times]),
        _figure(metrics.FIRST_TOKEN, [each.time_to_first_token_s for each in times]),
        Figures(
            "Thinking", "First token minus first output. None: no thinking was streamed. Unknown where the vendor "
            "hides it, or where no answer text came.",
            thinking, text_of.seconds, texts=["none" if each == 0 else text_of.seconds(each) for each in thinking],
        ),
        _figure(metrics.LAST_TOKEN, [each.time_to_last_token_s for each in times]),
        _figure(metrics.DURATION, [each.duration_s for each in times]),
        _figure(metrics.TOKENS_PER_S, [each.output_tokens_per_s for each in times]),
        _figure(metrics.CHARACTERS_PER_S, [each.output_characters_per_s for each in times]),
        Figures("Outcome", "How the answer ended.", [bar.outcome for bar in bars]),
        Figures("Conditions", "What the times were measured under; clean: nothing special.", [_said(b) for b in bars]),
    ]  # fmt: skip
    show_figures(columns, key=f"timeline-table-{run.id}", alt="The times of each answer")


def _figure(metric: Metric, values: Sequence[float | None]) -> Figures:
    return Figures(metric.name, metric.help, values, metric.show)


def _said(bar: Bar) -> str:
    flags = bar.answer.completion.flags if bar.answer.completion else ()
    timing = ("thinking_hidden", "rate_includes_thinking")
    return "; ".join([bar.conditions, *(text_of.FLAGS[flag] for flag in flags if flag in timing)])
