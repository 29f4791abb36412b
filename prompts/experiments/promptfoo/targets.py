"""promptfoo's providers as targets with settings. Keys and addresses in the file are never read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from prompts.core.targets import Target, TargetError, parse_target
from prompts.experiments.plan import PlanError
from prompts.experiments.promptfoo.reading import Notes, items, number, table, text
from prompts.experiments.promptfoo.yaml_texts import Node
from providers.interface import EFFORTS, Settings

_KINDS = re.compile(r"^(chat|responses|messages|completion|completions|realtime):")
_NAMES = {"vertex": "google", "google": "google", "palm": "google", "localai": "localai"}
_SETTINGS = {
    "temperature": "temperature", "top_p": "top_p", "topP": "top_p", "max_tokens": "max_output_tokens",
    "max_output_tokens": "max_output_tokens", "maxOutputTokens": "max_output_tokens",
    "max_completion_tokens": "max_output_tokens", "num_predict": "max_output_tokens", "seed": "seed",
    "num_ctx": "num_ctx", "stop": "stop", "stop_sequences": "stop", "stopSequences": "stop", "system": "system",
    "systemPrompt": "system", "instructions": "system", "reasoning_effort": "effort",
}  # fmt: skip


def targets(config: Mapping[str, Node], providers: Collection[str], notes: Notes) -> tuple[Target, ...]:
    """The targets for all providers that are set up here; others are reported. Raises `PlanError`."""
    found: list[Target] = []
    for each in items(config.get("providers", config.get("targets")), "providers"):
        name, own = _named(each)
        if isinstance(each, dict):
            row = each if "id" in each else table(each.get(next(iter(each), "")), "providers")
            notes.unread(row, {"id", "config", "label"}, f" of the provider {name}")
        try:
            found.append(parse_target(_written(name), providers, _settings(name, own, notes)))
        except TargetError:
            notes.add(f"Not imported: the provider {name}: it is not set up here, or is not a model")
    return tuple(dict.fromkeys(found))


def judge_name(value: Node | None) -> str:
    """The grading provider as `provider:model`; empty if none is named."""
    if isinstance(value, dict) and isinstance(value.get("text"), (str, dict)):
        value = value["text"]  # one provider for texts, beside others for embeddings
    if not value or isinstance(value, list):
        return ""
    return _written(_named(value)[0])


def _named(value: Node) -> tuple[str, Mapping[str, Node]]:
    """Its id and its configuration, in any of the notations."""
    if isinstance(value, str):
        return value, {}
    row = table(value, "providers")
    if "id" in row:
        return text(row["id"]), table(row.get("config"), "providers.config")
    name = next(iter(row), "")
    inner = table(row.get(name), "providers")
    return text(inner.get("id")) or name, table(inner.get("config"), "providers.config")


def _written(name: str) -> str:
    """promptfoo's `anthropic:messages:claude-x` as `anthropic:claude-x`."""
    provider, _, model = name.partition(":")
    return f"{_NAMES.get(provider, provider)}:{_KINDS.sub('', model)}"


def _settings(name: str, config: Mapping[str, Node], notes: Notes) -> Settings:
    values: dict[str, Any] = {}
    for key, value in config.items():
        ours = _SETTINGS.get(key)
        if ours is None or text(value) == "":
            notes.add(f"{key} of {name} is not imported")
            continue
        values[ours] = _setting(ours, value, f"{key} of {name}")
    return Settings(**values)


def _setting(ours: str, value: Node, where: str) -> object:
    match ours:
        case "stop":
            return tuple(text(each) for each in items(value, where))
        case "system":
            return text(value)
        case "effort":
            if value not in EFFORTS:
                raise PlanError(f"{where} is {text(value)!r}; write one of {', '.join(EFFORTS)}.")
            return str(value)
        case _:
            found = number(value, where)
            whole = ours not in ("temperature", "top_p")
            if found is None or (whole and not found.is_integer()):
                raise PlanError(f"{where} is {text(value)!r}; write a {'whole ' if whole else ''}number.")
            return int(found) if whole else found
