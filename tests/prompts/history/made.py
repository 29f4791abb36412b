"""Runs and completions put on record at once, as whoever writes rows leaves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import sqlalchemy as sa

from prompts.record.schema import completions, ratings, runs, tags

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _id() -> str:
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Answer:
    """A completion to put on record."""

    text: str = "an answer"
    target: str = "openai:gpt-4o"
    state: str = "complete"
    repeat: int = 0
    cost: Decimal | None = None
    cost_kind: str | None = "local"
    duration_s: float | None = None
    first_s: float | None = None
    tokens: tuple[int | None, int | None] = (None, None)
    interrupted: bool = False
    pictures: tuple[str, ...] = ()
    """Digests of what it drew."""
    id: str = field(default_factory=_id)


def put(
    connection: sa.Connection, prompt: str, *answers: Answer, at: datetime = NOON, person: str | None = None,
    experiment: str | None = None,
) -> str:  # fmt: skip
    """The run's id."""
    run_id = _id()
    request = {"messages": [{"role": "user", "text": prompt}], "settings": {}}
    connection.execute(runs.insert(), {
        "id": run_id, "created_at": at, "source": "page", "prompt": prompt, "request": request, "person": person,
        "experiment_id": experiment,
    })  # fmt: skip
    for position, answer in enumerate(answers or (Answer(),)):
        provider, _, model = answer.target.partition(":")
        connection.execute(completions.insert(), {
            "id": answer.id, "run_id": run_id, "position": position, "cell": position, "repeat": answer.repeat,
            "provider": provider, "model": model, "state": answer.state, "text": answer.text, "asked_at": at,
            "cost_kind": "amount" if answer.cost is not None else answer.cost_kind, "cost_amount": answer.cost,
            "duration_s": answer.duration_s, "time_to_first_token_s": answer.first_s,
            "input_tokens": answer.tokens[0], "output_tokens": answer.tokens[1],
            "interrupted_at": at if answer.interrupted else None,
            **_pictures(answer),
        })  # fmt: skip
    return run_id


def _pictures(answer: Answer) -> dict[str, object]:
    """The column only where it is wanted: a record of an older schema has none."""
    drawn = [{"sha256": each, "width": 9, "height": 9} for each in answer.pictures]
    return {"pictures": drawn} if drawn else {}


def several(connection: sa.Connection, count: int) -> list[str]:
    """Runs a minute apart; their ids, newest first."""
    return [put(connection, f"question {n}", at=NOON + timedelta(minutes=n)) for n in range(count)][::-1]


def tag(connection: sa.Connection, completion_id: str, name: str) -> None:
    """As whoever tags it."""
    connection.execute(tags.insert(), {"completion_id": completion_id, "name": name, "person": "", "changed_at": NOON})


def rate(
    connection: sa.Connection, completion_id: str, *, stars: int | None = None, thumb: int | None = None,
    best: bool = False, person: str = "", at: datetime = NOON,
) -> None:  # fmt: skip
    """As whoever rates it."""
    said = {"stars": stars, "thumb": thumb, "best": best, "changed_at": at}
    connection.execute(ratings.insert(), {"completion_id": completion_id, "person": person, **said})
