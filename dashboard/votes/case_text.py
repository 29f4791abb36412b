"""What a pair of answers is about: the prompt, or first the part of it that differs from case to case."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.engine import Engine
from prompts.experiments.ballot import case_of
from prompts.votes.votes import Ballot, Pair

_OTHER_WORDS = "The two were asked in different words, which are not shown: they would reveal which answer is which."
_SAME_CASE = "The two were asked in different words about this case:"
_CHARACTERS, _LINES = 400, 6
"""A prompt with more characters or lines than this would hide what is particular to the case."""


@dataclass(frozen=True, slots=True)
class CaseText:
    """The text above the two answers."""

    asked: str
    whole: str = ""
    """The whole prompt, if `asked` is only the values of this case; empty if `asked` is the whole prompt."""


def case_text(core: Engine, ballot: Ballot, pair: Pair, prompt: str | None) -> CaseText:
    """The text for a pair. `prompt`: of both; `None` if they were asked in different words. Raises `RecordError`."""
    told = _case(core, ballot, pair)
    if prompt is None:
        return CaseText(f"{_SAME_CASE}\n{told}" if told else _OTHER_WORDS)
    long = len(prompt) > _CHARACTERS or prompt.strip().count("\n") >= _LINES
    return CaseText(told, prompt) if told and long else CaseText(prompt)


def _case(core: Engine, ballot: Ballot, pair: Pair) -> str:
    """The values of the case that the prompts use, the same for both answers; empty if it is not of an experiment."""
    if ballot.origin.kind != "experiment" or ballot.origin.id is None or core.experiments is None:
        return ""
    experiment = core.experiments.find(ballot.origin.id)
    if experiment is None or not 0 <= case_of(pair.case) < len(experiment.plan.cases):
        return ""
    plan = experiment.plan
    read = {plan.columns.get(name, name) for wording in plan.wordings for name in wording.holes}
    row = plan.cases.rows[case_of(pair.case)]
    named = zip(plan.cases.columns, row, strict=True)
    return "\n".join(f"{column}: {text}" for column, text in named if column in read and text.strip())
