"""What the user configured: connections, deadlines, prices and the record, from one file and the environment.

Owns `collate.toml`, the `COLLATE_*` variables and reading keys from `.streamlit/secrets.toml`. A mistake is a sentence
that names the place. It disables only what it concerns: a host's row that host, a setting for all hosts every one of
them; the built-in models always work.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_config_path

from providers.config import team_rules
from providers.config.connections import ALWAYS_SHOWN, AUTHORITY_VARIABLES, PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.config.host_row import DEADLINE_VARIABLES, NAME, deadlines_in, deadlines_of, host_row
from providers.config.keep_rules import KEEPS, Keeps, RecordRules
from providers.config.team_rules import TeamRules
from providers.config.telemetry import STRICTEST, TelemetryRules, telemetry
from providers.config.toml_files import ConfigurationError, read_toml
from providers.config.values import as_seconds, as_table, as_text, only

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything configured outside the program."""

    connections: Mapping[str, Connection]
    """By provider name, in the order in which they are shown."""
    deadlines: Deadlines
    prices: Path
    """The user's price file; need not exist."""
    file: Path
    """`collate.toml`; need not exist."""
    record: RecordRules = RecordRules()
    team: TeamRules = TeamRules()
    telemetry: TelemetryRules = TelemetryRules()
    wait_for_answers_s: float | None = None
    """Seconds a server that is ending waits for answers in progress;
    `None`: the asking process finishes them on its own."""
    mistakes: tuple[str, ...] = ()
    """Sentences on what could not be used; connections concerned have theirs as `problem`."""


KEEP_VARIABLE, KEEP_DAYS_VARIABLE = "COLLATE_KEEP", "COLLATE_KEEP_DAYS"


WAIT_VARIABLE = "COLLATE_WAIT_FOR_ANSWERS_S"


class _Mistakes(list[str]):
    """Collects the mistakes found so far."""

    def spared(self, read: Callable[[], T], otherwise: T) -> T:
        """The result of `read`, or `otherwise` if it raises, which is added as a mistake."""
        try:
            return read()
        except ConfigurationError as exc:
            self.append(str(exc))
            return otherwise


def load(environ: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None) -> Configuration:
    """The configuration in force, as far as it is valid."""
    environ = os.environ if environ is None else environ
    folder = user_config_path("collate", appauthor=False)
    file = Path(environ.get("COLLATE_CONFIG") or folder / "collate.toml")
    mistakes = _Mistakes()
    table = mistakes.spared(lambda: _file(file), None)
    rows = table or {}
    found, unread = (secrets, ()) if secrets is not None else read_secrets()
    known = {**found, **{name: value for name, value in environ.items() if value}}
    deadlines = mistakes.spared(lambda: _deadlines(rows, environ, file), Deadlines())
    of_all: Mapping[str, Any] = mistakes.spared(lambda: deadlines_of(environ), {})
    proxy = mistakes.spared(lambda: _proxy(rows, known, file), None)
    team = mistakes.spared(lambda: team_rules.limits(rows, file), TeamRules())
    for_all = next(iter(mistakes), None)
    authorities = mistakes.spared(lambda: _authorities(rows, environ, file), None)
    secure = mistakes[-1] if authorities is None else None
    connections = {
        name: _stopped(_without_key(_at_last(each, authorities, of_all), unread), for_all, secure)
        for name, each in _connections(rows, known, file, proxy, mistakes).items()
    }
    record = _record(rows if table is not None else None, environ, file, mistakes)
    team = replace(team, admins=mistakes.spared(lambda: team_rules.admins(rows, file), ()))
    told = mistakes.spared(lambda: telemetry(rows, known, file), STRICTEST)
    wait = mistakes.spared(lambda: _wait(environ), None)
    mistakes += [said for place, said in unread if place != _home_secrets()]
    return Configuration(
        connections, deadlines, _prices(environ, file, folder), file, record, team,
        told, wait, tuple(dict.fromkeys(mistakes)),
    )  # fmt: skip


def _prices(environ: Mapping[str, str], file: Path, folder: Path) -> Path:
    """The configured price file, else the one next to `file`, else that in the default folder if only that exists."""
    if named := environ.get("COLLATE_PRICES"):
        return Path(named)
    beside, usual = file.with_name("prices.toml"), folder / "prices.toml"
    return usual if usual.exists() and not beside.exists() else beside


def read_secrets() -> tuple[Mapping[str, str], tuple[tuple[Path, str], ...]]:
    """The top-level strings in `secrets.toml`, the project's overriding the user's;
    and the files that could not be read."""
    project = Path(__file__).resolve().parents[2] / ".streamlit" / "secrets.toml"
    found: dict[str, str] = {}
    unread: dict[Path, str] = {}
    for file in (_home_secrets(), project, Path.cwd() / ".streamlit" / "secrets.toml"):
        try:
            table = read_toml(file)
        except ConfigurationError as exc:
            unread[file] = str(exc)
            continue
        found.update({name: value for name, value in table.items() if isinstance(value, str)})
    return found, tuple(unread.items())


def _home_secrets() -> Path:
    """The file shared by all Streamlit programs, so mistakes in it may not concern us."""
    return Path.home() / ".streamlit" / "secrets.toml"


def _without_key(connection: Connection, unread: tuple[tuple[Path, str], ...]) -> Connection:
    """`connection`; if it lacks its key, with a note on files that could not be searched for it."""
    if not unread or connection.key is not None or not connection.needs_key:
        return connection
    return replace(connection, notes=(*connection.notes, *(f"No key can be found in {said}" for _, said in unread)))


def _file(file: Path) -> Mapping[str, Any]:
    table = read_toml(file)
    only(table, {"providers", "deadlines", "network", "record", "team", "telemetry"}, file, "")
    as_table(table.get("providers", {}), file, "providers")
    return table


def _proxy(table: Mapping[str, Any], known: Mapping[str, str], file: Path) -> str | None:
    network = as_table(table.get("network", {}), file, "network")
    only(network, {"proxy", "ca_file"}, file, "network")
    return known.get("COLLATE_PROXY") or as_text(network, "proxy", file, "network")


def _authorities(table: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> tuple[str, ...]:
    """The files and folders of a company's certificates: all that are named anywhere."""
    places = {
        f"{variable} names {value}": Path(value)
        for variable in AUTHORITY_VARIABLES
        for value in environ.get(variable, "").split(os.pathsep)
        if value
    }
    if own := as_text(as_table(table.get("network", {}), file, "network"), "ca_file", file, "network"):
        places[f"{file}: [network] ca_file names {own}"] = file.parent / Path(own).expanduser()
    for told, place in places.items():
        if not place.exists():
            raise ConfigurationError(f"{told}, which does not exist. Correct it or remove it.")
    return tuple(dict.fromkeys(map(str, places.values())))


def _connections(
    table: Mapping[str, Any], known: Mapping[str, str], file: Path, proxy: str | None, mistakes: list[str]
) -> Mapping[str, Connection]:
    """A connection for every preset and every row."""
    rows: Mapping[str, Any] = table.get("providers", {})
    found: dict[str, Connection] = {}
    for name in dict.fromkeys((*PRESETS, *rows)):
        try:
            found[name] = _connection(name, rows, known, file, proxy)
        except ConfigurationError as exc:
            mistakes.append(str(exc))
            base = PRESETS.get(name) or Connection(name, "openai", name, needs_key=False)
            found[name] = replace(base, problem=str(exc))
    return found


def _at_last(connection: Connection, authorities: tuple[str, ...] | None, of_all: Mapping[str, Any]) -> Connection:
    """`connection` with settings for all hosts. A variable overrides a row."""
    limits = replace(connection.deadlines, **dict(of_all))
    return replace(connection, authorities=authorities or (), deadlines=limits)


def _stopped(connection: Connection, for_all: str | None, secure: str | None) -> Connection:
    """`connection` disabled by a mistake that concerns every host that is not built in,
    or every encrypted connection."""
    problem = for_all or (secure if connection.base_url.startswith("https:") else None)
    if problem is None or connection.kind == "builtin":
        return connection
    return replace(connection, problem=problem, key_refused=False)


def _connection(
    name: str, rows: Mapping[str, Any], known: Mapping[str, str], file: Path, proxy: str | None
) -> Connection:
    place = f"providers.{name}"
    values = as_table(rows.get(name, {}), file, place)
    if name in PRESETS:
        connection = host_row(PRESETS[name], values, known, file, proxy)
        return replace(connection, offered=name in ALWAYS_SHOWN or name in rows or connection.key is not None)
    if not NAME.fullmatch(name):
        raise ConfigurationError(f"{file}: [{place}]: use lower-case letters, digits, - and _")
    preset = PRESETS.get(named := as_text(values, "preset", file, place) or "")
    if named and preset is None:
        raise ConfigurationError(f"{file}: [{place}] preset is {named!r}; write one of {', '.join(PRESETS)}")
    if not values.get("base_url") and preset is None:
        raise ConfigurationError(f"{file}: [{place}] needs a base_url or a preset of {', '.join(PRESETS)}")
    base = Connection(
        name, preset.kind if preset else "openai", name, preset.base_url if preset else "",
        key_variable=preset.key_variable if preset else "", needs_key=bool(preset and preset.needs_key),
        local=bool(preset and preset.local),
    )  # fmt: skip
    return host_row(base, values, known, file, proxy)


def _deadlines(table: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Deadlines:
    rows = as_table(table.get("deadlines", {}), file, "deadlines")
    only(rows, set(DEADLINE_VARIABLES), file, "deadlines")
    return replace(deadlines_in(rows, file, "deadlines"), **deadlines_of(environ))


def _wait(environ: Mapping[str, str]) -> float | None:
    said = environ.get(WAIT_VARIABLE)
    return as_seconds(said, WAIT_VARIABLE) if said else None


def _record(
    table: Mapping[str, Any] | None, environ: Mapping[str, str], file: Path, mistakes: _Mistakes
) -> RecordRules:
    """The rules of the record.

    A mistake here must cause neither deletion nor recording: the strictest rule applies instead.
    """
    row = mistakes.spared(lambda: _record_row(table, file), None) if table is not None else None
    strictest: Keeps = "nothing"
    keep: Keeps = mistakes.spared(lambda: _keep(row, environ, file), strictest)
    return RecordRules(keep, mistakes.spared(lambda: _keep_days(row or {}, environ, file), None))


def _record_row(table: Mapping[str, Any], file: Path) -> Mapping[str, Any]:
    row = as_table(table.get("record", {}), file, "record")
    only(row, {"keep", "keep_days"}, file, "record")
    return row


def _keep(row: Mapping[str, Any] | None, environ: Mapping[str, str], file: Path) -> Keeps:
    keep: Any = environ.get(KEEP_VARIABLE) or ("nothing" if row is None else row.get("keep", "everything"))
    if keep not in KEEPS:
        place = KEEP_VARIABLE if environ.get(KEEP_VARIABLE) else f"{file}: [record] keep"
        raise ConfigurationError(f"{place} is {keep!r}; write one of {', '.join(KEEPS)}")
    return keep


def _keep_days(row: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> int | None:
    if text := environ.get(KEEP_DAYS_VARIABLE):
        return _days(int(text) if text.isascii() and text.isdecimal() else text, KEEP_DAYS_VARIABLE)
    days = row.get("keep_days")
    return None if days is None else _days(days, f"{file}: [record] keep_days")


def _days(value: object, place: str) -> int:
    """A number of days. A mistake here must not delete anything, so nothing is guessed."""
    if type(value) is not int or not 1 <= value <= 36_500:
        raise ConfigurationError(f"{place} is {value!r}; write a whole number of days from 1 to 36500")
    return value
