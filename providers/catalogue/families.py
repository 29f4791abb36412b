"""Facts that hold for whole model families, and which family a model belongs to. Reads `families.toml` once.

No fact without a source and a date, and no guesses: a model that matches no pattern has no family.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

STALE_AFTER = timedelta(days=180)
"""The age from which a fact is marked as old, as prices, windows and names change faster than that."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement about a family or a model, with its source and date."""

    text: str
    source: str
    as_of: date

    def stale(self, on: date) -> bool:
        """Whether it is too old, on that day, to be relied on."""
        return on - self.as_of > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of one family. `None`: not on record."""

    name: str
    developer: Fact
    strengths: Fact | None
    best_for: Fact | None
    versions: Fact | None
    """Notable versions, separated by commas."""
    runs: Fact | None
    """Where it runs: hosted, local, or both."""
    when: Fact | None
    """When to choose it: an opinion, and labelled as one."""
    patterns: tuple[str, ...]
    """Shell-style patterns of model names."""
    provider: str | None
    """The only provider that serves it; `None`: any."""
    always: bool = False
    """Whether it is shown even if no version of it can be asked, because its facts are about just that."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All facts on record, in the order of the fields."""
        said = (self.developer, self.strengths, self.best_for, self.versions, self.runs, self.when)
        return tuple(fact for fact in said if fact is not None)

    def includes(self, provider: str, model: str) -> bool:
        """Whether `model`, in `provider`'s spelling, belongs to this family."""
        if self.provider not in (None, provider):
            return False
        name = _plain(model)
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)


def family_of(provider: str, model: str) -> Family | None:
    """The family of `model`; `None` if no pattern matches."""
    return next((family for family in families() if family.includes(provider, model)), None)


@cache
def families() -> tuple[Family, ...]:
    """All families, in the order of the founding document, then the others."""
    text = Path(__file__).with_name("families.toml").read_text(encoding="utf-8")
    return tuple(map(_family, cast(list[dict[str, Any]], tomllib.loads(text)["family"])))


def _plain(model: str) -> str:
    """`vendor/Model:tag` gives `model`: without vendor, path, tag or fine-tuning mark."""
    return model.lower().removeprefix("ft:").rsplit("/", 1)[-1].split(":", 1)[0]


def _family(row: Mapping[str, Any]) -> Family:
    developer = _fact(row, "developer")
    if developer is None:
        raise KeyError(f"families.toml: {row['name']} has no developer")
    return Family(
        row["name"], developer, _fact(row, "strengths"), _fact(row, "best_for"), _fact(row, "versions"),
        _fact(row, "runs"), _fact(row, "when"), tuple(row["patterns"]), row.get("provider"),
        row.get("always", False),
    )  # fmt: skip


def _fact(row: Mapping[str, Any], name: str) -> Fact | None:
    said: Any = row.get(name)
    if said is None:
        return None
    if isinstance(said, list):
        said = ", ".join(cast(list[str], said))
    if isinstance(said, str):
        return Fact(said, row["source"], row["as_of"])
    return Fact(**said)
