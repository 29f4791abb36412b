"""The ratings on record by target, from the runs in which some answer matches a filter.

Ratings are counted by whole runs: a tag or a word is often on one answer only, and counting just the winner of a
comparison would tell nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from prompts.analysis.ratings import Ratings, Say, ratings
from prompts.core.plan import WARM_UP
from prompts.core.run_summaries import Filter
from prompts.record import full_text
from prompts.record.filter_sql import all_cards
from prompts.record.schema import cards, completions
from prompts.record.schema import ratings as rows

_TARGET = (completions.c.provider + ":" + completions.c.model).label("target")
_SAID = sa.select(
    _TARGET, completions.c.run_id, rows.c.person, rows.c.best, rows.c.thumb, rows.c.stars
).join_from(rows, completions, rows.c.completion_id == completions.c.id)  # fmt: skip
_best = sa.select(completions.c.run_id).join(rows, rows.c.completion_id == completions.c.id).where(rows.c.best)
_TOOK_PART = (
    sa.select(completions.c.run_id, _TARGET)
    .where(completions.c.run_id.in_(_best.correlate(None)), completions.c.repeat != WARM_UP)
    .distinct()
)


def targets(connection: sa.Connection, wanted: Filter) -> Mapping[str, Ratings]:
    """The ratings of each target that anybody rated, from runs with an answer that matches `wanted`."""
    said = _SAID
    if wanted != Filter():
        conditions = full_text.conditions(connection, wanted)
        said = said.where(completions.c.run_id.in_(all_cards([cards.c.run_id]).where(*conditions)))
    says = [
        Say(row.target, row.run_id, row.person, bool(row.best), row.thumb, row.stars)
        for row in connection.execute(said)
    ]
    took_part: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(_TOOK_PART):
        took_part[row.run_id].add(row.target)
    return ratings(says, took_part)
