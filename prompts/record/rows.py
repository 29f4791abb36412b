"""Converts runs and completions to rows and back, without loss. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, cast

from prompts.core.feedback import Mark
from prompts.core.messages import message_from, message_json
from prompts.core.plan import Link
from prompts.core.presets import settings_json
from prompts.core.run import Run
from prompts.core.sanitize import mended, storable
from providers.completion import Attempt, Completion, Cost, CostLine, State, Timings
from providers.config.keep_rules import Keeps
from providers.errors import Failure
from providers.interface import Adjustment, Attachment, Message, ServerTimings, Settings, Usage
from providers.pictures import Picture, PictureSettings

StoredState = Literal["waiting", "queued", "sent", "streaming"] | State
UNFINISHED: tuple[StoredState, ...] = ("waiting", "queued", "sent", "streaming")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredCompletion:
    """One completion as recorded."""

    id: str
    position: int
    cell: int
    """The place of its target among the run's; all repeats of one target share it."""
    repeat: int
    provider: str
    model: str
    settings: Settings
    state: StoredState
    text: str
    """The text that has arrived of the latest attempt."""
    thinking: str
    completion: Completion | None
    """The latest attempt's outcome; `None` while it is unfinished, or if nothing was ever sent."""
    earlier: tuple[Completion, ...] = ()
    """The outcomes of earlier attempts, each with its own text, times and cost."""
    history: tuple[Message, ...] = ()
    """The turns before the prompt."""
    follows: str | None = None
    """The id of the completion whose answer ends `history`; `None` if that is empty."""
    marks: tuple[Mark, ...] = ()
    tags: tuple[str, ...] = ()
    asked: int = 0
    """How many attempts at it are on record."""
    interrupted_at: datetime | None = None
    """When it was found unfinished after its process died; else `None`."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as recorded."""

    id: str
    created_at: datetime
    source: Literal["page", "cli"]
    prompt: str
    messages: tuple[Message, ...]
    settings: Settings
    """The settings shared by all targets."""
    completions: tuple[StoredCompletion, ...]
    """In the order of the columns."""
    person: str | None = None
    attachments: tuple[Attachment, ...] = ()
    link: Link | None = None
    fair: bool = False
    local_only: bool = False
    keeps: Keeps = "everything"
    """`figures`: prompt, texts and the like are empty because they were not recorded."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in a list."""

    id: str
    created_at: datetime
    prompt: str
    targets: tuple[str, ...]
    """`provider:model`, in the order of the columns."""


def run_row(run: Run) -> dict[str, Any]:
    """A run as its row."""
    message = Message("user", run.prompt, run.attachments)
    request = {
        "messages": [message_json(message)], "settings": settings_json(run.settings),
        **({"fair": True} if run.fair else {}), **({"local_only": True} if run.local_only else {}),
    }  # fmt: skip
    return {
        "id": run.id, "created_at": run.created_at, "source": run.source,
        "prompt": mended(run.prompt), "request": request,
        "person": mended(run.person) or None, "kept": None if run.keeps == "everything" else run.keeps,
        "link_id": run.link.run_id if run.link else None, "link_kind": run.link.relation if run.link else None,
    }  # fmt: skip


def completion_rows(run: Run, recorder_id: str) -> list[dict[str, Any]]:
    """Rows for a run's cells, none of which has been sent."""
    return [
        {
            "id": cell.id, "run_id": run.id, "position": cell.position, "cell": cell.column, "repeat": cell.repeat,
            "provider": mended(cell.target.provider), "model": mended(cell.target.model),
            "settings": settings_json(cell.target.settings), "state": "queued", "recorder_id": recorder_id,
            "history": [message_json(message) for message in cell.history] or None, "follows": cell.follows,
            "asked_at": run.created_at,
        }
        for cell in run.cells
    ]  # fmt: skip


def outcome_row(done: Completion) -> dict[str, Any]:
    """The columns for the result of an attempt; together with its settings these are `schema.OUTCOME`."""
    cost = columns(done.cost) | {"lines": [columns(line) for line in done.cost.lines]}
    return {
        "text": mended(done.text), "thinking": mended(done.thinking), "started_at": done.started_at,
        "response_model": _mended(done.response_model), "response_id": _mended(done.response_id),
        "stop_reason": _mended(done.stop_reason),
        **columns(done.timings), **columns(done.usage or Usage()), "raw_usage": storable(done.raw_usage),
        "server_timings": columns(done.server_timings) if done.server_timings else None,
        "cost_kind": cost.pop("kind"), "cost_amount": cost.pop("amount"), "cost": storable(cost),
        "conditions": list(done.conditions) or None, "flags": list(done.flags) or None,
        "adjustments": storable([columns(each) for each in done.adjustments]) or None,
        "versions": storable(done.versions) or None, "fingerprint": storable(done.fingerprint) or None,
        **failure_row(done.error), "pictures": storable([columns(each) for each in done.pictures]) or None,
    }  # fmt: skip


def columns(record: object) -> dict[str, Any]:
    """The fields of a dataclass by name, without copying nested values as `asdict` would."""
    return {name: getattr(record, name) for name in _names(type(record))}


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def failure_row(failure: Failure | None) -> dict[str, Any]:
    """The two columns for a failure: its kind, for queries, and all of it."""
    if failure is None:
        return {"error_kind": None, "error": None}
    return {"error_kind": failure.kind, "error": storable(columns(failure))}


def stored_completion(
    row: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]], files: Mapping[str, bytes] = {},
    said: tuple[tuple[Mark, ...], tuple[str, ...]] = ((), ()),
) -> StoredCompletion:  # fmt: skip
    """A completion from its row, the rows of its attempts in order, attachments by digest, and (marks, tags)."""
    tries = tuple(_attempt(attempt) for attempt in attempts)
    over = row["state"] not in UNFINISHED and bool(attempts)
    return StoredCompletion(
        id=row["id"], position=row["position"], cell=row["cell"], repeat=row["repeat"],
        provider=row["provider"], model=row["model"], settings=_settings(row["settings"]), state=row["state"],
        text=row["text"] or "", thinking=row["thinking"] or "",
        completion=_completion(row, row["provider"], tries) if over else None,
        earlier=tuple(_completion(old, row["provider"], tries[: n + 1]) for n, old in enumerate(attempts[:-1])),
        history=tuple(message_from(message, files) for message in row["history"] or ()), follows=row["follows"],
        marks=said[0], tags=said[1],
        asked=len(attempts), interrupted_at=row["interrupted_at"],
    )  # fmt: skip


def stored_run(
    row: Mapping[str, Any], completions: tuple[StoredCompletion, ...], files: Mapping[str, bytes] = {}
) -> StoredRun:
    """A run from its row."""
    request = row["request"]
    messages = tuple(message_from(message, files) for message in request["messages"])
    return StoredRun(
        row["id"], row["created_at"], row["source"], row["prompt"], messages, _settings(request["settings"]),
        completions, row["person"], messages[-1].attachments,
        Link(row["link_kind"], row["link_id"]) if row["link_id"] else None,
        request.get("fair", False), request.get("local_only", False), row["kept"] or "everything",
    )  # fmt: skip


def _completion(row: Mapping[str, Any], provider: str, attempts: tuple[Attempt, ...]) -> Completion:
    usage = _known(Usage, row)
    return Completion(
        provider=provider, model=row["model"], endpoint=row["endpoint"], state=row["state"],
        text=row["text"] or "", thinking=row["thinking"] or "", started_at=row["started_at"],
        timings=_known(Timings, row), cost=_cost(row),
        usage=None if usage == Usage() else usage, raw_usage=row["raw_usage"],
        response_model=row["response_model"], response_id=row["response_id"], stop_reason=row["stop_reason"],
        server_timings=_known(ServerTimings, row["server_timings"]) if row["server_timings"] else None,
        conditions=tuple(row["conditions"] or ()), flags=tuple(row["flags"] or ()),
        adjustments=tuple(_known(Adjustment, entry) for entry in row["adjustments"] or ()),
        attempts=attempts, versions=row["versions"] or {}, error=_failure(row),
        fingerprint=row["fingerprint"] or {},
        pictures=tuple(_known(Picture, entry) for entry in row["pictures"] or ()),
    )  # fmt: skip


def _cost(row: Mapping[str, Any]) -> Cost:
    receipt: dict[str, Any] = row["cost"] or {}
    lines = tuple(
        CostLine(line["what"], line["tokens"], _dollars(line["price"]), _dollars(line["amount"]))
        for line in receipt.get("lines", ())
    )
    cost = _known(Cost, {**receipt, "kind": row["cost_kind"], "amount": row["cost_amount"]})
    return replace(cost, lines=lines)


def _dollars(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _attempt(row: Mapping[str, Any]) -> Attempt:
    return Attempt(
        row["number"], row["sent_at"], row["status"], row["request_id"], row["duration_s"], _failure(row)
    )  # fmt: skip


def _failure(row: Mapping[str, Any]) -> Failure | None:
    return _known(Failure, row["error"]) if row["error"] else None


def _settings(values: Mapping[str, Any] | None) -> Settings:
    settings = _known(Settings, values or {})
    drawn = cast(Mapping[str, Any] | None, settings.picture)
    picture = None if drawn is None else _known(PictureSettings, drawn)
    return replace(settings, stop=tuple(settings.stop), picture=picture)


def _known(cls: type[T], values: Mapping[str, Any]) -> T:
    """A dataclass made from those of `values` for which it has a field."""
    names = [field.name for field in fields(cls)]  # pyright: ignore[reportArgumentType] -- only dataclasses come here
    return cls(**{name: values[name] for name in names if name in values})


def _mended(text: str | None) -> str | None:
    return None if text is None else mended(text)
