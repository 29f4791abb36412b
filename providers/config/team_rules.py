"""What holds where people log in: who the administrators are. From `[team]` of `collate.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from providers.config.toml_files import ConfigurationError
from providers.config.values import as_table, only


@dataclass(frozen=True, slots=True)
class TeamRules:
    """The rules of a team."""

    admins: tuple[str, ...] = ()
    """As their logins call them; empty: there is none, and only the command line may do what takes one."""

    def is_admin(self, person: str) -> bool:
        """Whether this person is one; e-mail addresses are alike in whatever case."""
        return person.casefold() in {each.casefold() for each in self.admins}


def team_rules(table: Mapping[str, Any], file: Path) -> TeamRules:
    """What `[team]` says. Raises `ConfigurationError`."""
    row = as_table(table.get("team", {}), file, "team")
    only(row, {"admins"}, file, "team")
    return TeamRules(_admins(row.get("admins", []), file))


def _admins(value: object, file: Path) -> tuple[str, ...]:
    names = list(cast(Sequence[object], value)) if isinstance(value, list) else [None]
    admins = tuple(each.strip() for each in names if isinstance(each, str) and each.strip())
    if len(admins) != len(names):
        raise ConfigurationError(f'{file}: [team] admins is {value!r}; write a list such as ["ada@example.com"]')
    return admins
