"""What vendors report about the system that served an answer, besides the model's name. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_NOT_TOLD = ("", "unknown", "not_available")  # vendors' values for "not known"


def fingerprint(**told: object) -> Mapping[str, str]:
    """The entries of `told` that are meaningful words; others are left out."""
    return {name: word for name, word in told.items() if isinstance(word, str) and word not in _NOT_TOLD}
