"""Saved choices of what to ask: targets with their settings, under a name.

Owns the form in the record and in links. Refuses, with a sentence, a choice it does not understand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from prompts.core.sanitize import storable
from prompts.core.targets import Target
from providers.interface import EFFORTS, Settings
from providers.pictures import QUALITIES, PictureSettings
from providers.spelling import meant

LAST = ""
"""The name of the preset that holds what was chosen last."""
MOST_STEPS, MOST_GUIDANCE = 1000, 100.0
LEAST_PIXELS, MOST_PIXELS = 16, 8192  # of a side
_LARGEST_SEED = 2**53 - 1  # larger integers are not exact in a browser


class ChoiceError(ValueError):
    """Saved data, or data from a link, is not a valid choice; the message says why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Targets, each with its own settings, and the settings they share."""

    targets: tuple[Target, ...]
    settings: Settings = Settings()

    @property
    def alike(self) -> bool:
        """Whether all targets use the shared settings."""
        return all(target.settings == self.settings for target in self.targets)

    @property
    def draws(self) -> bool:
        """Whether it is about pictures."""
        return self.settings.picture is not None


def to_json(choice: Choice) -> dict[str, Any]:
    """`choice` as JSON: only what is set, and a target's settings only where they differ."""
    targets = [
        {"target": str(target)}
        | ({} if target.settings == choice.settings else {"settings": settings_json(target.settings)})
        for target in choice.targets
    ]
    return {"targets": targets, "settings": settings_json(choice.settings)}


def from_json(value: object) -> Choice:
    """The choice from what `to_json` made. Raises `ChoiceError`."""
    data = _table(value, "a choice")
    shared = settings_from(data.get("settings", {}))
    rows = data.get("targets")
    if not isinstance(rows, list):
        raise ChoiceError("its targets are missing")
    return Choice(tuple(_target(row, shared) for row in cast(list[object], rows)), shared)


def settings_from(value: object) -> Settings:
    """Settings from JSON. Raises `ChoiceError` for invalid names or values."""
    data = _table(value, "settings")
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(data) - known):
        raise ChoiceError(f"{', '.join(unknown)} is not a setting. {meant(unknown[0], known)}".strip())
    found: dict[str, Any] = {name: _checked(name, item) for name, item in data.items()}
    return Settings(**found)


def settings_json(settings: Settings) -> dict[str, Any]:
    """Settings as JSON: only what is set."""
    if settings == Settings():  # the usual case
        return {}
    values = cast(dict[str, Any], storable(asdict(settings)))
    return {name: _set(value) for name, value in values.items() if value not in (None, [])}


def _set(value: Any) -> Any:
    """A table without the entries that are not set."""
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in cast(dict[str, Any], value).items() if each is not None}


def _target(value: object, shared: Settings) -> Target:
    data = _table(value, "a target")
    provider, colon, model = str(data.get("target", "")).partition(":")
    if not colon or not provider or not model:
        raise ChoiceError(f"{data.get('target')!r} is not written provider:model")
    return Target(provider, model, settings_from(data["settings"]) if "settings" in data else shared)


def _checked(name: str, value: Any) -> Any:
    right = {
        "system": isinstance(value, str),
        "temperature": _number(value, 0, 2), "top_p": _number(value, 0, 1),
        "max_output_tokens": _count(value), "num_ctx": _count(value),
        "seed": type(value) is int and abs(value) <= _LARGEST_SEED,
        "stop": isinstance(value, list) and all(isinstance(item, str) for item in cast(list[Any], value)),
        "effort": value in EFFORTS,
        "picture": isinstance(value, Mapping),
    }[name]  # fmt: skip
    if not right:
        raise ChoiceError(f"{name} cannot be {value!r}")
    if name == "picture":
        return _picture(cast(Mapping[str, object], value))
    return tuple(cast(list[str], value)) if name == "stop" else cast(Any, value)


def _picture(data: Mapping[str, object]) -> PictureSettings:
    right: dict[str, Callable[[object], bool]] = {
        "width": _pixels, "height": _pixels, "quality": lambda value: value in QUALITIES,
        "steps": lambda value: _count(value) and cast(int, value) <= MOST_STEPS,
        "guidance": lambda value: _number(value, 0, MOST_GUIDANCE), "avoid": lambda value: isinstance(value, str),
        "sampler": lambda value: isinstance(value, str),
    }  # fmt: skip
    for name, value in data.items():
        if name not in right:
            raise ChoiceError(f"{name} is not a setting of pictures. {meant(name, right)}".strip())
        if not right[name](value):
            raise ChoiceError(f"the picture setting {name} cannot be {value!r}")
    return PictureSettings(**cast(dict[str, Any], dict(data)))


def _pixels(value: object) -> bool:
    return type(value) is int and LEAST_PIXELS <= value <= MOST_PIXELS


def _count(value: object) -> bool:
    return type(value) is int and value >= 1


def _number(value: object, least: float, most: float) -> bool:
    """Whether a number is in the range of its field, which would drop others silently."""
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _table(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ChoiceError(f"{what} is not a table")
    return cast(Mapping[str, object], value)
