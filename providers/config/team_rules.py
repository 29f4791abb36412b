"""Rules for when people log in: administrators, and how many calls each may have in progress.

`[team]` in `collate.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from providers.config.toml_files import ConfigurationError
from providers.config.values import as_table, only


@dataclass(frozen=True, slots=True)
class TeamRules:
    """The rules of a team."""

    admins: tuple[str, ...] = ()
    """Their login names; empty: there are none, and only the command line may do what needs one."""

    calls_per_person: int | None = None
    """The most calls to hosts that one person may have in progress; `None`: no limit."""
    calls_per_session: int | None = None
    """The same for one browser session."""
    usd_per_day: Decimal | None = None
    """US dollars that one person may spend in a day (UTC); `None`: no limit."""

    def is_admin(self, person: str) -> bool:
        """Whether this person is an administrator; letter case is ignored in e-mail addresses."""
        return person.casefold() in {each.casefold() for each in self.admins}


def limits(table: Mapping[str, Any], file: Path) -> TeamRules:
    """The limits that `[team]` sets, without administrators. Raises `ConfigurationError`."""
    row = as_table(table.get("team", {}), file, "team")
    person, session = _calls(row, "calls_per_person", file), _calls(row, "calls_per_session", file)
    return TeamRules((), person, session, _dollars(row, file))


def admins(table: Mapping[str, Any], file: Path) -> tuple[str, ...]:
    """The administrators that `[team]` names. Raises `ConfigurationError`, also for a word that is no rule."""
    row = as_table(table.get("team", {}), file, "team")
    only(row, {each.name for each in fields(TeamRules)}, file, "team")
    return _admins(row.get("admins", []), file)


def _dollars(row: Mapping[str, Any], file: Path) -> Decimal | None:
    value = row.get("usd_per_day")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**9:
        raise ConfigurationError(f"{file}: [team] usd_per_day is {value!r}; write dollars above 0, such as 5.00")
    return Decimal(str(value))


def _calls(row: Mapping[str, Any], name: str, file: Path) -> int | None:
    value = row.get(name)
    if value is not None and (type(value) is not int or not 1 <= value <= 1000):
        raise ConfigurationError(f"{file}: [team] {name} is {value!r}; write a whole number from 1 to 1000")
    return value


def _admins(value: object, file: Path) -> tuple[str, ...]:
    names = list(cast(Sequence[object], value)) if isinstance(value, list) else [None]
    found = tuple(each.strip() for each in names if isinstance(each, str) and each.strip())
    if len(found) != len(names):
        raise ConfigurationError(f'{file}: [team] admins is {value!r}; write a list such as ["ada@example.com"]')
    return found
