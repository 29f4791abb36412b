"""Records with something in them, and the hand that exports and imports."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from prompts.core.feedback import Mark
from prompts.core.plan import WARM_UP, Link
from prompts.core.run import Run
from prompts.exchange.exporting import export
from prompts.exchange.formats import FormatName, Selection
from prompts.exchange.importing import take_in
from prompts.exchange.merge import Batch, Taken, merge
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from prompts.record.rights import OPERATOR, Actor
from prompts.record.run_rows import CompletionRows, RunRows
from providers.files.remade import remade
from providers.interface import Attachment, Message
from providers.pictures import Picture
from tests.pictures import picture
from tests.prompts.record.test_picture_store import a_drawing_run
from tests.prompts.samples import FAILED, FULL, NOW, TARGET, begin
from tests.runs import answer_of, run_of

PICTURE = Attachment("odd =name.png", "image/png", b"\x89PNG\x00\xff")


SHOWN = remade(picture("PNG", (20, 10)))
DIGEST = sha256(SHOWN.data).hexdigest()


async def draw(url: str) -> None:
    """Record two runs that drew the same picture."""
    recorder = await Recorder.open(url)
    for prompt in ("a cat", "a dog"):
        run = a_drawing_run(prompt)
        await recorder.begin_run(run)
        drawn = Picture(DIGEST, SHOWN.media_type, 20, 10, "image/png", 99, seed=0)
        attempt = await begin(recorder, run)
        await recorder.finish(attempt, replace(FULL, text="", pictures=(drawn,)), contents={DIGEST: SHOWN.data})
    await recorder.close()


def rich_run(number: int = 0) -> Run:
    """A run with everything that a run can have: two answers, a warm-up, a turn before it, a file, a link."""
    history = (Message("user", "Before?", (PICTURE,)), Message("assistant", "Before."))
    answers = [
        answer_of(TARGET, 0, 0),
        answer_of(TARGET, 1, 1, history=history, follows=str(uuid4())),
        answer_of(TARGET, 2, 0, WARM_UP),
    ]
    return run_of(
        f"=Question {number}?", answers, created_at=NOW + timedelta(minutes=number), attachments=(PICTURE,),
        link=Link("edits", str(uuid4())), fair=True, local_only=True, person="ann@example.com",
    )  # fmt: skip


async def fill(url: str, runs: int = 1) -> list[Run]:
    """Record rich runs: a full answer, one that failed before it was asked again, one nobody asked."""
    recorder = await Recorder.open(url)
    made = [rich_run(number) for number in range(runs)]
    for run in made:
        await recorder.begin_run(run)
        await recorder.finish(await begin(recorder, run), FULL)
        await recorder.finish(await begin(recorder, run, 1), replace(FAILED, text="Onc", cost=FULL.cost))
        await recorder.finish(await begin(recorder, run, 1, number=2), FULL)
        await recorder.withdraw(run.answers[2].id)
    first = made[0]
    archive = Archive(recorder.database)
    archive.mark(first.answers[0].id, Mark("ann", 1, 4, best=True, note="the one that worked", changed_at=NOW))
    archive.mark(first.answers[0].id, Mark("bob", -1, 1, changed_at=NOW))
    archive.tag([first.answers[0].id], ["good", "German"], "ann")
    archive.put_under([first.id], archive.experiment("Spring", "ann"))
    await recorder.close()
    return made


def exported(archive: Archive, form: FormatName = "jsonl", selection: Selection = Selection()) -> bytes:
    """The whole file."""
    return b"".join(export(archive, selection, form))


def lines(archive: Archive) -> list[dict[str, Any]]:
    """What the file says of the runs, without its first line, which holds the moment."""
    return [json.loads(line) for line in exported(archive).splitlines()][1:]


def imported(archive: Archive, data: bytes, by: Actor = OPERATOR) -> Taken:
    """Take a file in."""
    return take_in(archive, io.BytesIO(data), by=by)


def changed(data: bytes, kind: str, change: Mapping[str, Any], *, drop: tuple[str, ...] = ()) -> bytes:
    """The file with the first line of that kind altered."""
    altered = [json.loads(line) for line in data.splitlines()]
    line = next(line for line in altered if line["kind"] == kind)
    line.update(change)
    for name in drop:
        del line[name]
    return b"".join(json.dumps(each).encode() + b"\n" for each in altered)


def many(archive: Archive, runs: int, text: str, start: int = 0) -> None:
    """Put so many small runs on record at once, numbered from `start`."""
    for first in range(start, start + runs, 200):
        batch = Batch(tuple(_small(number, text) for number in range(first, min(first + 200, start + runs))))
        archive.write(lambda connection, batch=batch: merge(connection, batch))


def _small(number: int, text: str) -> RunRows:
    run_id, at = str(UUID(int=number + 1)), NOW + timedelta(seconds=number)
    request = {"messages": [{"role": "user", "text": text}], "settings": {}}
    run = {"id": run_id, "created_at": at, "source": "cli", "prompt": text, "request": request}
    answer = {
        "id": str(UUID(int=number + 1_000_001)), "run_id": run_id, "position": 0, "cell": 0, "repeat": 0,
        "provider": "openai", "model": "gpt-4o", "state": "complete", "text": text, "asked_at": at,
    }  # fmt: skip
    return RunRows(run, None, (CompletionRows(answer),))
