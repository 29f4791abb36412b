"""Text drawn from the built-in n-gram models: single words, whole continuations, and models trained on less.

Pure. Every word is really drawn by `providers.builtin.ngram`; nothing is prepared.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from providers.builtin import builtin, ngram
from providers.interface import Settings

ORDER = 4
WORDS = 16
"""The most words of a continuation; the model may end it earlier."""


def written(words: Sequence[str]) -> str:
    """The words of an answer as text, with spaces as the built-in models put them."""
    return "".join(ngram.written(word, before) for before, word in zip([None, *words], words, strict=False))


def remembered(model: str, prompt: str, answer: str) -> list[str]:
    """The words that a built-in model still sees at this point, oldest first."""
    trained = ngram.trained(builtin.MODELS[model])
    history = trained.history(ngram.tokens(prompt), ngram.tokens(answer))
    return [trained.words[number] for number in history if trained.words[number] != ngram.END]


def every_next_word(
    model: str, prompt: str, answer: str, settings: Settings = Settings()
) -> tuple[ngram.NextWord, ...]:
    """All words that a built-in model may put next, the most probable first."""
    known = len(ngram.trained(builtin.MODELS[model]).words)
    return builtin.next_words(model, prompt, known, settings, answer=answer)


def drawn_word(model: str, prompt: str, words: Sequence[str]) -> str:
    """One next word, drawn by the model's own probabilities; may be `ngram.END`."""
    every = every_next_word(model, prompt, written(words))
    return Random().choices([word for word, _ in every], [share for _, share in every])[0]


def continuation(model: ngram.NGram, prompt: str, settings: Settings, *, words: int = WORDS) -> str:
    """What `model` writes after `prompt`; always the same for the same seed. Ends at a full stop."""
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
    """A model trained on that many paragraphs, taken evenly from the whole text."""
    everything = ngram.paragraphs()
    step = max(1, len(everything) // paragraphs)
    return ngram.NGram(ORDER, everything[::step][:paragraphs])
