"""The tab Repeats: every point and the median, which target is better and how sure, and the distinct answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.answer_grid.blocks import whole
from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.markdown_escape import plain
from dashboard.results.charts.spread import strip
from dashboard.results.figures import name_width
from prompts.analysis.same_answers import IN_ORDER, Group, agreement, distinct, majority
from prompts.analysis.significance import Verdict, fewest_sentence, leader, verdicts
from prompts.analysis.spread import COMPARED, Compared, Side, askings, completed, names, sides, spread
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.printable import escape
from prompts.core.run import Run

POINTS = (
    "Every answer that ended properly is a point. Those taken under marked conditions (a first call, a new connection, "
    "a cached prompt) are diamonds; the median leaves them out where two or more clean points remain."
)
SURE = (
    "Repeats are asked in rounds, so each round is a pair. The factor is the estimate of Hodges and Lehmann with its "
    "95 % interval, the decision Wilcoxon's exact test of signed ranks: of two that are alike, at most 4 in 100 such "
    "comparisons are called different. It holds for this prompt, this hour and this connection."
)
HOLM = " Here {n} pairs are compared at once, so each must be clearer (Holm's correction)."
SAME = (
    "Equal words, whatever the case, spacing, punctuation and Markdown; or nearly: at least 80 % of the words shared, "
    f"in answers of up to {IN_ORDER} words in the same order, and every number, name, negation and line of code alike. "
    "Words are compared, not meaning."
)

_MOST_CARDS, _CARD_PX = 4, 340
"""The most cards side by side, and the least width of a card in pixels."""


def show_repeats(run: Run) -> None:
    """Show what the repeats of a run tell; for a run without repeats, say how to get some."""
    if run.repeats < 2:
        st.info(
            "Each model was asked once, and one answer shows no spread: ask each one several times to see how much its "
            f"speed varies and whether it says the same again. {fewest_sentence(len(askings(run)))}",
            icon=":material/replay:",
        )
        return
    _show_figures(run)
    if run.textless:
        st.caption("The text of this run was not saved: whether the answers were the same is not known any more.")
    else:
        _show_answers(run)


@st.fragment
def _show_figures(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.subheader(f"{run.repeats} repeats", anchor=False, width="content", help=POINTS)
        chosen = st.segmented_control(
            "Figure", [metric.name for metric in COMPARED], default=COMPARED[0].name, required=True,
            key=state.REPEATS_METRIC, label_visibility="collapsed",
        )  # fmt: skip
    metric = next((metric for metric in COMPARED if metric.name == chosen), COMPARED[0])
    found = sides(run, metric)
    if len(found) > 1:
        _show_verdicts(run, found, metric)
    if any(side.points for side in found):
        show_chart(
            strip(found, metric), key=f"repeats-chart-{run.id}-{metric.name}", name="repeats",
            alt=f"{metric.name} of every repeat, one row for each model, with the median of each",
        )  # fmt: skip
    else:
        st.caption(f"No figure to draw, because {metric.absent}.")
    _show_table(run, found, metric)
    if remarks := _remarks(run, found):
        st.caption("  \n".join(map(plain, remarks)))


def _show_verdicts(run: Run, found: Sequence[Side], metric: Compared) -> None:
    best = leader(found, metric)
    if len(found) > 2:
        base = st.selectbox(
            "Compare with", range(len(found)), index=best, format_func=lambda n: found[n].name,
            key=f"repeats-base-{run.id}-{metric.name}", width=420,
        )  # fmt: skip
        best = best if base is None else base
    every = verdicts(found, metric, running=not run.finished)
    shown = [verdict for verdict in every if best in verdict.pair]
    panel(_verdict_html(shown), key=f"repeats-verdicts-{run.id}", label="Verdicts")
    compared = sum(verdict.told not in ("none", "running") for verdict in every)
    if compared:
        st.caption("How sure is this?", help=SURE + (HOLM.format(n=compared) if compared > 1 else ""), width="content")


def _verdict_html(shown: Sequence[Verdict]) -> str:
    items = (
        f'<li data-told="{verdict.told}"><p>{escape(verdict.sentence)}</p>'
        f'<p class="muted">{escape(verdict.detail)}</p></li>'
        for verdict in shown
    )
    return f'<ul class="rep-verdicts">{"".join(items)}</ul>'


def _show_table(run: Run, found: Sequence[Side], metric: Compared) -> None:
    targets = askings(run)
    rows = [_row(side, answers, metric) for side, answers in zip(found, targets, strict=True)]
    config = {
        header: st.column_config.Column(
            help=text,
            pinned=header == "Model",
            alignment="left" if header == "Model" else "right",
            width=name_width([side.name for side in found]) if header == "Model" else None,
        )
        for header, text in _headers(metric).items()
    }
    st.dataframe(
        pd.DataFrame(rows), column_config=config, hide_index=True, key=f"repeats-table-{run.id}-{metric.name}",
        alt=f"{metric.name} of each model over its repeats: points, median, p90, lowest, highest, same answers, cost",
    )  # fmt: skip


def _headers(metric: Compared) -> dict[str, str]:
    return {
        "Model": "Who was asked.",
        "Points": "How many points the figures are of, and how often the model was asked.",
        "Median": f"{metric.name}: half of the points are below, half above.",
        "p90": "Nine of ten points are at most this. Rough below 50 points; not shown below 10.",
        "From": "The lowest of these points.",
        "To": "The highest of these points.",
        "Same": SAME,
        "Cost of all": "All repeats added up, failures too. ≥ where one is unknown. Warm-up calls are left out.",
    }


def _row(side: Side, answers: Sequence[Answer], metric: Compared) -> dict[str, str]:
    seen = spread(side.points)
    of = f"{seen.n} clean" if seen.clean_only else str(seen.n)
    one = f"{metric.say(seen.values[0])} (one point)" if seen.n == 1 else metric.say(seen.median)
    groups = _groups(answers)
    total = sum(len(group.repeats) for group in groups)
    costs = [answer.completion.cost for answer in answers if answer.completion]
    return {
        "Model": side.name, "Points": f"{of} of {side.asked}", "Median": one,
        "p90": metric.say(seen.p90) + (" (rough)" if seen.p90 is not None and seen.rough else ""),
        "From": metric.say(seen.low), "To": metric.say(seen.high),
        "Same": f"{len(groups[0].repeats)} of {total}" if total > 1 else text_of.UNKNOWN,
        "Cost of all": text_of.total(costs),
    }  # fmt: skip


def _remarks(run: Run, found: Sequence[Side]) -> list[str]:
    """What to know about these figures, one sentence each."""
    counted = [answer for answer in run.answers if answer.counts]
    warm_ups = [answer.completion.cost for answer in run.answers if not answer.counts and answer.completion]
    done = sum(not answer.live for answer in counted)
    lines = []
    if done < len(counted):
        lines.append(f"{done} of {len(counted)} answers are in; these figures move until all are.")
    if any(spread(side.points).clean_only for side in found):
        lines.append("Medians are of the clean points; diamonds were taken under marked conditions, and left out.")
    mixed = [side.name for side in found if side.points and not _is_clean(side)]
    if mixed:
        whose = "" if len(mixed) == len(found) else f" of {', '.join(mixed)}"
        lines.append(f"Too few clean points: the medians{whose} are of all, diamonds (marked conditions) included.")
    if warm_ups:
        calls = "1 warm-up call is" if len(warm_ups) == 1 else f"{len(warm_ups)} warm-up calls are"
        lines.append(f"{calls} left out here (cost: {text_of.total(warm_ups)}).")
    return lines


def _is_clean(side: Side) -> bool:
    """Whether its median rests on clean points only."""
    return spread(side.points).clean_only or not any(point.disturbed for point in side.points)


@st.fragment
def _show_answers(run: Run) -> None:
    """A card for each target, with its distinct answers to page through."""
    targets = askings(run)
    st.subheader("What they said", anchor=False, help=SAME)
    cards = st.grid(min(len(targets), _MOST_CARDS), min_column_width=_CARD_PX, border=True, key="repeats-cards")
    for column, (name, answers) in enumerate(zip(names(targets), targets, strict=True)):
        with cards.cell():
            _show_card(f"{run.id}-{column}", name, answers)


def _show_card(key: str, name: str, answers: Sequence[Answer]) -> None:
    groups = _groups(answers)
    paging = f"repeats-page-{key}-{len(groups)}"  # back to the first page when there are more answers
    page = st.session_state.get(paging, 1)
    group = groups[min(page, len(groups)) - 1] if groups else None
    panel(_card_html(name, groups, group, _missing(answers)), key=f"repeats-card-{key}", label=f"Answers of {name}")
    if len(groups) > 1:
        st.pagination(len(groups), max_visible_pages=5, key=paging)


def _card_html(name: str, groups: Sequence[Group], group: Group | None, missing: str) -> str:
    total = sum(len(each.repeats) for each in groups)
    short = majority(groups)
    parts = [
        f'<header class="rep-card"><h4>{escape(name)}</h4>',
        f'<p class="rep-agreement">{agreement(groups)}{f": <b>{escape(short)}</b>" if short else ""}</p>',
        f'<p class="muted">{escape(missing)}</p>' if missing else "",
        "</header>",
    ]
    if group is not None:
        said = f"repeat{'s' if len(group.repeats) > 1 else ''} " + ", ".join(str(n + 1) for n in group.repeats)
        which = f"Answer {groups.index(group) + 1} of {len(groups)}, said by {len(group.repeats)} of {total}"
        nearly = "" if group.exact else "; nearly the same words, the most frequent shown"
        parts.append(f'<p class="muted">{which} ({said}{nearly})</p>')
        parts.append(f'<div class="rep-answer" tabindex="0">{whole(group.text)}</div>')
    return "".join(parts)


def _groups(answers: Sequence[Answer]) -> list[Group]:
    return distinct((repeat, done.text) for repeat, done in completed(answers) if done.text)


def _missing(answers: Sequence[Answer]) -> str:
    """`1 of 5 has no answer to compare: failed.`; empty if all have one."""
    given = {repeat for repeat, _ in completed(answers)}
    states = Counter(text_of.STATES[answer.state][0] for answer in answers if answer.repeat not in given)
    if not states:
        return ""
    n = states.total()
    words = ", ".join(word if often == n else f"{often} {word}" for word, often in states.items())
    return f"{n} of {len(answers)} {'has' if n == 1 else 'have'} no answer to compare: {words}."
