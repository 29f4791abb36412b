"""What a WebUI answers: a picture in base64, and beside it how it was drawn. Pure.

Owns which of the pictures is the one that was asked for, and what of `info` is told on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import cast

from providers import errors
from providers.adapters.base64_picture import picture_in
from providers.pictures import Drawn

_LONGEST = 200  # of a word that a server tells


class WebUIAnswer:
    """One answer."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._document = document
        self.info = _info(document.get("info"))
        """What is told of the picture; empty where nothing is."""

    def pictures(self) -> Iterator[Drawn]:
        """The picture: not the grid before it, nor what an extension has put beside it. None, where none was drawn.

        All that there are, where which of them it is is not told. Raises `protocol`.
        """
        images, first, seed = self._document.get("images"), self.info.get("index_of_first_image"), self.info.get("seed")
        if not isinstance(images, list):
            raise errors.error("protocol", "the answer holds no picture")
        drawn = cast(list[object], images)
        told = seed if type(seed) is int and seed >= 0 else None
        for each in [drawn[first]] if type(first) is int and 0 <= first < len(drawn) else drawn:
            yield Drawn(picture_in(each), seed=told, drawn_with=self._settings())

    def model(self, asked: str, names: frozenset[str]) -> str | None:
        """Which model drew: `asked` where what is told is another of its `names`. `None` = not told."""
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
        return {name: str(value)[:_LONGEST] for name, value in told.items() if isinstance(value, str | int | float)}


def _info(told: object) -> Mapping[str, object]:
    """JSON in a text, as it is sent."""
    try:
        return _fields(json.loads(told) if isinstance(told, str) else told)
    except (ValueError, RecursionError):
        return {}


def _fields(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
