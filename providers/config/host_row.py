"""Turns a host's row in `collate.toml` into its `Connection`: address, how it is asked, additions to each request.

Owns the names allowed in a row. A secret need not be in the file: `${NAME}` stands for an environment variable or an
entry of `secrets.toml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from providers.config.connections import Connection, configured
from providers.config.deadlines import Deadlines
from providers.config.toml_files import ConfigurationError
from providers.config.values import as_count, as_seconds, as_switch, as_table, as_text, only
from providers.secrets import Secret

DEADLINE_VARIABLES: Mapping[str, str] = {
    "first_byte_s": "COLLATE_FIRST_BYTE_S",
    "silence_s": "COLLATE_SILENCE_S",
    "no_content_s": "COLLATE_NO_CONTENT_S",
    "call_s": "COLLATE_CALL_S",
}
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_COUNTS = ("at_once", "per_minute")
_SWITCHES = ("local", "thinking_tags", "stream", "stream_options")
_FIELDS = frozenset({
    "base_url", "label", "preset", "api", "key_variable", "headers", "body", *_COUNTS, *_SWITCHES, *DEADLINE_VARIABLES,
})  # fmt: skip

_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset({
    "host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "accept-encoding",
})  # fmt: skip
"""Headers that control how a request is sent; another value would break it."""
_SECRET_NAME = re.compile(r"auth|key|token|secret|passw|credential|cookie|signature|session|bearer", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.+/=~-]{16,}")


def host_row(
    base: Connection, values: Mapping[str, Any], known: Mapping[str, str], file: Path, proxy: str | None
) -> Connection:
    """`base` as changed by the row. Raises `ConfigurationError`."""
    place = f"providers.{base.name}"
    only(values, _FIELDS | ({"models"} if base.kind == "builtin" else set[str]()), file, place)
    variable = as_text(values, "key_variable", file, place) or base.key_variable
    api = known.get(f"COLLATE_{base.name.upper().replace('-', '_')}_API") or as_text(values, "api", file, place)
    if api not in (None, "responses", "chat"):
        raise ConfigurationError(f'{file}: [{place}] api is {api!r}; write "responses" or "chat"')
    base = Connection(
        base.name, base.kind, as_text(values, "label", file, place) or base.label, base.base_url,
        key_variable=variable, needs_key=base.needs_key or "key_variable" in values, api=base.api, proxy=proxy,
        local=base.local, model_files=_model_files(_inner(values, "models", file, place), file, f"{place}.models"),
        deadlines=deadlines_in(values, file, place),
        headers=_headers(_inner(values, "headers", file, place), known, file, f"{place}.headers"),
        body=_body(_inner(values, "body", file, place), known, file, f"{place}.body"),
    )  # fmt: skip
    switches = {name: as_switch(values, name, getattr(base, name), file, place) for name in _SWITCHES}
    counts = {name: as_count(values, name, file, place) for name in _COUNTS}
    base = replace(base, **cast(dict[str, Any], switches | counts))
    return configured(base, environ=known, base_url=as_text(values, "base_url", file, place), api=api)


def _inner(values: Mapping[str, Any], name: str, file: Path, place: str) -> Mapping[str, Any]:
    return as_table(values.get(name, {}), file, f"{place}.{name}")


def deadlines_in(values: Mapping[str, Any], file: Path, place: str) -> Deadlines:
    """The deadlines set in a table."""
    given = {
        name: as_seconds(values[name], f"{file}: [{place}] {name}") for name in DEADLINE_VARIABLES if name in values
    }
    return Deadlines(**cast(dict[str, Any], given))


def deadlines_of(environ: Mapping[str, str]) -> dict[str, Any]:
    """The deadlines set by environment variables, which override every table."""
    return {
        name: as_seconds(environ[variable], variable)
        for name, variable in DEADLINE_VARIABLES.items()
        if environ.get(variable)
    }


def _model_files(rows: Mapping[str, Any], file: Path, place: str) -> tuple[tuple[str, str], ...]:
    """The user's own GGUF files, by the name under which they are asked."""
    if odd := [name for name in rows if not NAME.fullmatch(name)]:
        raise ConfigurationError(f"{file}: [{place}] {odd[0]}: use lower-case letters, digits, - and _")
    return tuple((name, as_text(rows, name, file, place) or "") for name in rows)


def _headers(rows: Mapping[str, Any], known: Mapping[str, str], file: Path, place: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for name in rows:
        if not _HEADER.fullmatch(name):
            raise ConfigurationError(f"{file}: [{place}] {name!r} is not a valid name of a header")
        if name.lower() in _OURS:
            raise ConfigurationError(f"{file}: [{place}] {name} is set by Collate; leave it out")
        value = _filled(as_text(rows, name, file, place) or "", known, f"{file}: [{place}] {name}")
        if _SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(_bare(value)):
            Secret(_bare(value))
        if not value.isascii() or not value.isprintable():
            raise ConfigurationError(f"{file}: [{place}] {name} contains a character that a header must not contain")
        found.append((name.lower(), value))
    return tuple(found)


def _body(rows: Mapping[str, Any], known: Mapping[str, str], file: Path, place: str) -> str:
    """The additional fields as JSON, with variables filled in; empty if there are none."""
    try:
        return json.dumps(_inside(rows, known, f"{file}: [{place}]", "")) if rows else ""
    except TypeError as exc:
        raise ConfigurationError(f"{file}: [{place}] contains a date or a time; write it as text") from exc


def _inside(value: Any, known: Mapping[str, str], place: str, name: str) -> Any:
    if isinstance(value, Mapping):
        inner = cast(Mapping[str, Any], value)
        return {key: _inside(each, known, f"{place} {key}", key) for key, each in inner.items()}
    if isinstance(value, list):
        return [_inside(each, known, place, name) for each in cast(list[Any], value)]
    if not isinstance(value, str):
        return value
    filled = _filled(value, known, place)
    bare = _bare(filled)
    # An ordinary word as a setting ("auto" under `token_choice`) must not be masked wherever it occurs.
    named = _SECRET_NAME.search(name) is not None and len(bare) >= _LEAST and not bare.islower()
    if named or _SECRET_VALUE.fullmatch(bare):
        Secret(bare)
    return filled


_LEAST = 8


def _bare(value: str) -> str:
    """A key without a preceding word such as `Bearer`."""
    return re.sub(r"^(?:Bearer|Basic|Token)\s+", "", value, flags=re.IGNORECASE).strip()


def _filled(value: str, known: Mapping[str, str], place: str) -> str:
    """`value` with its variables filled in; their values are registered as secrets, which are never shown."""
    for variable in _VARIABLE.findall(value):
        if not known.get(variable):
            raise ConfigurationError(f"{place} names ${{{variable}}}, which is not set in the environment")
        Secret(known[variable].strip())
    return _VARIABLE.sub(lambda match: known[match[1]].strip(), value)
