"""Checks that another model makes: kinds `judge` and `judge-pair`. Nothing is asked here; see `judge.py` above.

Until its replies are on record such a check has no verdict, which is never a failure.
"""

from __future__ import annotations

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject

RUBRIC, PAIR = "judge", "judge-pair"
KINDS_OF_JUDGE = (RUBRIC, PAIR)
CALLED = {"value": "rubric", "values": "judges"}
"""What people call the fields that a judge reads."""
MOST_JUDGES = 9
NOT_YET = "Not judged yet."


def waits(subject: Subject, check: Check) -> Finding:
    """No verdict: a judge is asked once the answer is there."""
    return Finding(None, NOT_YET)


def validate_judges(check: Check) -> None:
    """Judges as `provider:model`, each once."""
    judges = [judge.strip() for judge in check.values]
    if wrong := [judge for judge in judges if ":" not in judge.strip(":")]:
        raise CheckError(f"{wrong[0]!r} is no judge. Write provider:model, one a line.")
    if len(set(judges)) < len(judges):
        raise CheckError("Name each judge once.")
    if len(judges) > MOST_JUDGES:
        raise CheckError(f"At most {MOST_JUDGES} judges.")
