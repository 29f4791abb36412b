"""The values one can filter by, found through indexes without scanning a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from prompts.core.run_summaries import Facets
from prompts.record.experiment_tables import plans
from prompts.record.schema import ROOM, cards, experiments, models, tags
from providers.catalogue.families import family_of

_MODELS = sa.select(models.c.provider, models.c.model).where(
    sa.exists().where(cards.c.target == models.c.id, cards.c.planned == sa.literal_column("0"))
)
_EXPERIMENTS = sa.select(experiments.c.id, experiments.c.name).order_by(
    experiments.c.created_at.desc(), experiments.c.id
)


def facets(connection: sa.Connection) -> Facets:
    """What there is to filter by."""
    pairs = [(row.provider, row.model) for row in connection.execute(_MODELS)]
    families = (family_of(provider, model) for provider, model in pairs)
    first = connection.scalar(sa.select(sa.func.min(cards.c.number)))
    return Facets(
        targets=tuple(sorted(f"{provider}:{model}" for provider, model in pairs)),
        providers=tuple(sorted({provider for provider, _ in pairs})),
        families=tuple(sorted({family.name for family in families if family})),
        tags=tuple(connection.scalars(_each(tags.c.name))),
        people=tuple(connection.scalars(_each(cards.c.person))),
        experiments=tuple((row.id, row.name) for row in connection.execute(_EXPERIMENTS)),
        plans=connection.scalar(sa.select(sa.func.count()).select_from(plans)) or 0,
        oldest=None if first is None else datetime.fromtimestamp(first // ROOM / 1000, UTC).date(),
    )


def _each(column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The distinct values of an indexed column, in order;
    each is found by jumping on from the previous one in the index."""
    first = sa.select(sa.func.min(column).label("value")).where(column.is_not(None)).cte("each", recursive=True)
    then = sa.select(sa.func.min(column)).where(column > first.c.value).scalar_subquery()
    values = first.union_all(sa.select(then).where(first.c.value.is_not(None)))
    return sa.select(values.c.value).where(values.c.value.is_not(None))
