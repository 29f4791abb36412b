"""The words of a check in a file: what its kind reads, as people call it. A word that says nothing is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prompts.experiments.checks.judge import CALLED, KINDS_OF_JUDGE
from prompts.experiments.checks.kinds import KINDS
from providers.spelling import meant

_OF_ALL = ("kind", "not", "weight", "counts", "name", "when")
_OTHERS = {
    "ignore_case": "fold", "case_sensitive": "fold", "threshold": "at_least", "minimum": "at_least", "min": "at_least",
    "maximum": "at_most", "max": "at_most", "pattern": "value", "schema": "value", "expected": "value",
    "labels": "values", "value": "rubric", "values": "judges", "model": "judges",
}  # fmt: skip
"""What people may call a word, from other tools or other kinds."""


def words_of(kind: str) -> frozenset[str]:
    """Every word that a check of this kind may hold; of an unknown kind all that there are."""
    if kind not in KINDS:
        return frozenset[str]().union(*map(words_of, KINDS))
    judged = kind in KINDS_OF_JUDGE
    reads = [CALLED.get(name, name) if judged else name for name in KINDS[kind].reads]
    if "value" in KINDS[kind].reads:
        reads.append("file")  # which holds it
    return frozenset((*_OF_ALL, *reads, *(("own_family",) if judged else ())))


def only_read(table: Mapping[str, Any], kind: str, where: str) -> None:
    """Raise `ValueError` that names the first word which this kind of check does not read."""
    known = words_of(kind)
    unread = next((word for word in table if word not in known), None)
    if unread is None:
        return
    readers = [name for name in KINDS if unread in words_of(name)]
    said = f"is not read by {kind}, but by {', '.join(readers)}" if readers else "is not known"
    there_are = f"There are: {', '.join(sorted(known))}."
    raise ValueError(f"{where}: {unread!r} {said}. {meant(unread, known, _OTHERS)}{there_are}")
