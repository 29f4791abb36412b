"""What the user configured: connections, deadlines, prices and the record, from one file and the environment.

Owns `collate.toml`, the `COLLATE_*` variables and the reading of keys from `.streamlit/secrets.toml`.
A mistake is a `ConfigurationError` that names the place; the rest of the program goes on.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from platformdirs import user_config_path

from providers.config.connections import ALWAYS_SHOWN, PRESETS, Connection, configured
from providers.config.deadlines import Deadlines
from providers.config.keep_rules import KEEPS, RecordRules


class ConfigurationError(ValueError):
    """The file or a variable says something that cannot be followed; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything set outside of the program."""

    connections: Mapping[str, Connection]
    """By provider name, in the order in which they are shown."""
    deadlines: Deadlines
    prices: Path
    """The override file of prices; need not exist."""
    file: Path
    """`collate.toml`; need not exist."""
    record: RecordRules = RecordRules()


DEADLINE_VARIABLES: Mapping[str, str] = {
    "first_byte_s": "COLLATE_FIRST_BYTE_S",
    "no_content_s": "COLLATE_NO_CONTENT_S",
    "call_s": "COLLATE_CALL_S",
}
KEEP_VARIABLE, KEEP_DAYS_VARIABLE = "COLLATE_KEEP", "COLLATE_KEEP_DAYS"
_HOST_FIELDS = frozenset({"base_url", "label", "preset", "api", "key_variable", "local", "first_byte_s"})
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def load(environ: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None) -> Configuration:
    """The configuration in force. Raises `ConfigurationError`."""
    environ = os.environ if environ is None else environ
    folder = user_config_path("collate", appauthor=False)
    file = Path(environ.get("COLLATE_CONFIG") or folder / "collate.toml")
    table = _read(file)
    _only(table, {"providers", "deadlines", "network", "record"}, file, "")
    known = {**(read_secrets() if secrets is None else secrets), **{k: v for k, v in environ.items() if v}}
    return Configuration(
        connections=_connections(table, known, file),
        deadlines=_deadlines(table, environ, file),
        prices=Path(environ.get("COLLATE_PRICES") or folder / "prices.toml"),
        file=file,
        record=_record(table, environ, file),
    )


def read_secrets() -> Mapping[str, str]:
    """The top-level strings of `secrets.toml`, the project's before the user's. Raises `ConfigurationError`."""
    project = Path(__file__).resolve().parents[2]
    found: dict[str, str] = {}
    for folder in (Path.home(), project, Path.cwd()):
        table = _read(folder / ".streamlit" / "secrets.toml")
        found.update({name: value for name, value in table.items() if isinstance(value, str)})
    return found


def _connections(table: Mapping[str, Any], known: Mapping[str, str], file: Path) -> Mapping[str, Connection]:
    rows = _table(table.get("providers", {}), file, "providers")
    network = _table(table.get("network", {}), file, "network")
    _only(network, {"proxy"}, file, "network")
    proxy = known.get("COLLATE_PROXY") or _text(network, "proxy", file, "network")
    found: dict[str, Connection] = {}
    for name, preset in PRESETS.items():
        connection = _row(preset, _table(rows.get(name, {}), file, f"providers.{name}"), known, file, proxy)
        offered = name in ALWAYS_SHOWN or name in rows or connection.key is not None
        found[name] = replace(connection, offered=offered)
    for name, row in rows.items():
        if name in PRESETS:
            continue
        values = _table(row, file, f"providers.{name}")
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"{file}: [providers.{name}]: use lower-case letters, digits, - and _")
        preset = PRESETS.get(named := _text(values, "preset", file, f"providers.{name}") or "")
        if named and preset is None:
            raise ConfigurationError(
                f"{file}: [providers.{name}] preset is {named!r}; write one of {', '.join(PRESETS)}"
            )
        if not values.get("base_url") and preset is None:
            raise ConfigurationError(f"{file}: [providers.{name}] needs a base_url or a preset of {', '.join(PRESETS)}")
        key_variable = preset.key_variable if preset else ""
        base = Connection(
            name, preset.kind if preset else "openai", name, preset.base_url if preset else "",
            key_variable=key_variable, needs_key=bool(preset and preset.needs_key),
            local=bool(preset and preset.local), first_byte_s=preset.first_byte_s if preset else 60,
        )  # fmt: skip
        found[name] = _row(base, values, known, file, proxy)
    return found


def _row(
    base: Connection, values: Mapping[str, Any], known: Mapping[str, str], file: Path, proxy: str | None
) -> Connection:
    place = f"providers.{base.name}"
    _only(values, _HOST_FIELDS, file, place)
    variable = _text(values, "key_variable", file, place) or base.key_variable
    api = known.get(f"COLLATE_{base.name.upper().replace('-', '_')}_API") or _text(values, "api", file, place)
    if api not in (None, "responses", "chat"):
        raise ConfigurationError(f'{file}: [{place}] api is {api!r}; write "responses" or "chat"')
    local = values.get("local", base.local)
    if not isinstance(local, bool):
        raise ConfigurationError(f"{file}: [{place}] local is {local!r}; write true or false")
    base = Connection(
        base.name, base.kind, _text(values, "label", file, place) or base.label, base.base_url,
        key_variable=variable, needs_key=base.needs_key or "key_variable" in values,
        local=local, api=base.api, proxy=proxy,
        first_byte_s=_seconds(values.get("first_byte_s", base.first_byte_s), f"{file}: [{place}] first_byte_s"),
    )  # fmt: skip
    return configured(base, environ=known, base_url=_text(values, "base_url", file, place), api=api)


def _deadlines(table: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Deadlines:
    rows = _table(table.get("deadlines", {}), file, "deadlines")
    _only(rows, set(DEADLINE_VARIABLES), file, "deadlines")
    values: dict[str, Any] = {name: _seconds(value, f"{file}: [deadlines] {name}") for name, value in rows.items()}
    for name, variable in DEADLINE_VARIABLES.items():
        if environ.get(variable):
            values[name] = _seconds(environ[variable], variable)
    return Deadlines(**values)


def _record(table: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> RecordRules:
    row = _table(table.get("record", {}), file, "record")
    _only(row, {"keep", "keep_days"}, file, "record")
    keep: Any = environ.get(KEEP_VARIABLE) or row.get("keep", "everything")
    if keep not in KEEPS:
        place = KEEP_VARIABLE if environ.get(KEEP_VARIABLE) else f"{file}: [record] keep"
        raise ConfigurationError(f"{place} is {keep!r}; write one of {', '.join(KEEPS)}")
    if text := environ.get(KEEP_DAYS_VARIABLE):
        return RecordRules(keep, _days(int(text) if text.isascii() and text.isdecimal() else text, KEEP_DAYS_VARIABLE))
    days = row.get("keep_days")
    return RecordRules(keep, None if days is None else _days(days, f"{file}: [record] keep_days"))


def _days(value: object, place: str) -> int:
    """A mistake here must not delete: nothing is guessed."""
    if type(value) is not int or not 1 <= value <= 36_500:
        raise ConfigurationError(f"{place} is {value!r}; write a whole number of days from 1 to 36500")
    return value


def _seconds(value: object, place: str) -> float:
    try:
        seconds = 0.0 if isinstance(value, bool) else float(cast(Any, value))
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < 10**9:
        raise ConfigurationError(f"{place} is {value!r}; write a number above 0")
    return seconds


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
        raise ConfigurationError(f"{file} cannot be read: {exc}") from exc


def _table(value: object, file: Path, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{file}: {place} must be a table, written as [{place}]")
    return cast(Mapping[str, Any], value)


def _text(values: Mapping[str, Any], name: str, file: Path, place: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise ConfigurationError(f'{file}: [{place}] {name} must be text, written as {name} = "..."')
    return value


def _only(values: Mapping[str, Any], allowed: frozenset[str] | set[str], file: Path, place: str) -> None:
    if unknown := sorted(set(values) - allowed):
        where = f"[{place}] " if place else ""
        raise ConfigurationError(
            f"{file}: {where}{', '.join(unknown)} is not a setting; known: {', '.join(sorted(allowed))}"
        )
