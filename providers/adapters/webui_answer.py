"""Reads a WebUI's answer: a picture in base64, with how it was drawn. Pure.

Owns which of the pictures is the requested one, and which parts of `info` are passed on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import PurePath
from typing import cast

from providers import errors
from providers.adapters.base64_picture import picture_in
from providers.pictures import Drawn

_LONGEST = 200  # characters of a word reported by a server


class WebUIAnswer:
    """One answer."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._document = document
        self.info = _info(document.get("info"))
        """The facts about the picture; empty if there are none."""

    def pictures(self) -> Iterator[Drawn]:
        """The picture, without the grid before it or additions by extensions; nothing if none was drawn.

        All pictures, if it is not reported which one it is. Raises `protocol`.
        """
        images, first, seed = self._document.get("images"), self.info.get("index_of_first_image"), self.info.get("seed")
        if not isinstance(images, list):
            raise errors.error("protocol", "the answer contains no picture")
        drawn = cast(list[object], images)
        told = seed if type(seed) is int and seed >= 0 else None
        for each in [drawn[first]] if type(first) is int and 0 <= first < len(drawn) else drawn:
            yield Drawn(picture_in(each), seed=told, drawn_with=self._settings())

    def model(self, asked: str, names: frozenset[str]) -> str | None:
        """The model that drew: `asked` if the reported one is another of its `names`. `None` if not reported."""
        told = self.info.get("sd_model_name")
        if not isinstance(told, str) or not told:
            return None
        return asked if {told, PurePath(told).stem, self.info.get("sd_model_hash")} & {*names, asked} else told

    def _settings(self) -> Mapping[str, str]:
        info, extra = self.info, _fields(self.info.get("extra_generation_params"))
        told = {
            "steps": info.get("steps"), "guidance": info.get("cfg_scale"), "sampler": info.get("sampler_name"),
            "schedule": extra.get("Schedule type"), "VAE": info.get("sd_vae_name"), "version": info.get("version"),
        }  # fmt: skip
        return {name: str(value)[:_LONGEST] for name, value in told.items() if _is_told(value)}


def _is_told(value: object) -> bool:
    return isinstance(value, str) or (type(value) in (int, float) and isfinite(cast(float, value)))


def _info(told: object) -> Mapping[str, object]:
    """Parse JSON that is sent as a text."""
    try:
        return _fields(json.loads(told) if isinstance(told, str) else told)
    except (ValueError, RecursionError):
        return {}


def _fields(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
