"""What not everybody may do in a team, each as it is tried: on what is Ada's, by whoever `by` is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dashboard.engine import Engine
from dashboard.local_models.pulls import MANAGE, Pull, Pulls
from dashboard.settings import sections
from prompts.asking.runs import STEER
from prompts.core.plan import plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.decide import decision_store, watch_store
from prompts.decide.watch_store import Watch
from prompts.exchange import uploaded
from prompts.exchange.trail_csv import trail_csv
from prompts.exchange.uploaded import brought
from prompts.experiments import worker_store
from prompts.experiments.experiments import Experiments
from prompts.experiments.library.library import library
from prompts.history.archive import Archive
from prompts.record.rights import Act, Actor
from prompts.votes.on_record import Votes
from providers.config.connections import Connection
from providers.interface import Settings
from tests.patience import PATIENCE_S
from tests.pictures import picture
from tests.prompts.experiments.asked_cells import PLAN

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SHORT = plan("What is a class?", [Target("builtin", "ngram-3", Settings(max_output_tokens=5, seed=1))])
WATCH = Watch("w1", "e1", NOW, "ada", 7, Decimal(1), None)
NOWHERE = Connection("ollama", "ollama", "Ollama", "http://127.0.0.1:9", needs_key=False, local=True)
"""Where nobody listens: what may be done there is tried, and fails."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """One team's record, with one of everything in it, Ada's."""

    core: Engine
    run: Run

    @property
    def archive(self) -> Archive:
        """Its record."""
        assert self.core.archive is not None
        return self.core.archive

    @property
    def reach(self) -> Mapping[str, Connection]:
        """What is set up."""
        return self.core.configuration.connections


@dataclass(frozen=True, slots=True)
class Row:
    """`do` raises where `by` may not."""

    act: Act
    do: Callable[[Theirs, Actor], object]


def _on_experiment(name: str) -> Callable[[Theirs, Actor], object]:
    arguments: dict[str, Any] = {"connections": {}, "plan": PLAN, "cells": (), "checks": (), "name": "Mine now"}

    def do(there: Theirs, by: Actor) -> None:
        assert there.core.experiments is not None
        method = getattr(there.core.experiments, name)
        wanted = {each: arguments[each] for each in inspect.signature(method).parameters if each in arguments}
        done = method("e1", **wanted, by=by)
        if inspect.isasyncgen(done):
            list(there.core.each(done, PATIENCE_S))
        elif inspect.iscoroutine(done):
            there.core.call(done)

    return do


def _upload(there: Theirs, by: Actor) -> None:
    shown = brought(picture("PNG"))
    there.archive.write(lambda c: uploaded.add(c, there.run.id, "Midjourney", shown, by, NOW))


def _delete_run(there: Theirs, by: Actor) -> None:
    """Of several, those of others are left and named."""
    for _ in there.archive.delete([there.run.id], by=by).others:
        raise PermissionError("This is ada’s: only they or an administrator may delete a run.")


ROWS: dict[str, Row] = {
    "Engine.stop": Row(STEER, lambda at, by: at.core.stop(at.run, by=by)),
    "Engine.retry": Row(STEER, lambda at, by: at.core.retry(at.run, at.run.answers[0], at.reach, by=by)),
    "Engine.finish": Row(STEER, lambda at, by: at.core.finish(at.run, at.run.answers, at.reach, by=by)),
    "Engine.leave": Row(STEER, lambda at, by: at.core.leave(at.run.id, by=by)),
    "Archive.leave_interrupted": Row(STEER, lambda at, by: at.archive.leave_interrupted(at.run.id, by)),
    "uploaded.add": Row(STEER, _upload),
    "Archive.delete": Row("delete a run", _delete_run),
    "Archive.remove_note": Row(
        "remove a note", lambda at, by: at.archive.remove_note(at.run.answers[0].id, "ada", by=by)
    ),
    "Archive.delete_older": Row(
        "delete everything older than a number of days",
        lambda at, by: at.archive.delete_older(datetime.now(UTC) + timedelta(days=1), by=by),
    ),
    "Archive.trail": Row("read the audit trail", lambda at, by: at.archive.trail(1, by=by)),
    "trail_csv.trail_csv": Row("read the audit trail", lambda at, by: trail_csv(at.archive, by=by)),
    **{
        f"Experiments.{name}": Row("delete an experiment" if name == "delete" else "change an experiment",
                                   _on_experiment(name))
        for name, method in inspect.getmembers(Experiments, inspect.isfunction)
        if "by" in inspect.signature(method).parameters and not name.startswith("_") and name != "start"
    },
    "watch_store.put": Row(
        "watch an experiment, or stop it",
        lambda at, by: at.archive.write(lambda c: watch_store.put(c, replace(WATCH, budget=Decimal(99)), by=by)),
    ),
    "watch_store.stop": Row(
        "watch an experiment, or stop it", lambda at, by: at.archive.write(lambda c: watch_store.stop(c, "e1", by=by))
    ),
    "Votes.delete": Row("delete a ballot", lambda at, by: Votes(at.archive).delete("ballot", by=by)),
    "decision_store.delete": Row(
        "delete a decision", lambda at, by: at.archive.write(lambda c: decision_store.delete(c, "d1", by=by))
    ),
    "Library.save": Row(
        "save a new version of a prompt",
        lambda at, by: library().save(library().find("mine"), replace(library().find("mine").prompt, notes="x"), by),
    ),
    "Library.restore": Row(
        "save a new version of a prompt", lambda at, by: library().restore(library().find("mine@1"), by)
    ),
    "Library.delete": Row("delete a prompt", lambda at, by: library().delete("mine", by)),
    "worker_store.drain": Row(
        "let a worker leave", lambda at, by: at.archive.write(lambda c: worker_store.drain(c, "worker", by=by))
    ),
    "Pulls.start": Row(MANAGE, lambda at, by: Pulls(at.core).start(NOWHERE, "tiny", by=by)),
    "Pulls.cancel": Row(MANAGE, lambda at, by: Pulls(at.core).cancel(Pull("tiny"), by=by)),
    "Pulls.unload": Row(MANAGE, lambda at, by: Pulls(at.core).unload(NOWHERE, "tiny", by=by)),
    "Pulls.delete": Row(MANAGE, lambda at, by: Pulls(at.core).delete(NOWHERE, "tiny", loaded=False, by=by)),
    "sections.fetch_newer": Row(sections.FETCH, lambda at, by: sections.fetch_newer(at.core, by=by)),
}  # fmt: skip
