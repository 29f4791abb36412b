"""People's saved sets of models, in the database."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from prompts.core.presets import Choice, ChoiceError
from prompts.core.presets import from_json as choice_from
from prompts.core.presets import to_json as choice_json
from prompts.core.sanitize import mended, storable
from prompts.record.schema import choices
from prompts.record.writes import either

log = logging.getLogger("collate")


def save_choice(connection: sa.Connection, person: str, name: str, choice: Choice, at: datetime) -> None:
    """Save a set of models under a name, replacing one with that name."""
    row = {"changed_at": at, "choice": storable(choice_json(choice))}
    insert = either(connection, choices).values(person=person, name=mended(name), **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["person", "name"], set_=row))


def drop_choice(connection: sa.Connection, person: str, name: str) -> None:
    """Delete a saved set of models."""
    connection.execute(choices.delete().where(choices.c.person == person, choices.c.name == name))


def load_choices(connection: sa.Connection, person: str) -> Mapping[str, Choice]:
    """The saved sets by name; those that this version does not understand are left out, but stay on record."""
    found: dict[str, Choice] = {}
    rows = sa.select(choices.c.name, choices.c.choice).where(choices.c.person == person).order_by(choices.c.name)
    for row in connection.execute(rows):
        try:
            found[row.name] = choice_from(row.choice)
        except ChoiceError as exc:
            log.warning("the kept choice %r is left out: %s", row.name, exc)
    return found
