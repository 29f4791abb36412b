"""What vendors tell of the thing that served an answer, beside the name of its model. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_NOT_TOLD = ("", "unknown", "not_available")  # the vendors' own words for it


def fingerprint(**told: object) -> Mapping[str, str]:
    """What of `told` is a word that says something; what is not told is absent."""
    return {name: word for name, word in told.items() if isinstance(word, str) and word not in _NOT_TOLD}
