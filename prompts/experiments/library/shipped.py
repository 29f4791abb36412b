"""The prompts that ship with Collate: one TOML file each in `prompts/templates/`. To add one, add its file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from prompts.experiments.library.prompt import Version
from prompts.experiments.library.prompt_file import read_version


@cache
def shipped() -> Mapping[str, Version]:
    """The shipped prompts by key, sorted."""
    found = sorted(files("prompts").joinpath("templates").iterdir(), key=lambda file: file.name)
    keys = {file.name.removesuffix(".toml"): file for file in found if file.name.endswith(".toml")}
    return {key: read_version(file.read_bytes(), key, file.name, own=False) for key, file in keys.items()}
