"""A colour for each family, the same in every chart: middle tones, seen on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Iterable

from providers.catalogue.families import families

OTHER = "Other"
_OTHER = "#8a9390"
_PALETTE = (
    "#2f8f6f", "#c9743a", "#5b86c4", "#8474cf", "#b59a2f", "#7b8c94", "#b0619f", "#3f9aa3", "#c05f6b", "#6f9a3f",
    "#a8795a", "#5f74a8", "#9a5fae",
)  # fmt: skip


def colours(of: Iterable[str]) -> dict[str, str]:
    """Those of the families that occur, in the order of the catalogue."""
    names = [family.name for family in families()]
    known = dict(zip(names, _PALETTE * (len(names) // len(_PALETTE) + 1), strict=False)) | {OTHER: _OTHER}
    wanted = set(of)
    return {name: colour for name, colour in known.items() if name in wanted}
