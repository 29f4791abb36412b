"""Experiments on record: the list, one of them, its progress, and its cells. Any thread may read."""

from __future__ import annotations

import builtins
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from prompts.core.targets import Target
from prompts.experiments import cell_reading, gate_store, judge_store, plan_store, worker_store
from prompts.experiments.admission import UNLIMITED
from prompts.experiments.asked import AskedCell, Ending, Experiment, Progress, TargetProgress
from prompts.experiments.cell_reading import Sums
from prompts.experiments.judge import judged
from prompts.experiments.judge import targets as judges_of
from prompts.experiments.judge_progress import Ahead, Going, judge_rows, numbers_of
from prompts.experiments.plan import Plan
from prompts.experiments.plan_store import GONE, Head
from prompts.experiments.pump import Pump
from prompts.experiments.throughput import Throughput, Work
from prompts.history.archive import Archive
from prompts.record import rights
from prompts.record.database_errors import RecordError
from prompts.record.rights import OPERATOR, Actor

HELD = 32
"""How many plans are kept in memory, so that a list need not read them each time."""

NOBODY = "Waits for a worker that listens for {name}."


class Shelf:
    """The experiments on record. Methods block for the disk, and raise `RecordError` with a message for people."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._plans: OrderedDict[tuple[str, int], Plan] = OrderedDict()
        self._ahead: OrderedDict[tuple[str, int, bool], Ahead] = OrderedDict()
        """What is expected of their judges; for a running experiment including how long earlier calls took."""
        self._pumps: dict[str, Pump] = {}
        """The pumps of experiments that only this process asks."""
        self._judge_pumps: dict[str, Pump] = {}
        """The judges' pumps of the same experiments, whose turn comes once the answers are there."""

        self._ended_unwritten: dict[str, Ending] = {}
        """How experiments ended whose end could not be recorded, as with a full disk; the record says running still."""

    def list(self, person: str | None = None) -> builtins.list[Experiment]:
        """The experiments of one person, or of everybody for `None`, newest first."""
        return [self._experiment(head) for head in self._archive.read(lambda c: plan_store.heads(c, person))]

    def find(self, id: str) -> Experiment | None:
        """The experiment with that id; `None` if it is not on record."""
        head = self._archive.read(lambda c: plan_store.head(c, id))
        return None if head is None else self._experiment(head)

    def _as_ended(self, head: Head) -> Head:
        ending = self._ended_unwritten.get(head.id)
        if ending is None or head.recorder_id is None or head.id in self._pumps:
            return head
        return replace(head, stage=ending.stage, reason=ending.reason)

    def progress(self, id: str) -> Progress:
        """The progress of an experiment."""
        head = self._head(id)
        plan = self.plan_of(head)
        by_target, _ = self._archive.read(lambda c: cell_reading.sums(c, id))
        if head.shared:
            rows, going = self._shared_targets(head, plan, by_target)
        else:
            pump = self._pumps.get(id)
            rows = tuple(self._target(n, by_target, pump) for n in range(len(plan.targets)))
            going = _judges_go(plan, self._judge_pumps.get(id))
        judges = judge_rows(plan, by_target, self._ahead_of(head, plan, bool(going)), going) if judged(plan) else ()
        spent = [each.spent for each in by_target.values() if each.spent is not None]  # including judges
        return Progress(
            head.stage, rows, sum(spent, Decimal(0)) if spent else None, head.reserved, head.reason or "", judges
        )  # fmt: skip

    def cells(self, id: str, heads: bool = False) -> builtins.list[AskedCell]:
        """Every cell in the order of asking; `heads`: without the texts."""
        plan = self.plan_of(self._head(id))
        return self._archive.read(lambda c: cell_reading.read(c, id, plan, heads=heads))

    def picture(self, digest: str) -> bytes | None:
        """A picture of an answer by the SHA-256 of its content; `None` if it is not on record."""
        return self._archive.picture(digest)

    def _head(self, id: str, by: Actor = OPERATOR) -> Head:
        """The experiment without its plan, for somebody who may change it.

        Raises `RecordError`, also if `by` may not.
        """
        head = self._archive.read(lambda c: plan_store.head(c, id))
        if head is None:
            raise RecordError(GONE)
        rights.check(by, "change an experiment", head.person)
        return self._as_ended(head)

    def plan_of(self, head: Head) -> Plan:
        """The plan of an experiment, which may be large."""
        key = head.id, head.version
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._archive.read(lambda c: plan_store.body(c, head.id))
            while len(self._plans) > HELD:
                self._plans.popitem(last=False)
        return plan

    def _ahead_of(self, head: Head, plan: Plan, running: bool) -> Ahead:
        key = head.id, head.version, running
        ahead = self._ahead.get(key)
        if ahead is None:
            measured = self._archive.measured() if running else ()
            took = {(each.provider, each.model): each.duration_s.value for each in measured if each.duration_s}
            known = {judge: took[who] for judge in judges_of(plan) if (who := (judge.provider, judge.model)) in took}
            ahead = self._ahead[key] = Ahead.of(plan, known)
            while len(self._ahead) > HELD:
                self._ahead.popitem(last=False)
        return ahead

    def _experiment(self, head: Head) -> Experiment:
        head = self._as_ended(head)
        plan, (_, counts) = self.plan_of(head), self._archive.read(lambda c: cell_reading.sums(c, head.id))
        judgements = self._archive.read(lambda c: judge_store.judged_sides(c, head.id)) if judged(plan) else {}
        return Experiment(
            head.id, head.created_at, plan, head.stage, head.person or "", head.planned_cases,
            head.reason or "", counts, judgements, head.planned_repeats,
        )  # fmt: skip

    def _shared_targets(
        self, head: Head, plan: Plan, sums: Mapping[int, Sums]
    ) -> tuple[tuple[TargetProgress, ...], dict[Target, Going]]:
        """Progress according to the record, as calls of other processes count as much as our own."""
        rates = self._archive.read(lambda c: cell_reading.rates(c, head.id))
        names, served = [target.provider for target in plan.targets], head.asked_as or {}
        says = self._archive.read(lambda c: gate_store.told(c, served))
        left = {name: _left(sums, [n for n, its in enumerate(names) if its == name]) for name in names}
        limits = self._archive.read(lambda c: gate_store.throughputs(c, served))
        alone = self._archive.read(lambda c: worker_store.unserved(c, served.values()))
        waits = {name: NOBODY.format(name=its) for name, its in served.items() if its in alone}
        rows = tuple(
            _shared_target(
                n, sums.get(n, Sums()), rates.get(n), says.get(name) or waits.get(name, ""),
                limits.get(name, Throughput(UNLIMITED)), left[name],
            )
            for n, name in enumerate(names)
        )  # fmt: skip
        going = {
            judge: _going(
                limits.get(judge.provider, Throughput(UNLIMITED)), [rates[n] for n in numbers if n in rates],
                says.get(judge.provider) or waits.get(judge.provider, ""),
            )
            for judge, numbers in numbers_of(plan).items()
        }  # fmt: skip
        return rows, going

    def _target(self, target: int, sums: Mapping[int, Sums], pump: Pump | None) -> TargetProgress:
        its, host = sums.get(target, Sums()), pump.host_of(target) if pump else None
        rate = left_s = None
        if pump is not None and host is not None:
            pace, allowed = pump.paces[target], host.throughput
            rate, per_s = pace.per_minute(), pace.lately_per_s(waits=allowed.wait_s > 0)
            left_s = allowed.left_s(its.left, per_s, _left(sums, host.targets))
        return TargetProgress(
            target, its.planned, its.done, its.failed, its.running, rate, left_s,
            its.spent, its.at_least, pump.says(target) if pump else its.note,
        )  # fmt: skip


def _left(sums: Mapping[int, Sums], targets: Iterable[int]) -> Work:
    """The work of cells of these targets that are not over."""
    return Work.of(sums[n].work_left for n in targets if n in sums)


def _judges_go(plan: Plan, pump: Pump | None) -> dict[Target, Going]:
    """The progress of judges in the process that asks them, or will."""
    found = dict[Target, Going]()
    for judge, numbers in numbers_of(plan).items() if pump else ():
        if pump and (host := pump.host_of(numbers[0])):
            allowed, paces = host.throughput, [pump.paces[n] for n in numbers if n in pump.paces]
            lately = [per_s for pace in paces if (per_s := pace.lately_per_s(waits=allowed.wait_s > 0))]
            rates = [rate for pace in paces if (rate := pace.per_minute())]
            says = next((said for n in numbers if (said := pump.says(n))), "")
            found[judge] = replace(_going(allowed, rates, says), per_s=sum(lately) or None)
    return found


def _going(allowed: Throughput, rates: Sequence[float], says: str) -> Going:
    """`rates`: of its questions, per minute."""
    rate = sum(rates) or None
    return Going(allowed, rate, rate / 60 if rate else None, says)


def _shared_target(
    target: int, its: Sums, rate: float | None, says: str, limits: Throughput, of_all: Work
) -> TargetProgress:  # fmt: skip
    """`rate`: calls per minute. `of_all`: the work left for all targets of its provider."""
    left_s = limits.left_s(its.left, rate / 60 if rate else None, of_all)
    return TargetProgress(
        target, its.planned, its.done, its.failed, its.running, rate, left_s, its.spent, its.at_least, says or its.note
    )
