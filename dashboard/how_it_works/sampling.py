"""What the built-in models write: whole continuations, and a model that has read only a part.

Pure. Every word is drawn by `providers.builtin.ngram`; nothing is written beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from providers.builtin import builtin, ngram
from providers.interface import Settings

ORDER = 4
WORDS = 16
"""How long a continuation is, unless the model ends it first."""


def written(words: Sequence[str]) -> str:
    """Words of an answer as text, with the blanks that the built-in models put between them."""
    return "".join(ngram.written(word, before) for before, word in zip([None, *words], words, strict=False))


def remembered(model: str, prompt: str, answer: str) -> list[str]:
    """The words that a built-in model still sees at this point, the oldest first."""
    trained = ngram.trained(builtin.MODELS[model])
    history = trained.history(ngram.tokens(prompt), ngram.tokens(answer))
    return [trained.words[number] for number in history if trained.words[number] != ngram.END]


def every_next_word(
    model: str, prompt: str, answer: str, settings: Settings = Settings()
) -> tuple[ngram.NextWord, ...]:
    """All words that can come next by a built-in model, the most probable first."""
    known = len(ngram.trained(builtin.MODELS[model]).words)
    return builtin.next_words(model, prompt, known, settings, answer=answer)


def drawn_word(model: str, prompt: str, words: Sequence[str]) -> str:
    """One next word, drawn by the model's own probabilities; `ngram.END` may be it."""
    every = every_next_word(model, prompt, written(words))
    return Random().choices([word for word, _ in every], [share for _, share in every])[0]


def continuation(model: ngram.NGram, prompt: str, settings: Settings, *, words: int = WORDS) -> str:
    """What `model` writes after `prompt` with that seed; the same each time. Ends at a full stop."""
    history, chance = model.history(ngram.tokens(prompt)), Random(settings.seed)
    found: list[str] = []
    while len(found) < words and (not found or found[-1] != "."):
        shares = model.next_shares(history, temperature=settings.temperature, top_p=settings.top_p, first=not found)
        number = chance.choices(range(len(shares)), shares)[0]
        if model.words[number] == ngram.END:
            break
        history.append(number)
        found.append(model.words[number])
    return written(found)


@cache
def after_reading(paragraphs: int) -> ngram.NGram:
    """The model as it is after that many paragraphs, taken evenly from the whole text."""
    everything = ngram.paragraphs()
    step = max(1, len(everything) // paragraphs)
    return ngram.NGram(ORDER, everything[::step][:paragraphs])
