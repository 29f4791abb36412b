"""A real diffusion model over tiny pictures: exact, because it may know all of them by heart.

Pure. A trained image model approximates the best guess of the clean picture inside a noisy one. Over a
handful of pictures that guess can be computed: their average, each weighted by how well it explains the
noise. Everything else is as in large models: noise of the seed, steps along a schedule of noise levels
(T. Karras et al., "Elucidating the design space of diffusion-based generative models", 2022, Euler
steps), and classifier-free guidance (J. Ho and T. Salimans, 2022).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Shape = Literal["circle", "square", "triangle", "cross"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
SIZE = 16
_NOISIEST, _CLEANEST, _BEND = 20.0, 0.05, 5.0
_SHIFTS = (-2, 0, 2)
_LEVELS = 8
_Picture = NDArray[np.float64]


def frames(shape: Shape, *, seed: int, steps: int, guidance: float, shown: int = 6) -> list[_Picture]:
    """The picture on its way from noise, first and last among at most `shown`; about -1 (dark) to 1 (light)."""
    levels = _levels(steps)
    noise = np.random.default_rng(seed).standard_normal(SIZE * SIZE) * _NOISIEST
    pictures, now = [noise / _NOISIEST], noise
    for level, following in pairwise(levels):
        clean = _guess(now, level, _pictures(None))
        clean = clean + guidance * (_guess(now, level, _pictures(shape)) - clean)
        now = now + (now - clean) / level * (following - level)
        pictures.append(now / max(1.0, following))  # as strong as a picture, to be looked at
    chosen = np.linspace(0, steps, min(shown, steps + 1)).round().astype(int)
    return [pictures[number].reshape(SIZE, SIZE) for number in chosen]


def as_svg(picture: _Picture) -> str:
    """The picture in the colour of the text, in few levels of grey; one path a level."""
    grey = np.clip((picture + 1) / 2 * _LEVELS, 0, _LEVELS).round().astype(int)
    paths = ""
    for level in range(1, _LEVELS + 1):
        cells = "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(grey == level))
        paths += f'<path fill-opacity="{level / _LEVELS:g}" d="{cells}"/>' if cells else ""
    return f'<svg viewBox="0 0 {SIZE} {SIZE}" fill="currentColor" shape-rendering="crispEdges">{paths}</svg>'


def _levels(steps: int) -> list[float]:
    """Noise levels from the noisiest to none, closer together towards the end."""
    ends = _NOISIEST ** (1 / _BEND), _CLEANEST ** (1 / _BEND)
    return [float(level) for level in np.linspace(*ends, steps) ** _BEND] + [0.0]


def _guess(noisy: _Picture, level: float, pictures: _Picture) -> _Picture:
    """The best guess of the clean picture: the mean of all, weighted by how probable each is."""
    distance = ((pictures - noisy) ** 2).sum(axis=1) / (2 * level**2)
    weights = np.exp(distance.min() - distance)
    return weights @ pictures / weights.sum()


@cache
def _pictures(shape: Shape | None) -> _Picture:
    """All pictures of a shape, or of all shapes: each at nine places, as rows of numbers."""
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
