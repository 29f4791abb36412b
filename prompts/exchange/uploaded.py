"""A picture uploaded by a person, made with something that cannot be asked from here: Midjourney has no public API.

It is recorded as one more answer of a run, marked as uploaded, without time or cost. It is decoded within bounds and
re-encoded like one from a model. A run that is still being asked is refused.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.drawn import PictureError
from prompts.core.sanitize import mended
from prompts.core.targets import UPLOADED
from prompts.record import picture_store, rights, writes
from prompts.record.database_errors import RecordError
from prompts.record.rights import Actor
from prompts.record.rows import UNFINISHED, settings_json
from prompts.record.schema import attempts, completions, runs
from providers.completion import Completion, Cost, Timings
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.remade import remade, why
from providers.files.written_settings import completed
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings, Shown

LONGEST_NAME = 80
MOST_ANSWERS = 200
"""The most answers of one run: those next to one another have to be looked at."""
_ELSEWHERE = "made elsewhere and uploaded"


def brought(data: bytes) -> Shown:
    """The picture of a file, ready to be stored. Raises `PictureError`."""
    try:
        made = remade(data)
    except (DamagedError, TooManyPixelsError) as exc:
        raise PictureError(why(exc)) from exc
    digest = sha256(made.data).hexdigest()
    picture = Picture(
        digest, made.media_type, made.width, made.height, made.arrived_type, len(data), metadata=made.metadata,
        frames=made.moving.frames, moving=made.moving.sha256,
    )  # fmt: skip
    return Shown(completed(picture), made.data, made.moving.data)


def add(connection: sa.Connection, run_id: str, made_with: str, shown: Shown, by: Actor, at: datetime) -> str:
    """Add the picture to the answers of the run; returns the id of the new answer.

    `made_with`: the name that the person gave. Raises `NotAllowedError`, and `RecordError` with a message for people.
    """
    name = " ".join(made_with.split())[:LONGEST_NAME]
    run = connection.execute(sa.select(runs.c.person, runs.c.kept).where(runs.c.id == run_id)).one_or_none()
    if run is None:
        raise RecordError("This run is no longer on record.")
    rights.check(by, "stop, ask again or finish a run", run.person)
    if run.kept is not None or not name:
        raise RecordError("Only figures of this run are kept." if run.kept else "Say what the picture was made with.")
    theirs = completions.c.run_id == run_id
    last, cell, unfinished = connection.execute(
        sa.select(
            sa.func.max(completions.c.position), sa.func.max(completions.c.cell),
            sa.func.sum(sa.case((completions.c.state.in_(UNFINISHED), 1), else_=0)),
        ).where(theirs)
    ).one()  # fmt: skip
    if unfinished:
        raise RecordError("Some pictures are still arriving. Wait for them, or stop them.")
    if last is not None and last + 1 >= MOST_ANSWERS:
        raise RecordError(f"There are {MOST_ANSWERS} pictures already.")
    done = Completion(
        UPLOADED, name, _ELSEWHERE, "complete", "", "", at, Timings(), Cost("unknown", reason=_ELSEWHERE),
        flags=("uploaded",), pictures=(shown.picture,),
    )  # fmt: skip
    found = writes.result(done, at, shown.contents)
    id, place = str(uuid4()), {"endpoint": _ELSEWHERE, "model": mended(name), "state": "complete"}
    picture_store.put(connection, found.pictures)
    connection.execute(completions.insert(), {
        **found.outcome, **place, "id": id, "run_id": run_id, "position": 0 if last is None else last + 1,
        "cell": 0 if cell is None else cell + 1, "repeat": 0, "provider": UPLOADED, "asked_at": at,
        "settings": settings_json(Settings(picture=PictureSettings())),
    })  # fmt: skip
    connection.execute(
        attempts.insert(), {**found.attempt, **place, "id": str(uuid4()), "completion_id": id, "number": 1}
    )
    return id
