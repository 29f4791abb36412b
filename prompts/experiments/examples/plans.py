"""The example plans, each complete in a file next to this one and for built-in models only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from prompts.core.targets import Target
from prompts.experiments.plan import Plan, PlanError, Wording
from prompts.experiments.plan_file import loads

_ASKED = 2


def support_mail(models: Collection[str]) -> Plan:
    """An example that finds the best model for sorting support mail, with two built-in models:
    those named in the file if they are in `models`."""
    plan = _plan_in("support-mail.toml")
    named = [target.model for target in plan.targets]
    there = [name for name in named if name in models] + [name for name in models if name not in named]
    return replace(plan, targets=tuple(Target("builtin", name, plan.settings) for name in there[:_ASKED]))


def picture_ladder() -> Plan:
    """An example with the same subjects in prompts from vague to detailed, drawn by the built-in toy model."""
    return _plan_in("picture-ladder.toml")


def _plan_in(name: str) -> Plan:
    return loads(Path(__file__).with_name(name).read_text("utf-8"), ["builtin"], _nothing, _no_prompt)


def _nothing(name: str) -> bytes:
    raise PlanError(f"The example must be self-contained, but names {name!r}.")


def _no_prompt(name: str) -> Wording:
    raise PlanError(f"The example must be self-contained, but names the prompt {name!r}.")
