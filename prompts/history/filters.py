"""What is looked for, as conditions on completions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from prompts.history.lines import Facets, Filter
from prompts.schema import Instant, completions, experiments, ratings, runs, tags
from prompts.storage import UNFINISHED
from providers.completion import GOOD_STATES
from providers.families import family_of

Condition = sa.ColumnElement[bool]


def conditions(connection: sa.Connection, wanted: Filter) -> list[Condition]:
    """All of these hold of a completion (joined with its run) that is wanted."""
    found: list[Condition] = []
    if wanted.targets or wanted.providers or wanted.families:
        found.append(sa.tuple_(completions.c.provider, completions.c.model).in_(_targets(connection, wanted)))
    for word in wanted.words.split():
        word = word.strip('"*')
        found.append(runs.c.prompt.icontains(word, autoescape=True) | completions.c.text.icontains(word, autoescape=True))
    if wanted.tags:
        found.append(completions.c.id.in_(sa.select(tags.c.completion_id).where(tags.c.name.in_(wanted.tags))))
    said = [
        *([ratings.c.stars >= wanted.stars] if wanted.stars else []),
        *([ratings.c.thumb == wanted.thumb] if wanted.thumb else []),
        *([ratings.c.best.is_(True)] if wanted.best else []),
    ]
    found += [completions.c.id.in_(sa.select(ratings.c.completion_id).where(each)) for each in said]
    if wanted.since:
        found.append(completions.c.asked_at >= _start(wanted.since))
    if wanted.until:
        found.append(completions.c.asked_at < _start(wanted.until + timedelta(days=1)))
    cost = sa.case((completions.c.cost_kind == "local", 0.0), else_=sa.cast(completions.c.cost_amount, sa.Double))
    if wanted.cost_from is not None:
        found.append(cost >= float(wanted.cost_from))
    if wanted.cost_to is not None:
        found.append(cost <= float(wanted.cost_to))
    if wanted.outcome:
        found.append(_outcome(wanted.outcome))
    if wanted.person is not None:
        found.append(runs.c.person == wanted.person if wanted.person else sa.func.coalesce(runs.c.person, "") == "")
    if wanted.experiment is not None:
        found.append(runs.c.experiment_id == wanted.experiment)
    return found


def facets(connection: sa.Connection) -> Facets:
    """What there is to filter by."""
    pairs = connection.execute(sa.select(completions.c.provider, completions.c.model).distinct()).all()
    families = {family.name for pair in pairs if (family := family_of(pair[0], pair[1]))}
    people = connection.scalars(sa.select(runs.c.person).distinct().where(runs.c.person != ""))
    named = sa.select(experiments.c.id, experiments.c.name).order_by(experiments.c.created_at.desc())
    oldest = connection.scalar(sa.select(sa.func.min(runs.c.created_at)))
    return Facets(
        tuple(sorted(f"{provider}:{model}" for provider, model in pairs)), tuple(sorted({p for p, _ in pairs})),
        tuple(sorted(families)), tuple(connection.scalars(sa.select(tags.c.name).distinct().order_by(tags.c.name))),
        tuple(sorted(person for person in people if person)),
        tuple((row.id, row.name) for row in connection.execute(named)), oldest.date() if oldest else None,
    )  # fmt: skip


def _targets(connection: sa.Connection, wanted: Filter) -> list[tuple[str, str]]:
    pairs = connection.execute(sa.select(completions.c.provider, completions.c.model).distinct()).all()

    def fits(provider: str, model: str) -> bool:
        family = family_of(provider, model)
        return (
            (not wanted.targets or f"{provider}:{model}" in wanted.targets)
            and (not wanted.providers or provider in wanted.providers)
            and (not wanted.families or (family is not None and family.name in wanted.families))
        )

    return [(provider, model) for provider, model in pairs if fits(provider, model)]


def _outcome(outcome: str) -> Condition:
    interrupted = completions.c.interrupted_at.is_not(None)
    if outcome == "interrupted":
        return interrupted
    good = completions.c.state.in_(GOOD_STATES)
    return good if outcome == "good" else ~good & completions.c.state.not_in(UNFINISHED) & ~interrupted


def _start(day: date) -> Any:
    return sa.literal(datetime.combine(day, time(), UTC), Instant)
