"""What an experiment would send out of this network that seems private:
searched in every rendered prompt before the first call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from prompts.core.targets import Target
from prompts.experiments.cases import Cases
from prompts.experiments.judge import targets as judges
from prompts.experiments.plan import Plan
from prompts.privacy.sensitive_text import Finding, Kind, masked, said, scan
from providers.config.connections import Connection

Connections = Mapping[str, Connection]
_OFTEN = 500  # progress is reported after so many cases
_NAMED = 5  # how many cases a sentence names


@dataclass(frozen=True, slots=True)
class Private:
    """What was found that seems private."""

    findings: tuple[Finding, ...] = ()
    """Each secret once."""
    cases: tuple[int, ...] = ()
    """The cases, from 0, in which something was found; empty if it is in every prompt."""

    def __bool__(self) -> bool:
        return bool(self.findings)

    @property
    def sentence(self) -> str:
        """In words: `Cases 3 and 17 seem to contain an e-mail address.`"""
        if not self.cases:
            return f"The prompt seems to contain {said(self.findings)}."
        numbers = [str(case + 1) for case in self.cases[:_NAMED]]
        more = len(self.cases) - len(numbers)
        listed = f"{', '.join(numbers)} and {more:,} more" if more else " and ".join(
            filter(None, (", ".join(numbers[:-1]), numbers[-1]))
        )  # fmt: skip
        verb = "seems" if len(self.cases) == 1 else "seem"
        return f"{'Case' if len(self.cases) == 1 else 'Cases'} {listed} {verb} to contain {said(self.findings)}."


def private(
    plan: Plan,
    connections: Connections,
    allowed: Collection[Kind] = (),
    tell: Callable[[float], object] = lambda _: None,
) -> Private:
    """What the prompts of `plan` would reveal to remote models, except kinds in `allowed`. Raises `HoleError`.

    `tell` is called with the fraction read, from 0 to 1.
    """
    far = [n for n, target in enumerate(plan.targets) if _is_far(target, connections)]
    if not far and not any(_is_far(judge, connections) for judge in judges(plan)):
        return Private()
    alike = [text for wording in plan.wordings for text in (wording.prompt, wording.system)]
    fixed = _secrets(allowed, *filter(None, [*alike, *(plan.targets[n].settings.system for n in far)]))
    found: dict[str, Finding] = {}
    where: list[int] = []
    cases = len(plan.cases)
    for case in range(cases):
        here = _secrets(allowed, *_texts(plan, case, far))
        found |= here
        if here.keys() - fixed.keys():
            where.append(case)
        if case % _OFTEN == 0:
            tell(case / cases)
    return Private(tuple(found.values()), tuple(where))


def _is_far(target: Target, connections: Connections) -> bool:
    known = connections.get(target.provider)
    return known is not None and not known.stays_local(target.model)


def _texts(plan: Plan, case: int, far: Sequence[int]) -> tuple[str, ...]:
    """The texts sent for a case, each once. Raises `HoleError`."""
    texts: dict[str, None] = {}
    for wording in range(len(plan.wordings)):
        texts[plan.prompt(case, wording)] = None
        texts |= {plan.settings_of(case, wording, target).system or "": None for target in far}
    return tuple(texts)


def without_private(plan: Plan) -> Plan:
    """The plan with a placeholder for everything that seems private in its prompts and cases."""
    wordings = tuple(
        replace(w, prompt=_masked(w.prompt), system=None if w.system is None else _masked(w.system), source="")
        if _secrets((), w.prompt, w.system or "")
        else w
        for w in plan.wordings
    )
    rows = tuple(tuple(map(_masked, row)) for row in plan.cases.rows)
    return replace(plan, wordings=wordings, cases=Cases(plan.cases.columns, rows, plan.cases.notes))


def _secrets(allowed: Collection[Kind], *texts: str) -> dict[str, Finding]:
    return {text[each.start : each.end]: each for text in texts for each in scan(text) if each.kind not in allowed}


def _masked(text: str) -> str:
    return masked(text, found) if (found := scan(text)) else text
