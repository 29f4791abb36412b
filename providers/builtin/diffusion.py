"""A real diffusion model of tiny pictures, computed exactly because it may know all of them.

Pure. A trained image model approximates the expected clean picture given a noisy one. For a handful of pictures this
can be computed: their average, each weighted by how well it explains the noisy one. Everything else is as in large
models: noise from the seed, steps along a schedule of noise levels (T. Karras et al., "Elucidating the design space of
diffusion-based generative models", 2022, Euler steps), and classifier-free guidance (J. Ho and T. Salimans, 2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Shape = Literal["circle", "square", "triangle", "cross"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
SIZE = 16
_NOISIEST, _CLEANEST, _BEND = 20.0, 0.05, 5.0
_SHIFTS = (-2, 0, 2)
_LEVELS = 8
_Picture = NDArray[np.float64]


def drawn(shape: Shape | None, *, seed: int, steps: int, guidance: float) -> Iterator[_Picture]:
    """The picture as it develops: the noise of the seed, then one picture per step; about -1 (dark) to 1 (light).

    `shape`: `None` for any shape, so that guidance has no effect.
    """
    noise = np.random.default_rng(seed).standard_normal(SIZE * SIZE) * _NOISIEST
    now = noise
    yield (noise / _NOISIEST).reshape(SIZE, SIZE)
    for level, following in pairwise(_levels(steps)):
        clean = _guess(now, level, _pictures(None))
        clean = clean + guidance * (_guess(now, level, _pictures(shape)) - clean)
        now = now + (now - clean) / level * (following - level)
        yield (now / max(1.0, following)).reshape(SIZE, SIZE)  # scaled to the contrast of a picture, for display


def frames(shape: Shape, *, seed: int, steps: int, guidance: float, shown: int = 6) -> list[_Picture]:
    """At most `shown` moments of `drawn`, including the first and the last."""
    pictures = list(drawn(shape, seed=seed, steps=steps, guidance=guidance))
    chosen = np.linspace(0, steps, min(shown, steps + 1)).round().astype(int)
    return [pictures[number] for number in chosen]


def as_png(picture: _Picture, scale: int) -> bytes:
    """The picture as a greyscale PNG, with each pixel enlarged to `scale` by `scale` with crisp edges."""
    grey = np.clip((picture + 1) / 2 * 255, 0, 255).round().astype(np.uint8)
    into = BytesIO()
    Image.fromarray(grey.repeat(scale, axis=0).repeat(scale, axis=1)).save(into, "PNG")
    return into.getvalue()


def as_svg(picture: _Picture) -> str:
    """The picture as SVG in the text colour, in a few shades; one path per shade."""
    grey = np.clip((picture + 1) / 2 * _LEVELS, 0, _LEVELS).round().astype(int)
    paths = ""
    for level in range(1, _LEVELS + 1):
        cells = "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(grey == level))
        paths += f'<path fill-opacity="{level / _LEVELS:g}" d="{cells}"/>' if cells else ""
    return f'<svg viewBox="0 0 {SIZE} {SIZE}" fill="currentColor" shape-rendering="crispEdges">{paths}</svg>'


def _levels(steps: int) -> list[float]:
    """Noise levels from the highest to none, denser towards the end."""
    first, last = _NOISIEST ** (1 / _BEND), _CLEANEST ** (1 / _BEND)
    return [*((first + (last - first) * n / max(1, steps - 1)) ** _BEND for n in range(steps)), 0.0]


def _guess(noisy: _Picture, level: float, pictures: _Picture) -> _Picture:
    """The expected clean picture: the mean of all, weighted by their probability given the noisy one."""
    distance = ((pictures - noisy) ** 2).sum(axis=1) / (2 * level**2)
    weights = np.exp(distance.min() - distance)
    return weights @ pictures / weights.sum()


@cache
def _pictures(shape: Shape | None) -> _Picture:
    """All pictures of a shape, or of all shapes, as rows of numbers: each shape at nine positions."""
    wanted = SHAPES if shape is None else (shape,)
    return np.array([_drawn(each, dx, dy).ravel() for each in wanted for dx in _SHIFTS for dy in _SHIFTS])


def _drawn(shape: Shape, dx: int, dy: int) -> _Picture:
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    x, y = x - dx, y - dy
    filled = {
        "circle": x**2 + y**2 < 5**2,
        "square": np.maximum(abs(x), abs(y)) < 4.6,
        "triangle": (y < 4) & (abs(x) < (y + 5.5) * 0.62),
        "cross": (np.minimum(abs(x), abs(y)) < 1.6) & (np.maximum(abs(x), abs(y)) < 5),
    }[shape]
    return np.where(filled, 1.0, -1.0)
