"""Checks before anything is sent that judges of pictures can see, with servers that report it.

A server that does not answer is named and not waited for; asking it later will say what is wrong.
"""

from __future__ import annotations

from prompts.asking.runner import Connections, Runner
from prompts.cli.setup import say
from prompts.experiments.drawing import unseeing
from prompts.experiments.judge import targets as judges
from prompts.experiments.plan import Plan, PlanError
from providers import errors
from providers.adapters.ollama_listing import full_name
from providers.catalogue.modalities import takes
from providers.config.connections import Connection
from providers.files.kinds import PNG
from providers.interface import ModelInfo
from providers.registry import list_models


async def check_judges(plan: Plan, connections: Connections, runner: Runner) -> None:
    """Raise `PlanError` for judges whose own server reports that they cannot see, naming models there that can."""
    asked = [judge for judge in judges(plan) if plan.draws and _says_so(connections.get(judge.provider))]
    wrong = list[str]()
    for name in dict.fromkeys(judge.provider for judge in asked):
        there = await _listed(connections[name], runner)
        able = {full_name(info.id): info.capabilities for info in there if info.capabilities is not None}
        told = {str(each): able[full_name(each.model)] for each in asked
                if each.provider == name and full_name(each.model) in able}  # fmt: skip
        if found := unseeing(plan.checks, told):
            seeing = [info.id for info in there if takes(name, info.id, PNG, info.capabilities)]
            wrong += [*found, _instead(connections[name], seeing)]
    if wrong:
        raise PlanError("\n".join([*wrong, "Nothing was sent."]))


def _says_so(connection: Connection | None) -> bool:
    return connection is not None and connection.kind == "ollama" and connection.usable


async def _listed(connection: Connection, runner: Runner) -> tuple[ModelInfo, ...]:
    try:
        return await list_models(runner.provider(connection))
    except errors.ProviderError as exc:
        say(f"Whether judges at {connection.label} can see is not known: {exc.failure.message}.")
        return ()


def _instead(connection: Connection, seeing: list[str]) -> str:
    if seeing:
        return f"{connection.label} has these that can: {', '.join(seeing)}."
    return f"{connection.label} has none that can: `ollama pull` one that takes pictures, or name a judge elsewhere."
