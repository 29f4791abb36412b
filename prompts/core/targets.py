"""A target is a provider, a model and settings; people write it `provider:model`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import cast

from providers.interface import Settings
from providers.pictures import PictureSettings
from providers.spelling import meant

UPLOADED = "uploaded"
"""The provider of pictures that a person uploaded; the model is what they say made it. It cannot be asked."""


class TargetError(ValueError):
    """The text does not name a target; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Target:
    """A model at a provider, and the settings to ask it with."""

    provider: str
    model: str
    settings: Settings = Settings()

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"

    def with_settings(self, settings: Settings) -> Target:
        """The same model with other settings."""
        return replace(self, settings=settings)


def parse_target(text: str, providers: Iterable[str], settings: Settings = Settings()) -> Target:
    """The target that `provider:model` names; the model's name may itself contain colons. Raises `TargetError`."""
    provider, colon, model = text.strip().partition(":")
    known = sorted(providers)
    if not colon or not model.strip():
        raise TargetError(f"{text!r} is not a target; write provider:model, for example builtin:ngram-3")
    if provider not in known:
        raise TargetError(
            f"{provider!r} is not set up as a provider. {meant(provider, known)}Known: {', '.join(known)}"
        )
    return Target(provider, model.strip(), settings)


def changes(shared: Settings, own: Settings) -> tuple[str, ...]:
    """How `own` differs from `shared`, in words: `temperature 0.2`, `seed not sent`."""
    said = [
        f"{_WORDS.get(field.name, field.name)} {_short(getattr(own, field.name))}"
        for field in fields(Settings)
        if field.name != "picture" and getattr(own, field.name) != getattr(shared, field.name)
    ]
    theirs, mine = shared.picture or PictureSettings(), own.picture or PictureSettings()
    if mine.size != theirs.size:
        said.append(f"size {_short(mine.size)}")
    return (
        *said,
        *(
            f"{_WORDS.get(name, name)} {_short(getattr(mine, name))}"
            for name in ("quality", "steps", "guidance", "sampler", "avoid")
            if getattr(mine, name) != getattr(theirs, name)
        ),
    )


_WORDS = {
    "top_p": "top p",
    "max_output_tokens": "limit",
    "system": "system prompt",
    "stop": "stop sequences",
    "num_ctx": "context",
    "avoid": "negative prompt:",
}


def _short(value: object) -> str:
    if value is None or value == ():
        return "not sent"
    if isinstance(value, tuple):
        text = ", ".join(map(repr, cast(tuple[str, ...], value)))
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_WORDS else f"“{text[:_LONGEST_WORDS].strip()}…”"


_LONGEST_WORDS = 24
