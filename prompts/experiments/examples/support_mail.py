"""The example that runs with one click: which model sorts support mail best?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from prompts.core.targets import Target
from prompts.experiments.examples.reading import plan_in
from prompts.experiments.plan import Plan

_ASKED = 2


def support_mail(models: Collection[str]) -> Plan:
    """The plan over two built-in models: those that it names, where `models` (what is there) has them."""
    plan = plan_in("support-mail.toml")
    named = [target.model for target in plan.targets]
    there = [name for name in named if name in models] + [name for name in models if name not in named]
    return replace(plan, targets=tuple(Target("builtin", name, plan.settings) for name in there[:_ASKED]))
