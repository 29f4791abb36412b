"""How long finding agreement takes: eight answers of about 3,000 tokens that share some of their sentences.

Processor time of the pure analysis, without drawing. The answers are made up, alike each time: of every ten
sentences three are shared, one of them with another number now and then.
"""

from __future__ import annotations

from random import Random
from time import process_time

from prompts.analysis.agreement.agreement import agree
from prompts.analysis.agreement.form import form
from prompts.analysis.agreement.parse import read
from tests.benchmarks.report import figure, spread, title

ANSWERS, WORDS, ROUNDS = 8, 2_250, 7
TOKENS_PER_WORD = 4 / 3
_CONSONANTS, _VOWELS = "bcdfghklmnprstvw", "aeiou"


def answers(number: int = ANSWERS, words: int = WORDS, seed: int = 7) -> list[str]:
    """Texts with headings, lists, numbers and names."""
    random = Random(seed)
    vocabulary = ["".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(3)) for _ in range(3_000)]
    shared = [_sentence(random, vocabulary) for _ in range(60)]
    return [_answer(random, vocabulary, shared, words) for _ in range(number)]


def _answer(random: Random, vocabulary: list[str], shared: list[str], most: int) -> str:
    lines: list[str] = []
    words = 0
    while words < most:
        known = random.random() < 0.3
        sentence = random.choice(shared) if known else _sentence(random, vocabulary)
        sentence = sentence.replace(" 18", " 17") if random.random() < 0.1 else sentence
        words += len(sentence.split())
        lines.append(random.choice(["", "- ", "1. ", "\n", "\n## Part\n\n"]) + sentence)
    return "\n".join(lines)


def _sentence(random: Random, vocabulary: list[str]) -> str:
    words = [word for _ in range(random.randint(4, 9)) for word in (random.choice(vocabulary), random.choice(_SMALL))]
    words.insert(random.randrange(1, len(words)), random.choice(vocabulary).title())
    year = f" in {random.randint(1800, 1899)}" if random.random() < 0.3 else ""
    return " ".join(words).capitalize() + year + "."


_SMALL = "the of and is was in to a with for".split()


def timed(texts: list[str]) -> float:
    """Milliseconds of processor time for one analysis."""
    before = process_time()
    agree(texts)
    return (process_time() - before) * 1000


def main() -> None:
    """Print the time, and what was found, so that a fast nothing is seen."""
    texts = answers()
    words = sum(form(text).words for text in texts) / len(texts)
    title(f"Agreement of {ANSWERS} answers of about {words * TOKENS_PER_WORD:,.0f} tokens, {ROUNDS} rounds")
    spread("processor time of the analysis", [timed(texts) for _ in range(ROUNDS)], " ms", most=300)
    found = agree(texts)
    figure("statements in two answers or more", len([each for each in found.statements if each.level != "one"]))
    figure("statements in one", len(found.at("one")))
    figure("conflicts", len(found.conflicts))
    figure("key facts", len(found.facts))
    long = answers(20, 3_300)
    title(f"20 answers of {sum(map(len, long)) / 20_000:.0f} kB")
    whole = [timed(long) for _ in range(3)]
    spread("processor time of the analysis", whole, " ms")
    before = process_time()
    for number, text in enumerate(long):
        read(text, number)
    reading = (process_time() - before) * 1000
    figure("as a multiple of reading the answers alone", min(whole) / reading)
    title("The same words without a full stop: 200,000 characters in one line, four times")
    figure("processor time of the analysis", timed([("word " * 40_000)] * 4), " ms")


if __name__ == "__main__":
    main()
