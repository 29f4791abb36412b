"""Access to the word lists of `lexicon.toml` (several languages), which is read once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_READ: dict[str, Any] = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The words of the list `name`."""
    return frozenset(_READ[name].split())


def table(name: str) -> dict[str, str]:
    """Maps each word of the table `name` to what it stands for."""
    return {word: meaning for meaning, listed in _READ[name].items() for word in listed.split()}


def sides(name: str) -> dict[str, tuple[int, int]]:
    """Maps each word of a list of scales to (number of its scale, side it is on)."""
    return {
        word: (scale, side)
        for scale, written in enumerate(_READ[name].split())
        for side, alike in enumerate(written.split("/"))
        for word in alike.split(",")
    }
