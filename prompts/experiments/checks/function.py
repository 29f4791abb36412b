"""The kind `python`: a function of the user's own. Nothing is run here; see `experiments/functions.py`.

It runs only in `collate run`, whose user named the file: neither a page nor a worker runs code that came with a plan.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from prompts.experiments.checks.check import CODE, Check, CheckError, Finding, Subject

NAME = "check"
"""The name that the function must have."""
NOT_RUN = "Its Python function was not run yet: that is done by collate run, with --resume for recorded answers."
ONLY_THERE = (
    "A check is a Python function, which runs only on the command line: save the plan as a file, then collate run FILE."
)


def functions(checks: Sequence[Check]) -> list[int]:
    """The places of the checks that are Python functions."""
    return [n for n, check in enumerate(checks) if check.kind == CODE]


def waits(subject: Subject, check: Check) -> Finding:
    """No verdict yet: the function is run once all answers are there."""
    return Finding(None, NOT_RUN)


def validate(check: Check) -> None:
    """Require Python that defines the function, without running it, and a threshold that a score can reach."""
    try:
        module = ast.parse(check.value)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        line = f"line {exc.lineno}: " if isinstance(exc, SyntaxError) and exc.lineno else ""
        said = exc.msg if isinstance(exc, SyntaxError) else str(exc) or type(exc).__name__
        raise CheckError(f"this is not Python: {line}{said}.") from None
    if not any(isinstance(each, ast.FunctionDef) and each.name == NAME for each in module.body):
        raise CheckError(f"define a function in it: def {NAME}(answer, case).")
    if check.at_least is not None and not 0 <= check.at_least <= 1:
        raise CheckError("at_least is compared with a score from 0 to 1.")
