"""The example that runs with one click: which model sorts support mail best?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from prompts.core.targets import Target
from prompts.experiments.plan import Plan, PlanError, Wording
from prompts.experiments.plan_file import loads

FILE = Path(__file__).with_name("support-mail.toml")
_ASKED = 2


def support_mail(models: Collection[str]) -> Plan:
    """The plan over two built-in models: those that it names, where `models` (what is there) has them."""
    plan = loads(FILE.read_text("utf-8"), ["builtin"], _nothing, _no_prompt)
    named = [target.model for target in plan.targets]
    there = [name for name in named if name in models] + [name for name in models if name not in named]
    return replace(plan, targets=tuple(Target("builtin", name, plan.settings) for name in there[:_ASKED]))


def _nothing(name: str) -> bytes:
    raise PlanError(f"The example is whole in itself, and names {name!r}.")


def _no_prompt(name: str) -> Wording:
    raise PlanError(f"The example is whole in itself, and names the prompt {name!r}.")
