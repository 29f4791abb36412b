"""How a figure is printed: what was measured, beside what it must reach."""

from __future__ import annotations

from collections.abc import Sequence


def title(text: str) -> None:
    """What is measured next, and how."""
    print(f"\n{text}")


def figure(name: str, value: float | None, unit: str = "", *, most: float | None = None, note: str = "") -> None:
    """One figure; with `most`, whether it reaches its target."""
    shown = "—" if value is None else f"{value:.4g}{unit}" if abs(value) < 1000 else f"{value:,.0f}{unit}"
    target = ""
    if most is not None:
        met = value is not None and value <= most
        target = f"target <= {most:g}{unit}  {'reached' if met else 'MISSED'}"
    print(f"  {name:<52} {shown:>12}  {target}{'  ' if target and note else ''}{note}", flush=True)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie, taken from among them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return quantile(values, 0.5)


def spread(name: str, values: Sequence[float], unit: str = "", *, most: float | None = None) -> None:
    """Many values of one figure: the median against its target, with the p90 and the largest beside it."""
    note = f"p90 {quantile(values, 0.9):.3g}, largest {max(values):.3g}, n = {len(values)}"
    figure(f"{name}, median", median(values), unit, most=most, note=note)
