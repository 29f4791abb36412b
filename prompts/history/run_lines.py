"""The lines of a list of runs: everything a line shows, read for the few runs of one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

import sqlalchemy as sa

from prompts.core.plan import WARM_UP, Link
from prompts.core.run_summaries import PICTURES_SHOWN, PROMPT_SHOWN, DrawnBy, RunLine, Spend
from prompts.record.rows import UNFINISHED
from prompts.record.schema import attempts, completions, experiments, notes, ratings, runs, tags
from providers.completion import GOOD_STATES

_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_RUNS = (
    sa.select(
        runs.c.id, runs.c.created_at, runs.c.source, runs.c.person, runs.c.link_id, runs.c.link_kind, runs.c.kept,
        sa.func.substr(runs.c.prompt, 1, PROMPT_SHOWN).label("prompt"), experiments.c.name.label("experiment"),
    )
    .join_from(runs, experiments, experiments.c.id == runs.c.experiment_id, isouter=True)
    .where(runs.c.id.in_(_WANTED))
)  # fmt: skip
_COMPLETIONS = (
    sa.select(
        completions.c.run_id, completions.c.id, completions.c.provider, completions.c.model, completions.c.state,
        completions.c.repeat, completions.c.interrupted_at, completions.c.cost_kind, completions.c.cost_amount,
    )
    .where(completions.c.run_id.in_(_WANTED))
    .order_by(completions.c.position)
)  # fmt: skip
_EARLIER = (
    sa.select(completions.c.run_id, attempts.c.cost_kind, attempts.c.cost_amount)
    .join_from(attempts, completions, completions.c.id == attempts.c.completion_id)
    .where(completions.c.run_id.in_(_WANTED), attempts.c.cost_kind.is_not(None))
)
_RATINGS = (
    sa.select(
        completions.c.run_id,
        completions.c.provider,
        completions.c.model,
        ratings.c.best,
        ratings.c.stars,
        ratings.c.thumb,
    )
    .join_from(ratings, completions, completions.c.id == ratings.c.completion_id)
    .where(completions.c.run_id.in_(_WANTED))
    .order_by(ratings.c.changed_at)
)
_NOTES = (
    sa.select(completions.c.run_id, sa.func.count().label("count"))
    .join_from(notes, completions, completions.c.id == notes.c.completion_id)
    .where(completions.c.run_id.in_(_WANTED))
    .group_by(completions.c.run_id)
)
_TAGS = (
    sa.select(completions.c.run_id, tags.c.name)
    .join_from(tags, completions, completions.c.id == tags.c.completion_id)
    .where(completions.c.run_id.in_(_WANTED))
    .distinct()
    .order_by(tags.c.name)
)
_DRAWN = (
    sa.select(completions.c.run_id, completions.c.provider, completions.c.model, completions.c.pictures)
    .where(completions.c.run_id.in_(_WANTED), completions.c.pictures.is_not(None), completions.c.repeat != WARM_UP)
    .order_by(completions.c.position)
)
Row = Any  # rows of the queries above
Rows = Sequence[Row]


def lines(connection: sa.Connection, run_ids: Sequence[str]) -> tuple[RunLine, ...]:
    """The lines of these runs, in this order; missing runs are left out."""
    values = {"wanted": list(run_ids)}
    found = {row.id: row for row in connection.execute(_RUNS, values)}
    answers, earlier, said, noted, tagged, drawn = (
        _by_run(connection.execute(query, values).all())
        for query in (_COMPLETIONS, _EARLIER, _RATINGS, _NOTES, _TAGS, _DRAWN)
    )
    return tuple(
        _line(found[id], answers[id], earlier[id], said[id], noted[id], tagged[id], _pictures(drawn[id]))
        for id in run_ids if id in found
    )  # fmt: skip


def _pictures(drawn: Rows) -> list[DrawnBy]:
    """The pictures whose content is on record."""
    return [
        DrawnBy(each["sha256"], f"{row.provider}:{row.model}", each.get("described") or "", each.get("frames") or 1)
        for row in drawn for each in row.pictures if each["sha256"]
    ]  # fmt: skip


def _line(
    run: Row, answers: Rows, earlier: Rows, said: Rows, noted: Rows, tagged: Rows, drawn: Sequence[DrawnBy]
) -> RunLine:  # fmt: skip
    counted = [row for row in answers if row.repeat != WARM_UP]
    stars = [row.stars for row in said if row.stars is not None]
    best = [f"{row.provider}:{row.model}" for row in said if row.best]
    return RunLine(
        id=run.id, created_at=run.created_at, source=run.source, person=run.person, prompt=run.prompt,
        targets=tuple(dict.fromkeys(f"{row.provider}:{row.model}" for row in answers)),
        completions=len(counted),
        failed=sum(_failed(row) for row in counted),
        interrupted=sum(row.interrupted_at is not None for row in counted),
        live=sum(row.state in UNFINISHED for row in counted),
        spend=spend([*answers, *earlier]),
        best=best[-1] if best else None, stars=median(stars) if stars else None,
        tags=tuple(row.name for row in tagged), notes=noted[0].count if noted else 0,
        link=Link(run.link_kind, run.link_id) if run.link_id else None,
        experiment=run.experiment, kept=run.kept or "all",
        pictures=tuple(drawn[:PICTURES_SHOWN]), drawn=len(drawn),
        thumbs_up=sum(row.thumb == 1 for row in said), thumbs_down=sum(row.thumb == -1 for row in said),
    )  # fmt: skip


def spend(costs: Rows) -> Spend:
    """The sum of rows with `cost_kind` and `cost_amount`; a row without a kind has cost nothing yet."""
    kinds = [row.cost_kind for row in costs]
    amounts: list[Decimal] = [row.cost_amount for row in costs if row.cost_amount is not None]  # including lower bounds
    return Spend(sum(amounts, Decimal(0)), kinds.count("amount"), kinds.count("local"), kinds.count("unknown"))


def _failed(row: Row) -> bool:
    return row.interrupted_at is None and row.state not in GOOD_STATES and row.state not in UNFINISHED


def _by_run(rows: Rows) -> Mapping[str, Rows]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row)
    return groups
