"""What temperature and top-p do to the probabilities of next words.

Pure. The arithmetic is `ngram.sharpened`, by which the built-in models themselves draw. It covers every word for the
built-in models, but only the alternatives that were reported for a hosted one.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.how_it_works.chart import Reshaped
from dashboard.how_it_works.sampling import every_next_word, written
from dashboard.how_it_works.word_bars import Row, shown
from providers.builtin import ngram
from providers.interface import Settings

SHOWN = 8


def of_builtin(model: str, prompt: str, words: Sequence[str], temperature: float, top_p: float) -> list[Reshaped]:
    """The `SHOWN` most probable words and all others together, exactly as the model would draw them."""
    answer = written(words)
    own = every_next_word(model, prompt, answer)
    after = dict(every_next_word(model, prompt, answer, Settings(temperature=temperature, top_p=top_p)))
    rows = [Reshaped(shown(word), share, after.get(word, 0.0)) for word, share in own[:SHOWN]]
    others = Reshaped(
        f"all {len(own) - len(rows):,} others", sum(share for _, share in own[SHOWN:]),
        max(0.0, 1 - sum(row.reshaped for row in rows)),
    )  # fmt: skip
    return [*rows, others] if len(own) > len(rows) else rows


def of_told(told: Sequence[Row], temperature: float, top_p: float) -> list[Reshaped]:
    """The reported alternatives, with probabilities rescaled to add up to 1, before and after."""
    own = ngram.sharpened([row.probability for row in told], None, None)
    after = ngram.sharpened(own, temperature, top_p)
    return [Reshaped(shown(row.word), *pair) for row, *pair in zip(told, own, after, strict=True)][:SHOWN]
