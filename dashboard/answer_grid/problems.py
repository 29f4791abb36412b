"""Why a column has no proper answer, and what to do about it.

Owns the words for what went wrong; the failure's own next step is the table in `providers/errors.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.answer_grid.objections import objected_setting, objected_switch, switch_step
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.reservation import PAID_TWICE, may_be_paid_twice
from prompts.core.run import Run
from providers.completion import Completion
from providers.config.connections import Connection

_THOUGHT = (
    "All its tokens went into thinking: raise Maximum output tokens under Parameters or lower the effort, then retry."
)

_REWORD = "Reword the prompt, or ask a model of another vendor."
_AGAIN = "Retry, or reword the prompt; another model may answer it."


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """Why there is no proper answer, and what to do."""

    message: str
    next_step: str
    without: str | None = None
    """The setting that the vendor objects to, if the request may be tried without it."""


def problem_of(run: Run, answer: Answer, connections: Mapping[str, Connection]) -> ColumnProblem | None:
    """What went wrong with an answer of `run`, and what to do; `None` while all is well."""
    done = answer.completion
    if done is None:
        lost = answer.state == "unknown"
        return ColumnProblem("The answer was lost when Collate stopped.", PAID_TWICE) if lost else None
    if done.error is None:
        if done.state == "filtered" and done.pictures:
            return ColumnProblem(f"{text_of.STATES['filtered'][1]}{_why(done)}", _REWORD)
        answered = done.text or done.pictures
        return _wordless(done, run.draws) if not answered and not run.textless else None
    connection = connections.get(done.provider)
    step = done.error.next_step(
        provider=connection.label if connection else done.provider, model=done.model, endpoint=done.endpoint,
        key_variable=connection.key_variable if connection else "the key",
    )  # fmt: skip
    paid = f" {PAID_TWICE}" if may_be_paid_twice(done) else ""
    if (switch := objected_switch(done.error)) is not None:
        return ColumnProblem(done.error.message, switch_step(switch, done.provider), switch)
    if done.state == "empty":
        return ColumnProblem(f"No {'picture' if run.draws else 'text'} came. {done.error.message}", _AGAIN)
    setting = objected_setting(done.error, answer.target.settings)
    return ColumnProblem(done.error.message, step + paid, setting)


def _why(done: Completion) -> str:
    return f" The vendor's reason: {done.stop_reason}." if done.stop_reason else ""


def _wordless(done: Completion, draws: bool) -> ColumnProblem | None:
    """The problem of an answer that did not fail but has no word or picture; `None` if its state explains that."""
    thought = bool(done.thinking or (done.usage and done.usage.reasoning_tokens))
    steps = {
        "empty": _THOUGHT if thought else _AGAIN,
        "cut": _THOUGHT if thought else "Raise Maximum output tokens under Parameters, then retry.",
        "filtered": _REWORD,
        "refused": _REWORD,
        "incomplete": "Retry: the connection ended before the first word.",
    }
    if done.state not in steps:
        return None
    why = _why(done)
    if draws and done.state == "empty":
        return ColumnProblem(f"No picture came.{why}", "Retry, or reword the prompt.")
    return ColumnProblem(
        f"No {'picture' if draws else 'text'} came. {text_of.STATES[done.state][1]}{why}", steps[done.state]
    )
