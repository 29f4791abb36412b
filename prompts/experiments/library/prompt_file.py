"""A prompt as a readable TOML file: shipped, saved, or written by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import tomli_w

from prompts.core.presets import ChoiceError, settings_from, settings_json
from prompts.core.sanitize import mended
from prompts.experiments.library.prompt import LONGEST_NAME, MOST_BYTES, TASKS, LibraryError, Prompt, Version
from prompts.experiments.toml_values import only, section, tables, text_of, whole
from providers.interface import Settings
from providers.spelling import meant

_KNOWN = {"name", "task", "version", "saved_at", "saved_by", "system", "prompt", "notes", "settings", "case"}
_MOST_SAMPLES = 50


def read_version(data: bytes, key: str, where: str, *, own: bool) -> Version:
    """The version in a file called `where`. Raises `LibraryError` that names the file and what to write."""
    if len(data) > MOST_BYTES:
        raise LibraryError(f"{where} has more than {MOST_BYTES // 2**20} MB: too much for a prompt.")
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
        return _version(table, key, own)
    except UnicodeDecodeError as exc:
        raise LibraryError(f"{where} is not UTF-8 (byte {exc.start:,}). Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise LibraryError(f"{where} is not TOML: {exc}.") from None
    except ChoiceError as exc:
        raise LibraryError(f"{where}: settings: {exc}.") from None
    except (ValueError, TypeError) as exc:
        raise LibraryError(f"{where}: {exc}") from None


def _version(table: Mapping[str, Any], key: str, own: bool) -> Version:
    only(table, _KNOWN, "the file")
    number = whole(table.get("version", 1), "version")
    if number < 1:
        raise ValueError(f"version is {number}; the first one is 1.")
    saved_at = table.get("saved_at")
    if saved_at is not None and not isinstance(saved_at, datetime):
        raise ValueError(f"saved_at is {saved_at!r}; write a day and a time, such as 2026-11-28T09:30:00Z.")
    return Version(
        key, number, checked(_prompt(table)), own, _in_utc(saved_at), text_of(table.get("saved_by", ""), "saved_by")
    )


def _in_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _prompt(table: Mapping[str, Any]) -> Prompt:
    task = text_of(table.get("task", "general"), "task")
    if task not in TASKS:
        raise ValueError(f"task is {task!r}. {meant(task, TASKS)}Write one of {', '.join(TASKS)}.")
    rows = tables(table, "case")
    return Prompt(
        name=text_of(table.get("name", ""), "name"),
        prompt=text_of(table.get("prompt", ""), "prompt"),
        task=task,
        system=text_of(table["system"], "system") if "system" in table else None,
        settings=_with_floats(settings_from(section(table, "settings"))),
        samples=tuple({name: text_of(value, f"case.{name}") for name, value in row.items()} for row in rows),
        notes=text_of(table.get("notes", ""), "notes"),
    )


def _with_floats(settings: Settings) -> Settings:
    """Converts `temperature = 0`, as people write it, to a float, which the field requires."""
    temperature, top_p = (None if value is None else float(value) for value in (settings.temperature, settings.top_p))
    return replace(settings, temperature=temperature, top_p=top_p)


def checked(prompt: Prompt) -> Prompt:
    """The prompt itself. Raises `LibraryError` for one that could not be used or found again."""
    if not prompt.name.strip():
        raise LibraryError("Give the prompt a name.")
    if len(prompt.name) > LONGEST_NAME:
        raise LibraryError(f"The name has {len(prompt.name)} characters; at most {LONGEST_NAME} are shown.")
    if not prompt.prompt.strip():
        raise LibraryError("Write a prompt.")
    if prompt.settings.system is not None:
        raise LibraryError("Write the system prompt as system, above the settings.")
    if len(prompt.samples) > _MOST_SAMPLES:
        raise LibraryError(f"{len(prompt.samples)} sample cases; at most {_MOST_SAMPLES}. More belong into a table.")
    return prompt


def write_version(version: Version) -> bytes:
    """The file for a version, which `read_version` reads again. Raises `LibraryError` if it would be too large."""
    prompt = version.prompt
    table: dict[str, Any] = {
        "name": prompt.name, "task": prompt.task, "version": version.number, "saved_at": version.saved_at,
        "saved_by": version.saved_by or None, "system": prompt.system, "prompt": prompt.prompt,
        "notes": prompt.notes or None, "settings": settings_json(prompt.settings) or None,
        "case": [dict(sample) for sample in prompt.samples] or None,
    }  # fmt: skip
    kept = {name: _mended(value) for name, value in table.items() if value is not None}
    data = tomli_w.dumps(kept, multiline_strings=True).encode()
    if len(data) > MOST_BYTES:
        raise LibraryError(f"The prompt has more than {MOST_BYTES // 2**20} MB. Long texts belong into the cases.")
    return data


def _mended(value: Any) -> Any:
    """A value with every text made valid UTF-8, with the file's line ends."""
    if isinstance(value, str):
        return mended(value).replace("\r\n", "\n")
    if isinstance(value, dict):
        return {mended(name): _mended(each) for name, each in cast(dict[str, Any], value).items()}
    return [_mended(each) for each in cast(list[Any], value)] if isinstance(value, list) else value
