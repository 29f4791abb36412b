"""One cell while it is asked: its host, its live answer, and the answer in the form that checks use."""

from __future__ import annotations

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.plan import Cell as CoreCell
from prompts.core.plan import Plan as CorePlan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.cell_store import Claimed
from prompts.experiments.checks.check import Subject
from prompts.experiments.checks.kinds import Verdict, judge, takes_no_time
from prompts.experiments.hosts import Host
from prompts.experiments.plan import Plan
from providers.completion import Completion
from providers.interface import Attachment, Settings

UNCHECKED = ("failed", "cancelled", "unknown")
"""States of answers that are not checked."""


class Work:
    """One cell while it is asked, as a run that has only this answer."""

    def __init__(
        self, target: Target, prompt: str, settings: Settings, claimed: Claimed, host: Host, person: str,
        attachments: tuple[Attachment, ...] = (), plan: Plan | None = None,
    ) -> None:  # fmt: skip
        self.target, self.claimed, self.host = target, claimed, host
        self._plan = plan  # whose checks look at the answer; `None`: it is not checked
        self.judged = False
        """Whether the verdict on the latest answer is on record."""
        one = CoreCell(target, 0, claimed.cell.target, claimed.cell.repeat, claimed.completion_id)
        self.run = Run.of(
            CorePlan(prompt, (one,), settings=settings, person=person, attachments=attachments),
            id=claimed.run_id, answers=[Answer(one, attempt=claimed.asked)],
        )  # fmt: skip

    @classmethod
    def planned(cls, plan: Plan, claimed: Claimed, host: Host, person: str) -> Work:
        """The work for a claimed cell of that plan, with its target's own settings."""
        cell = claimed.cell
        whole = plan.targets[cell.target]
        target = Target(whole.provider, whole.model, plan.settings_of(cell.case, cell.wording, cell.target))
        return cls(target, plan.prompt(cell.case, cell.wording), plan.settings, claimed, host, person, plan=plan)

    @property
    def live(self) -> LiveAnswer:
        """The answer to this cell."""
        return self.run.live[0]

    @property
    def checked(self) -> bool:
        """Whether its answer is checked."""
        return self._plan is not None and bool(self._plan.checks)

    def verdict(self, done: Completion, *, at_once: bool = False) -> Verdict | None:
        """What the checks say; `None` if nothing is checked, or if they may take long and are wanted `at_once`."""
        plan = self._plan
        if plan is None or not plan.checks or done.state in UNCHECKED:
            return None
        seen = subject(done, draws=plan.draws)
        if at_once and not takes_no_time(plan.checks, seen):
            return None
        return judge(plan.checks, seen, plan.values(self.claimed.cell.case))


def subject(done: Completion, *, draws: bool, fresh: bool = True) -> Subject:
    """An answer in the form that checks use.

    `draws`: pictures were asked for; `fresh`: false for one from the record, whose times are not judged.
    """
    cost = done.cost.exact
    duration = done.timings.duration_s if fresh else None
    pictures = tuple(each for each in done.pictures if not each.partial)
    return Subject(done.text, done.state, None if cost is None else float(cost), duration, fresh, draws, pictures)
