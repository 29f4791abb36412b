"""What a pair was asked where its two prompts differ: the case behind them, which is the same for both."""

from __future__ import annotations

from dashboard.engine import Engine
from prompts.experiments.ballot import case_of
from prompts.votes.votes import Ballot, Pair

_UNKNOWN = "The two were asked in different words, which are not shown: they would tell the answers apart."


def of(core: Engine, ballot: Ballot, pair: Pair) -> str:
    """The columns of the case in an experiment with several wordings. Raises `RecordError`."""
    if ballot.origin.kind != "experiment" or ballot.origin.id is None or core.experiments is None:
        return _UNKNOWN
    experiment = core.experiments.find(ballot.origin.id)
    if experiment is None or not 0 <= case_of(pair.case) < len(experiment.plan.cases):
        return _UNKNOWN
    cases = experiment.plan.cases
    row = cases.rows[case_of(pair.case)]
    told = [f"{column}: {text}" for column, text in zip(cases.columns, row, strict=True) if text]
    return "\n".join(["The two were asked in different words about this case:", *told])
