"""The small draws of the page are those of the built-in provider."""

from __future__ import annotations

import pytest

from dashboard.how_it_works.sampling import (
    after_reading,
    continuation,
    drawn_word,
    every_next_word,
    remembered,
    written,
)
from providers.builtin import ngram
from providers.builtin.builtin import Builtin
from providers.config.connections import PRESETS
from providers.interface import Delta, Request, Settings

PROMPT = "What is a class?"


@pytest.mark.parametrize("settings", [Settings(seed=1), Settings(seed=2, temperature=0.5), Settings(seed=3, top_p=0.5)])
async def test_a_continuation_is_what_the_provider_itself_streams(settings: Settings) -> None:
    provider, request = Builtin(PRESETS["builtin"]), Request.ask("ngram-4", PROMPT, settings)
    await provider.prepare(request)
    streamed = "".join([item.text async for item in provider.stream(request) if isinstance(item, Delta)])
    assert streamed.startswith(continuation(ngram.trained(4), PROMPT, settings))


def test_the_same_seed_is_the_same_text_and_without_chance_every_seed_is() -> None:
    model = ngram.trained(4)
    warm = [continuation(model, PROMPT, Settings(seed=n, temperature=1.0)) for n in (1, 1, 2, 3)]
    assert warm[0] == warm[1]
    assert len(set(warm)) == 3
    assert len({continuation(model, PROMPT, Settings(seed=n, temperature=0.0)) for n in range(5)}) == 1


def test_a_drawn_word_is_one_that_the_model_offers() -> None:
    offered = {word for word, _ in every_next_word("ngram-2", PROMPT, "method")}
    assert drawn_word("ngram-2", PROMPT, ["method"]) in offered


def test_every_next_word_adds_up_to_certainty() -> None:
    assert sum(share for _, share in every_next_word("ngram-4", PROMPT, "")) == pytest.approx(1)


def test_a_model_remembers_as_many_words_as_it_says() -> None:
    assert remembered("ngram-4", PROMPT, "") == ["is", "a", "class"]
    assert remembered("ngram-2", PROMPT, "object which") == ["which"]
    assert remembered("ngram-4", "", "") == []


def test_words_are_written_with_the_blanks_between_them() -> None:
    assert written(["a", "(", "b", ")", "."]) == "a (b)."
    assert written([]) == ""


def test_a_model_that_read_more_knows_more_words() -> None:
    sizes = [len(after_reading(n).words) for n in (5, 50, 10_000)]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == len(ngram.trained(4).words)
