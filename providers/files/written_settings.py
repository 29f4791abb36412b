"""Reads how a picture was drawn from the text that programs for Stable Diffusion write into its file.

Owns which of these settings are read. The servers write it also where their answer says nothing: stable-diffusion.cpp's
answers to OpenAI's Images API contain neither seed nor steps, but its files do. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from providers.pictures import Picture

_FIELD = "parameters"
_NAMES = {"Steps": "steps", "CFG scale": "guidance", "Sampler": "sampler", "Schedule type": "schedule"}
_TOLD = re.compile(r"(?:^|, )(Steps|CFG scale|Sampler|Schedule type|Seed): ([^,\n]{1,80})")
_REST = ", SDCPP: "  # stable-diffusion.cpp writes everything once more as JSON
_NOT_SET = "NONE"  # stable-diffusion.cpp's word for a sampler that it chooses itself
_LARGEST_SEED = 2**64


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says about its making."""

    seed: int | None = None
    """`None`: it does not say."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the names of `Drawn.drawn_with`."""


def written_settings(metadata: Mapping[str, str]) -> Written:
    """The settings in `metadata`; empty if there are none in this format.

    Only the last line is read: the prompt is above it, and may contain anything.
    """
    last = metadata.get(_FIELD, "").rstrip().rpartition("\n")[2].partition(_REST)[0]
    if not last.startswith("Steps: "):
        return Written()
    told = dict(reversed(_TOLD.findall(last)))
    seed = told.get("Seed", "")
    settings = {ours: _short(told[theirs]) for theirs, ours in _NAMES.items() if told.get(theirs, _NOT_SET) != _NOT_SET}
    return Written(int(seed) if seed.isdecimal() and int(seed) < _LARGEST_SEED else None, settings)


def completed(picture: Picture) -> Picture:
    """`picture` with what its file says, where the answer said nothing."""
    written = written_settings(picture.metadata)
    seed = written.seed if picture.seed is None else picture.seed
    return replace(picture, seed=seed, drawn_with={**written.settings, **picture.drawn_with})


def _short(value: str) -> str:
    """`1.000000` as `1.0`, as answers have it."""
    return str(float(value)) if re.fullmatch(r"\d{1,9}\.\d{1,15}", value) else value
