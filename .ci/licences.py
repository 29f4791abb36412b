"""docs/licences.md: under which licence each package stands that Collate runs on, from what is installed here."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HEAD = """\
# Licences

Collate itself is under the [MIT licence](../LICENSE). These are the packages that it runs on, with the licence that
each states of itself. Written by `make licences`; a package of another system only is marked so.

| package | licence |
|---|---|
"""


def names() -> list[str]:
    """Every package of the lock, once."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)))


def licence(name: str) -> str:
    """What the package states: the expression, else the classifiers, else the first line of its licence field."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return "not installed on the system of this list"
    stated = (told.get("License") or "").strip().splitlines() or [""]
    kinds = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    return told.get("License-Expression") or ", ".join(kinds) or stated[0][:80] or "not stated"


if __name__ == "__main__":
    rows = "".join(f"| {name} | {licence(name)} |\n" for name in names())
    (ROOT / "docs" / "licences.md").write_text(_HEAD + rows, encoding="utf-8")
