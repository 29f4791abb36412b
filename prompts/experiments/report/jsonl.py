"""An experiment as JSON Lines, written and read: the plan first, then a line for every cell.

`loads` gives what can be summarised, compared and reported again. What a provider reported besides an answer (headers,
receipts, attempts) is in an export of the runs, not here.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import chain
from typing import Any, TypeVar

from prompts.core.drawn import Kept, kept, renamed
from prompts.core.plain_json import one_line
from prompts.core.sanitize import storable
from prompts.core.unpacked import Content as Beside
from prompts.core.unpacked import nothing
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.checks.kinds import combined
from prompts.experiments.plan import Cell, Plan, check_plan
from prompts.experiments.report import shapes
from prompts.experiments.report.contents import Content, Report, shown
from prompts.experiments.stored_plan import findings_from, findings_json, plan_from, plan_json
from providers.completion import GOOD_STATES, Completion, Cost, Timings
from providers.errors import Failure
from providers.interface import Usage
from providers.pictures import Picture

FORMAT = 1
MOST_PICTURES = 140_000_000
"""The most bytes of pictures in a file, so that it can be read again (`taking_in.MOST_BYTES`);
of others it has only the facts."""
BEGINNING = 1000
"""How many bytes at the beginning identify such a file."""
Row = Callable[[Picture], dict[str, Any]]
"""Converts a picture to its form in a line."""
T = TypeVar("T")


class ReportError(ValueError):
    """A file that does not contain an experiment; the message says where it is wrong."""


def as_jsonl(report: Report) -> bytes:
    """All lines in one piece."""
    return b"".join(lines(report, Within(report.picture).row))


def lines(report: Report, row: Row) -> Iterator[bytes]:
    """The lines one by one; `row` converts pictures."""
    each = report.experiment
    head = {
        "collate_experiment": FORMAT, "id": each.id, "created_at": each.created_at.isoformat(), "stage": each.stage,
        "reason": each.reason, "planned_cases": each.planned_cases, "planned_repeats": each.planned_repeats,
        "plan": plan_json(each.plan),
    }  # fmt: skip
    for line in chain([head], (_cell(cell, row) for cell in shown(report))):
        yield f"{one_line(storable(line))}\n".encode()


class Within:
    """The pictures of one file, each content once, as long as there is room."""

    def __init__(self, content: Content) -> None:
        self._content, self._room = content, MOST_PICTURES
        self._there = set[str]()

    def row(self, drawn: Picture) -> dict[str, Any]:
        """A picture, with its content if that is not in the file yet."""
        data = None if drawn.sha256 in self._there else self._content(drawn.sha256)
        if data is None or len(data) > self._room:
            return asdict(drawn)
        self._room -= len(data)
        self._there.add(drawn.sha256)
        return {**asdict(drawn), "data": b64encode(data).decode()}


def loads(data: bytes, beside: Beside = nothing) -> tuple[Experiment, list[AskedCell], Mapping[str, bytes]]:
    """The experiment, its cells, and the contents of its pictures by digest. Raises `ReportError`.

    Pictures are decoded within bounds and re-encoded; if the content is neither in the file nor `beside` it, the facts
    are kept.
    """
    drawn = _Pictures(beside)
    first, *rest = data.decode("utf-8-sig", "replace").split("\n") or [""]
    experiment = _line(1, first, lambda row: _experiment(shapes.head(row)))
    cells = [
        _line(n, line, lambda row: _asked(shapes.cell(row), experiment.plan, drawn))
        for n, line in enumerate(rest, 2)
        if line.strip()
    ]
    if len({cell.cell for cell in cells}) < len(cells):
        raise ReportError("Two lines are about the same cell.")
    return experiment, cells, {each.sha256: each.data for each in drawn.kept.values()}


def is_report(data: bytes) -> bool:
    """Whether the data begins like such a file."""
    return b'"collate_experiment"' in data[:BEGINNING].partition(b"\n")[0]


def _line(number: int, line: str, read: Callable[[Any], T]) -> T:
    try:
        return read(json.loads(line))
    except RecursionError:
        raise ReportError(f"Line {number} is nested too deeply.") from None
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise ReportError(f"Line {number} is not part of an experiment of Collate: {exc}") from None


def _experiment(head: Mapping[str, Any]) -> Experiment:
    if head["collate_experiment"] != FORMAT:
        raise ReportError("another version of Collate wrote it")
    plan = check_plan(plan_from(head["plan"]))
    return Experiment(
        head["id"], shapes.instant(head["created_at"]), plan, head["stage"], "",
        head["planned_cases"], head["reason"], planned_repeats=head.get("planned_repeats"),
    )  # fmt: skip


def _cell(cell: AskedCell, row: Row) -> dict[str, Any]:
    done = cell.completion
    return {
        **asdict(cell.cell), "completion_id": cell.completion_id, "run_id": cell.run_id, "state": cell.state,
        "taken_from": cell.taken_from.isoformat() if cell.taken_from else None, "note": cell.note,
        "findings": findings_json(cell.verdict.findings) if cell.verdict else None,
        "completion": _completion(done, row) if done else None,
    }  # fmt: skip


def _completion(done: Completion, row: Row) -> dict[str, Any]:
    amount = done.cost.amount
    return {
        "provider": done.provider, "model": done.model, "response_model": done.response_model, "state": done.state,
        "endpoint": done.endpoint, "text": done.text, "thinking": done.thinking,
        "started_at": done.started_at.isoformat(), "timings": asdict(done.timings),
        "cost": {"kind": done.cost.kind, "amount": None if amount is None else str(amount)},
        "usage": asdict(done.usage) if done.usage else None, "error": asdict(done.error) if done.error else None,
        **({"pictures": [row(each) for each in done.pictures]} if done.pictures else {}),
    }  # fmt: skip


def _asked(row: Mapping[str, Any], plan: Plan, drawn: _Pictures) -> AskedCell:
    findings, done, taken = row["findings"], row["completion"], row["taken_from"]
    cell = Cell(row["case"], row["wording"], row["target"], row["repeat"])
    if cell.case >= len(plan.cases) or (cell.target, cell.wording) not in plan.sides or cell.repeat >= plan.repeats:
        raise ValueError("the plan has no such cell")
    if done is None and row["state"] in GOOD_STATES:
        raise ValueError("its answer is missing")
    return AskedCell(
        cell, row["completion_id"], row["run_id"],
        row["state"], _read(done, drawn) if done else None,
        combined(plan.checks, findings_from(findings)) if findings is not None else None,
        shapes.instant(taken) if taken else None, row["note"],
    )  # fmt: skip


def _read(row: Mapping[str, Any], drawn: _Pictures) -> Completion:
    cost, usage, error = row["cost"], row["usage"], row["error"]
    amount = None if cost["amount"] is None else Decimal(cost["amount"])
    return Completion(
        row["provider"], row["model"], row["endpoint"], row["state"], row["text"], row["thinking"],
        shapes.instant(row["started_at"]), Timings(**row["timings"]), Cost(cost["kind"], amount),
        Usage(**usage) if usage else None, response_model=row["response_model"],
        error=Failure(**error) if error else None,
        pictures=tuple(Picture(**each) for each in drawn.of(row.get("pictures", ()))),
    )  # fmt: skip


class _Pictures:
    """The pictures of a file that is read, in the form in which they will be stored."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self.kept: dict[str, Kept] = {}
        """By the digests used in the file."""

    def of(self, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The pictures of one answer. Raises `ValueError`."""
        for each in entries:
            if each["sha256"] not in self.kept and (data := self._content(each)) is not None:
                self.kept[each["sha256"]] = kept(data)
        plain = [{name: value for name, value in each.items() if name not in ("data", "file")} for each in entries]
        return renamed(plain, self.kept)

    def _content(self, entry: Mapping[str, Any]) -> bytes | None:
        if (name := entry.get("file")) is None:
            return None if entry.get("data") is None else b64decode(entry["data"], validate=True)
        try:
            return self._beside(name)
        except KeyError:
            raise ValueError(f"its picture {name[:100]} is not beside it; import the whole zip") from None
