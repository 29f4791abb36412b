"""Queries on the record; each function works inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from prompts.core.forecast import History, Past, plain_latin
from prompts.core.messages import digests
from prompts.core.model_stats import COUNTED, Reading
from prompts.core.plan import WARM_UP
from prompts.core.sanitize import mended
from prompts.record import attachment_store
from prompts.record.feedback_store import marks
from prompts.record.rows import RunSummary, StoredRun, stored_completion, stored_run
from prompts.record.schema import attempts, completions, runs

_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted")
_RUN = runs.select().where(runs.c.id == _WANTED)
_RUN_COMPLETIONS = completions.select().where(completions.c.run_id == _WANTED).order_by(completions.c.position)
_RUN_ATTEMPTS = (
    attempts.select()
    .join(completions, completions.c.id == attempts.c.completion_id)
    .where(completions.c.run_id == _WANTED)
    .order_by(attempts.c.number)
)
_SAMPLE = 400  # characters of a prompt from which its script is determined
_RECENT = (
    sa.select(runs.c.id, runs.c.created_at, runs.c.prompt)
    .order_by(runs.c.created_at.desc(), runs.c.id)
    .limit(sa.bindparam("most"))
)
_TARGETS = (
    sa.select(completions.c.run_id, completions.c.provider, completions.c.model)
    .where(completions.c.run_id.in_(sa.bindparam("wanted", expanding=True)))
    .order_by(completions.c.position)
)

_newest = sa.select(runs.c.id).order_by(runs.c.created_at.desc()).limit(sa.bindparam("most_runs")).subquery()
_IS_CLEAN = completions.c.conditions.is_(sa.null())
_numbered = (
    sa.select(
        completions.c.provider, completions.c.model, completions.c.started_at, _IS_CLEAN.label("clean"),
        completions.c.time_to_first_token_s, completions.c.duration_s, completions.c.output_tokens_per_s,
        sa.func.row_number().over(
            partition_by=(completions.c.provider, completions.c.model, _IS_CLEAN),
            order_by=completions.c.started_at.desc(),
        ).label("place"),
    )
    .join(_newest, _newest.c.id == completions.c.run_id)
    .where(completions.c.state.in_(COUNTED), completions.c.repeat != WARM_UP)
    .subquery()
)  # fmt: skip
_READINGS = (
    sa.select(*(column for column in _numbered.c if column.name != "place"))
    .where(_numbered.c.place <= sa.bindparam("most_answers"))
    .order_by(_numbered.c.provider, _numbered.c.model)
)
_PAST = (
    sa.select(
        completions.c.provider, completions.c.model, completions.c.input_tokens, completions.c.output_tokens,
        completions.c.settings, sa.func.length(runs.c.prompt).label("characters"),
        sa.func.substr(runs.c.prompt, 1, _SAMPLE).label("sample"),
        sa.or_(
            completions.c.history.is_not(None), runs.c.kept.is_not(None),
            sa.cast(runs.c.request, sa.Text).contains('"sha256":'),
        ).label("more"),
    )
    .join(runs, runs.c.id == completions.c.run_id)
    .where(completions.c.state == "complete", completions.c.output_tokens > 0)
    .order_by(runs.c.created_at.desc(), runs.c.id, completions.c.position)
    .limit(sa.bindparam("most"))
)  # fmt: skip


def ids_from(connection: sa.Connection, beginning: str, most: int) -> tuple[str, ...]:
    """Ids of runs that begin with `beginning`, at most `most`."""
    ids = sa.select(runs.c.id).where(runs.c.id >= beginning, runs.c.id < beginning + "g").limit(most)
    return tuple(connection.scalars(ids))


def load_run(connection: sa.Connection, run_id: str) -> StoredRun | None:
    """A run with everything recorded about it; `None` if it is not on record."""
    values = {"wanted": mended(run_id)}  # the id may come from any link, and contain anything
    run = connection.execute(_RUN, values).mappings().one_or_none()
    if run is None:
        return None
    tries: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for attempt in connection.execute(_RUN_ATTEMPTS, values).mappings():
        tries[attempt["completion_id"]].append(dict(attempt))
    rows = [dict(row) for row in connection.execute(_RUN_COMPLETIONS, values).mappings()]
    named = digests(run["request"], [row["history"] for row in rows])
    files = attachment_store.contents(connection, named)
    said = marks(connection, [row["id"] for row in rows])
    found = (stored_completion(row, tries[row["id"]], files, said[row["id"]]) for row in rows)
    return stored_run(dict(run), tuple(found), files)


def recent_runs(connection: sa.Connection, limit: int) -> tuple[RunSummary, ...]:
    """The newest runs, newest first."""
    newest = connection.execute(_RECENT, {"most": limit}).all()
    targets: defaultdict[str, list[str]] = defaultdict(list)
    for run_id, provider, model in connection.execute(_TARGETS, {"wanted": [row.id for row in newest]}):
        targets[run_id].append(f"{provider}:{model}")
    return tuple(RunSummary(row.id, row.created_at, row.prompt, tuple(targets[row.id])) for row in newest)


def readings(connection: sa.Connection, newest_runs: int, newest_answers: int) -> tuple[Reading, ...]:
    """The newest answers of each model within the newest runs,
    for measurements; undisturbed and other ones separately."""
    most = {"most_runs": newest_runs, "most_answers": newest_answers}
    return tuple(Reading(**row) for row in connection.execute(_READINGS, most).mappings())


def output_history(connection: sa.Connection, newest: int) -> History:
    """The token counts of the newest answers of each model, newest first; only of those that ended by themselves."""
    found: defaultdict[tuple[str, str], list[Past]] = defaultdict(list)
    for row in connection.execute(_PAST, {"most": newest}):
        settings: dict[str, Any] = row.settings or {}
        system: str = settings.get("system") or ""
        compares = not row.more and plain_latin(row.sample + system[:_SAMPLE])
        characters = row.characters + len(system) if compares else None
        found[row.provider, row.model].append(Past(row.output_tokens, row.input_tokens, characters))
    return found
