"""What fills the holes of the prompt shown: nothing, a sample case, or the person's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.experiments.library.prompt import Version

_HOLES, _OWN = "Holes", "My own"


@dataclass(frozen=True, slots=True)
class Filling:
    """Values for the holes, and a name for them."""

    values: Mapping[str, str] | None
    """By hole; `None`: the holes are left open and shown."""
    name: str = ""


def ask_filling(version: Version) -> Filling:
    """Show the choice, and a field for each hole if the person fills them; returns the values."""
    prompt = version.prompt
    if not prompt.holes:
        return Filling({}, "no holes to fill")
    cases = {f"Case {n}": case for n, case in enumerate(prompt.samples, 1)}
    chosen = st.segmented_control(
        "Filled with", [_HOLES, *cases, _OWN], default=next(iter(cases), _HOLES), required=True,
        key=f"{state.LIBRARY_FILL}{version.reference}",
    )  # fmt: skip
    if chosen in cases:
        return Filling(cases[chosen], f"sample {chosen.lower()}")
    if chosen == _OWN:
        return Filling(_ask(version), "words of your own")
    return Filling(None)


def missing(version: Version, filling: Filling) -> tuple[str, ...]:
    """The holes that would stay empty."""
    values = filling.values or {}
    return tuple(name for name in version.prompt.holes if not values.get(name, "").strip())


def _ask(version: Version) -> Mapping[str, str]:
    first = version.prompt.samples[0] if version.prompt.samples else {}
    return {name: _field(version.key, name, first.get(name, "")) for name in version.prompt.holes}


def _field(key: str, hole: str, example: str) -> str:
    key = f"{state.LIBRARY_VALUE}{key}-{hole}"
    return st.text_area(plain(hole), key=key, height=68, placeholder=example[:80]) or ""
