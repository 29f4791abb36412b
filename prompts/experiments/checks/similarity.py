"""Checks by similarity to a reference answer, 0 to 1: edit distance, chrF, BLEU, ROUGE-L; and by language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject, short
from prompts.experiments.checks.measures import bounded

_MOST = 50_000  # characters compared at most, as the work grows with their square
_FEWEST_LETTERS = 20  # below so many letters the language is a guess: "ok" is taken for Afrikaans


def similar(subject: Subject, check: Check) -> Finding:
    """Normalised Levenshtein similarity: 1 - edit distance / length of the longer text."""
    return _scored(subject, check, _edit_similarity)


def _edit_similarity(answer: str, reference: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.normalized_similarity(answer, reference)


def edits(subject: Subject, check: Check) -> Finding:
    """Levenshtein distance (V. Levenshtein, 1965): characters to insert, delete or replace to get the reference."""
    from rapidfuzz.distance import Levenshtein

    answer, reference = subject.text.strip(), check.value.strip()
    if max(len(answer), len(reference)) > _MOST:
        return Finding(None, f"More than {_MOST:,} characters are not compared.")
    count = Levenshtein.distance(answer, reference)
    return bounded(count, check, f"{count:,} characters differ")


def chrf(subject: Subject, check: Check) -> Finding:
    """chrF: F-score of character n-grams (M. Popović, WMT 2015), by sacrebleu."""
    return _scored(subject, check, lambda a, b: _sacrebleu().sentence_chrf(a, [b]).score / 100)


def bleu(subject: Subject, check: Check) -> Finding:
    """BLEU of one sentence, smoothed (K. Papineni and others, ACL 2002), by sacrebleu."""
    return _scored(subject, check, lambda a, b: _sacrebleu().sentence_bleu(a, [b]).score / 100)


def rouge_l(subject: Subject, check: Check) -> Finding:
    """ROUGE-L: F-score of the longest common subsequence of words (C.-Y. Lin, 2004), in lower case."""
    return _scored(subject, check, _rouge_l)


def _rouge_l(answer: str, reference: str) -> float:
    from rapidfuzz.distance import LCSseq

    a, b = answer.casefold().split(), reference.casefold().split()
    common = LCSseq.similarity(a, b)
    return 2 * common / (len(a) + len(b)) if common else 0.0


def _scored(subject: Subject, check: Check, measure: Callable[[str, str], float]) -> Finding:
    answer, reference = subject.text.strip(), check.value.strip()
    if max(len(answer), len(reference)) > _MOST:
        return Finding(None, f"More than {_MOST:,} characters are not compared.")
    score = min(1.0, max(0.0, measure(answer, reference)))
    wanted = check.at_least if check.at_least is not None else 0.0
    return Finding(score >= wanted, f"{score:.2f} of {wanted:g} asked for.", score=score)


def validate_share(check: Check) -> None:
    """Require a threshold above 0 and up to 1."""
    if check.at_least is None or not 0 < check.at_least <= 1:
        raise CheckError("Set the minimum similarity, above 0 and up to 1, such as 0.8.")


@cache
def _sacrebleu() -> Any:
    return import_module("sacrebleu")  # takes a quarter of a second, so only imported when needed


def language(subject: Subject, check: Check) -> Finding:
    """Whether the answer's language is `value`, an ISO 639-1 code such as `de`;
    by py3langid, whose model is in its wheel."""
    letters = sum(map(str.isalpha, subject.text))
    if letters < _FEWEST_LETTERS:
        return Finding(None, f"Too short to recognise its language ({letters} letters): {short(subject.text)}.")
    found, _ = _langid().classify(subject.text[:_MOST])
    return Finding(found == check.value.strip().lower(), f"Reads as {found}.", label=found)


@cache
def _langid() -> Any:
    return import_module("py3langid")


def validate_language(check: Check) -> None:
    """Require a two-letter code."""
    if not check.holes and (len(check.value.strip()) != 2 or not check.value.strip().isalpha()):
        raise CheckError("Write the language as two letters, such as en, de or fr.")
