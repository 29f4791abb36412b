"""The kinds `judge` and `judge-pair`, checks made by another model. Nothing is asked here; see `experiments/judge.py`.

Until the judge's replies are on record such a check has no verdict, which is never a failure.
"""

from __future__ import annotations

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject

RUBRIC, PAIR = "judge", "judge-pair"
KINDS_OF_JUDGE = (RUBRIC, PAIR)
CALLED = {"value": "rubric", "values": "judges"}
"""The names of a judge's fields as people see them."""
MOST_JUDGES = 9
NOT_YET = "Not judged yet."


def waits(subject: Subject, check: Check) -> Finding:
    """No verdict yet: a judge is asked once the answer is there."""
    return Finding(None, NOT_YET)


def validate_judges(check: Check) -> None:
    """Require judges as `provider:model`, each named once."""
    judges = [judge.strip() for judge in check.values]
    if wrong := [judge for judge in judges if ":" not in judge.strip(":")]:
        raise CheckError(f"{wrong[0]!r} is not a judge. Write provider:model, one per line.")
    if len(set(judges)) < len(judges):
        raise CheckError("Name each judge once.")
    if len(judges) > MOST_JUDGES:
        raise CheckError(f"At most {MOST_JUDGES} judges.")
