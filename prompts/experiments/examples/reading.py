"""The plans that Collate ships, each whole in one file that asks built-in models only."""

from __future__ import annotations

from pathlib import Path

from prompts.experiments.plan import Plan, PlanError, Wording
from prompts.experiments.plan_file import loads


def plan_in(name: str) -> Plan:
    """The plan in the file of that name, beside this one."""
    return loads(Path(__file__).with_name(name).read_text("utf-8"), ["builtin"], _nothing, _no_prompt)


def picture_ladder() -> Plan:
    """The same subjects by prompts from vague to detailed, drawn by the built-in toy."""
    return plan_in("picture-ladder.toml")


def _nothing(name: str) -> bytes:
    raise PlanError(f"The example is whole in itself, and names {name!r}.")


def _no_prompt(name: str) -> Wording:
    raise PlanError(f"The example is whole in itself, and names the prompt {name!r}.")
