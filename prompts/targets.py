"""A target is a provider, a model and settings; people write it `provider:model`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from providers.interface import Settings


class TargetError(ValueError):
    """The text does not name a target; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask, and how."""

    provider: str
    model: str
    settings: Settings = Settings()

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"

    def with_settings(self, settings: Settings) -> Target:
        """The same model, asked otherwise."""
        return replace(self, settings=settings)


def parse_target(text: str, providers: Iterable[str], settings: Settings = Settings()) -> Target:
    """`provider:model` as a target; the model's own name may hold colons. Raises `TargetError`."""
    provider, colon, model = text.strip().partition(":")
    known = sorted(providers)
    if not colon or not model.strip():
        raise TargetError(f"{text!r} is not a target; write provider:model, for example builtin:ngram-3")
    if provider not in known:
        raise TargetError(f"{provider!r} is not a provider here; known: {', '.join(known)}")
    return Target(provider, model.strip(), settings)
