"""The n-gram models are real language models: their probabilities add up, and their text is their own."""

import math
from collections import deque

import pytest

from providers.builtin import ngram
from providers.builtin.ngram import END, NGram

TINY = [["the", "cat", "sat", "."], ["the", "cat", "ran", "."]]


@pytest.mark.parametrize("order", ngram.ORDERS)
@pytest.mark.parametrize("context", ["", "The value of the", "a function returns", "日本 🌊 zzz", "the"])
def test_every_word_has_a_probability_and_they_add_up_to_one(order: int, context: str) -> None:
    model = ngram.trained(order)
    shares = model.distribution(model.history(ngram.tokens(context)))
    assert len(shares) == len(model.words) == len(set(model.words))
    assert min(shares) > 0
    assert math.fsum(shares) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("temperature", [None, 0, 1e-320, 0.01, 0.7, 1, 2, 1e300])
@pytest.mark.parametrize("top_p", [None, 0, 0.5, 1])
def test_sharpened_probabilities_add_up_to_one(temperature: float | None, top_p: float | None) -> None:
    model = ngram.trained(3)
    shares = model.next_shares(model.history(["of", "the"]), temperature=temperature, top_p=top_p, first=True)
    assert min(shares) >= 0
    assert math.fsum(shares) == pytest.approx(1, abs=1e-9)


def test_witten_bell_by_hand() -> None:
    # Eleven tokens with the ends: <end> 3, the 2, cat 2, sat 1, ran 1, "." 2; six words.
    model = NGram(3, TINY)
    number = model.words.index
    below = (1 + 1) / (11 + 6)  # sat once
    after_cat = (1 + 2 * below) / (2 + 2)
    after_the_cat = (1 + 2 * after_cat) / (2 + 2)
    shares = model.distribution([number("the"), number("cat")])
    assert shares[number("sat")] == pytest.approx(after_the_cat)
    assert shares[number("the")] == pytest.approx(2 / 4 * 2 / 4 * (2 + 1) / (11 + 6))


@pytest.mark.parametrize(
    ("temperature", "top_p", "expected"),
    [
        (None, None, [0.2, 0.5, 0.3]),
        (0, None, [0, 1, 0]),
        (0.5, None, [4 / 38, 25 / 38, 9 / 38]),
        (None, 0.5, [0, 1, 0]),
        (None, 0.6, [0, 5 / 8, 3 / 8]),
        (0.5, 0.7, [0, 25 / 34, 9 / 34]),
        (None, 0, [0, 1, 0]),
        (None, 1, [0.2, 0.5, 0.3]),
    ],
)
def test_temperature_is_a_power_and_top_p_keeps_the_fewest_words(
    temperature: float | None, top_p: float | None, expected: list[float]
) -> None:
    assert ngram.sharpened([0.2, 0.5, 0.3], temperature, top_p) == pytest.approx(expected)


def test_a_longer_memory_is_less_surprised_by_text_it_was_trained_on() -> None:
    sample = [paragraph for paragraph in ngram.paragraphs()[::100] if paragraph]
    surprise = [_perplexity(ngram.trained(order), sample) for order in ngram.ORDERS]
    assert surprise == sorted(surprise, reverse=True)
    assert surprise[-1] < surprise[0] / 2
    assert surprise[0] < len(ngram.trained(2).words) / 10


def _perplexity(model: NGram, sample: list[tuple[str, ...]]) -> float:
    numbers = {word: number for number, word in enumerate(model.words)}
    surprise = count = 0.0
    for paragraph in sample:
        history = model.history([])
        for word in [*paragraph, END]:
            surprise -= math.log(model.distribution(history)[numbers[word]])
            history.append(numbers[word])
            count += 1
    return math.exp(surprise / count)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is a class?", ["What", "is", "a", "class", "?"]),
        ("It's 3.14, e.g. well-known (yes).", ["It's", "3.14", ",", "e.g", ".", "well-known", "(", "yes", ")", "."]),
        ("`f(x)` ``", ["`f(x)`", "`", "`"]),
        ("naïve 海🌊\n\tдом", ["naïve", "海", "🌊", "дом"]),
        ("  \n", []),
        ("\ud83d", ["\ud83d"]),
    ],
)
def test_tokens_of_any_script(text: str, expected: list[str]) -> None:
    assert list(ngram.tokens(text)) == expected


def test_what_was_learnt_is_prose_and_reads_back() -> None:
    paragraphs = ngram.paragraphs()
    assert sum(map(len, paragraphs)) > 20_000
    assert len(paragraphs) == len(set(paragraphs))
    for paragraph in paragraphs:
        assert list(ngram.tokens(_written(paragraph))) == list(paragraph)
        assert not set("<>={}|\\_*") & {token[0] for token in paragraph}


def _written(words: tuple[str, ...] | list[str]) -> str:
    return "".join(ngram.written(word, before) for before, word in zip([None, *words], words, strict=False))


@pytest.mark.parametrize(
    ("prompt", "answer", "remembered"),
    [
        ([], [], [END]),
        (["cat"], [], [END, "cat"]),
        (["The", "cat", "sat"], [], ["cat", "sat"]),
        (["The", "zebra", "cat"], [], ["the", "cat"]),
        (["the", "cat", "?", "!"], [], ["the", "cat"]),
        (["."], [], [END]),
        (["the", "cat"], ["sat", "."], ["sat", "."]),
    ],
)
def test_the_last_known_words_are_remembered(prompt: list[str], answer: list[str], remembered: list[str]) -> None:
    model = NGram(3, TINY)
    assert model.history(prompt, answer) == deque(map(model.words.index, remembered))


def test_the_first_word_is_a_word() -> None:
    model = NGram(2, TINY)
    history = model.history(["sat"])
    then, first = (
        {n.word for n in model.likeliest(model.next_shares(history, temperature=1, top_p=1, first=first), 9)}
        for first in (False, True)
    )
    assert then == {END, ".", "the", "cat", "sat", "ran"}
    assert first == {"the", "cat", "sat", "ran"}


@pytest.mark.parametrize(
    ("stops", "pieces", "shown"),
    [
        ((), ["a", " b"], ["a", " b"]),
        (("b c",), ["a", " b", " c", " d"], ["a", " ", ""]),
        (("b x",), ["a", " b", " c"], ["a", " ", "b c"]),
        (("aab",), ["a", "a", "a", "b"], ["", "", "a", ""]),
        (("c", "b"), ["a b c"], ["a "]),
        (("the end",), ["the", " en"], ["", ""]),
    ],
)
def test_what_may_become_a_stop_string_is_held_back(
    stops: tuple[str, ...], pieces: list[str], shown: list[str]
) -> None:
    held, seen = ngram.Held(stops), []
    for piece in pieces:
        seen.append(held.add(piece))
        if held.stopped:
            break
    assert seen == shown
    complete = "".join(pieces)
    if held.stopped:
        assert held.rest() == ""
        assert not any(stop in "".join(seen) for stop in stops)
    else:
        assert "".join(seen) + held.rest() == complete


def test_a_model_is_trained_once() -> None:
    assert ngram.trained(2) is ngram.trained(2)
