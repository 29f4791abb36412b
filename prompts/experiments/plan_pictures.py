"""Settings for pictures in a plan file: `[settings.picture]`, or `picture` of a target.

If it is present, even empty, pictures are asked for instead of text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from prompts.experiments.toml_values import number, only, text_of, whole
from providers.pictures import QUALITIES, PictureSettings

_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")
_WORDS = {"size", *(each.name for each in fields(PictureSettings))} - {"width", "height"}


def picture_settings(given: object, where: str, shared: PictureSettings | None) -> PictureSettings:
    """The settings in `given`, with defaults from `shared`. Raises `ValueError` that says what to write."""
    if not isinstance(given, Mapping):
        raise ValueError(f'{where} is {given!r}; write a table, such as [{where}] with size = "1024x1024".')
    table = cast(Mapping[str, Any], given)
    only(table, _WORDS, f"[{where}]")
    before = shared or PictureSettings()
    values: dict[str, Any] = {each.name: getattr(before, each.name) for each in fields(PictureSettings)}
    for name, value in table.items():
        match name:
            case "size":
                values["width"], values["height"] = _size(value, where)
            case "quality":
                if value not in QUALITIES:
                    raise ValueError(f"{where}.quality is {value!r}; write one of {', '.join(QUALITIES)}.")
                values[name] = value
            case "steps":
                values[name] = whole(value, f"{where}.{name}")
            case "guidance":
                values[name] = number(value, f"{where}.{name}")
            case _:
                values[name] = text_of(value, f"{where}.{name}")
    return PictureSettings(**values)


def _size(value: object, where: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{where}.size is {value!r}; write width x height in pixels, such as "1024x1024".')
    return int(found[1]), int(found[2])


def picture_row(drawn: PictureSettings) -> dict[str, Any]:
    """The settings in the form that `picture_settings` reads."""
    rows = {"size": drawn.size, **{name: getattr(drawn, name) for name in sorted(_WORDS - {"size"})}}
    return {name: value for name, value in rows.items() if value is not None}
