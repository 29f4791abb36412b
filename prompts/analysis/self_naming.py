"""Hides words in an answer that reveal which model wrote it: "As Claude…", vendors, names of models.

Owns when such a word gives a model away. A word with no other meaning always does, unless the prompt used it first. A
word that is also an ordinary one (Claude Monet, a llama, made by Google) does only with a version after it, as a
signature, or where the writer speaks of itself as a machine. The words and their sources are in `self_naming.toml`.
Style is not masked: it is what people are asked to judge. Pure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast
from unicodedata import category, normalize

from providers.catalogue.families import families

HIDDEN = "[name hidden]"
"""What replaces every name."""
_DROPPED = frozenset("*`~")  # emphasis inside a name does not hide it
_GAP = r"[\s\-‐-―_.]{0,2}"
_SIZE = rf"(?:{_GAP}(?:mini|nano|micro|pro|flash|lite|turbo|ultra|max|large|small|medium|opus|sonnet|haiku|instant|" \
        rf"preview|chat|coder|vision|next|advanced|[a-z]?\d+(?:[.x]\d+)*[a-z]?))"  # fmt: skip
_NEAR = 40  # how many characters around a word are searched for a sign of whose name it is
_SENTENCE = re.compile(r"[^.!?。！？\n]*(?:\.(?=\w)[^.!?。！？\n]*)*[.!?。！？\n]*")
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|i’m|im|me|my|myself|we|our|ich|mich|mir|mein\w*|je|j'ai|j’ai|moi|mon|soy|mi|yo|he sido|sono|mio|sou|"
    r"meu|fui|eu|ik|mijn|jag|я|меня|мой|jestem)\b|我|本模型|私|僕|저는|나는"
)
_MACHINE = re.compile(
    r"\b(?:a\.?i|ia|ki|ии|model\w*|modell\w*|sprachmodell\w*|modèle\w*|modelo\w*|modello\w*|модел\w*|assistan\w*|"
    r"assisten\w*|asisten\w*|ассистент\w*|chat\s?bot\w*|llm|trained|training|developed|created|built|made|designed|"
    r"powered|named?|called|entwickelt\w*|trainiert\w*|erstellt|heiße|entraîné\w*|développé\w*|créé\w*|appelle|"
    r"entrenad\w*|desarrollad\w*|cread\w*|llamo|addestrat\w*|sviluppat\w*|creat\w*|chiamo|treinad\w*|desenvolvid\w*|"
    r"criad\w*|chamo|обучен\w*|разработан\w*|создан\w*|зовут)\b|模型|训练|訓練|开发|開発|開發|助手|人工智能|モデル|アシスタント|"
    r"모델|개발|어시스턴트"
)
_I_AM = re.compile(
    r"(?:\bi am|\bi'm|\bi’m|\bmy name is|\bmy name's|\bcall me|\bich bin|\bich heiße|\bje suis|\bje m'appelle|\bsoy|"
    r"\bme llamo|\bsono|\bmi chiamo|\beu sou|\bsou|\bя|我是|我叫|私は|저는)\W{0,3}(?:the |an? |o |el |le )?$"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """An answer as it may be shown, with names masked."""

    text: str
    gave_away: bool
    """Whether something was masked, so that a reader may guess the model from what is left."""


@dataclass(frozen=True, slots=True)
class _Words:
    alone: frozenset[str]
    models: frozenset[str]
    makers: frozenset[str]


def masked(text: str, *, prompt: str = "", compared: Sequence[str] = (), hidden: str = HIDDEN) -> Masked:
    """`text` with every word masked that tells who wrote it.

    `prompt`: what was asked; names in it are not secret. `compared`: the models, as their providers spell them.
    """
    folded, places = _folded(text)
    spans = _joined(sorted(_found(folded, _folded(prompt)[0], tuple(sorted(set(compared))))))
    parts, at = list[str](), 0
    for start, end in spans:
        parts += [text[at : places[start]], hidden]
        at = places[end - 1] + 1
        if at - places[start] > end - start:  # emphasis that began within the name ends with it
            at += len(text[at : at + 2]) - len(text[at : at + 2].lstrip("*`~"))
    return Masked("".join([*parts, text[at:]]), bool(spans))


def sources() -> tuple[str, ...]:
    """The sources of the lists of names."""
    return tuple(each["source"] for each in _lists())


def _found(text: str, prompt: str, compared: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    alone, either = _patterns(compared)
    asked = {match[0] for match in alone.finditer(prompt)}
    yield from (match.span() for match in alone.finditer(text) if match[0] not in asked)
    for sentence in _SENTENCE.finditer(text):
        speaks = _FIRST_PERSON.search(sentence[0]) and _MACHINE.search(sentence[0])
        for match in either.finditer(text, sentence.start(), sentence.end()):
            before = text[max(sentence.start(), match.start() - _NEAR) : match.start()]
            after = text[match.end() : min(sentence.end(), match.end() + _NEAR)]
            if speaks or _I_AM.search(before) or _signs(before, after) or _as_itself(before, after):
                yield match.span()


def _signs(before: str, after: str) -> bool:
    """Whether the name stands alone on its line, or begins it like the speaker in a dialogue."""
    if before.strip(" \t-–—>#[(\"'"):
        return False
    return not after.strip(" \t.!)]\"'\n") or after.lstrip().startswith((":", "："))


def _as_itself(before: str, after: str) -> bool:
    """Whether the writer introduces itself: `As Claude, I would…`."""
    return before.rstrip().endswith(("as", "als", "en tant que", "como", "come", "作为")) and bool(
        re.match(r"\s*(?:,|，|i\b|an? (?:ai|assistant|language))", after)
    )


@lru_cache(maxsize=64)
def _patterns(compared: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two patterns: names that always give a model away, and those that only may."""
    words = _words()
    alone, models = set(words.alone), set(words.models)
    for name in filter(None, map(_bare, compared)):
        (models if name.isalpha() else alone).add(name)
    versions = rf"(?:{_any(models - words.makers | {'mistral'})}){_SIZE}+"
    gpt = rf"gpt{_GAP}\d\w*{_SIZE}*"
    sure = rf"(?:{gpt}|{versions}|(?:{_any(alone)}){_SIZE}*)"
    possible = rf"(?:{_any(alone | models | words.makers)}|gpt){_SIZE}*"
    return tuple(re.compile(rf"(?<![^\W_])(?:{each})(?![^\W_])|(?:{_wide(alone)})") for each in (sure, possible))  # pyright: ignore[reportReturnType]


def _any(words: Iterable[str]) -> str:
    """A pattern for any of `words`, longest first, with any joint between their parts."""
    parts = (
        _GAP.join(map(re.escape, re.split(r"[\s\-_.]+", word))) for word in sorted(words, key=lambda w: (-len(w), w))
    )
    return "|".join(parts)


def _wide(words: Iterable[str]) -> str:
    """A pattern for those of `words` in scripts without spaces between words."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if ord(word[0]) > 0x2E80)


def _bare(model: str) -> str:
    """A model's name without the host's prefix and without its tag."""
    name = _folded(model)[0].rpartition("/")[2].partition(":")[0]
    return name if len(name) > 2 else ""


@cache
def _words() -> _Words:
    kinds = "alone", "models", "makers"
    named = {kind: {_folded(word)[0] for each in _lists() for word in each[kind]} for kind in kinds}
    for family in families():
        known = named["alone"] | named["models"] | named["makers"]
        for word, kind in ((family.name, "models"), (family.developer.text, "makers")):
            if _folded(word)[0] not in known:
                named[kind].add(_folded(word)[0])
    return _Words(*(frozenset(named[kind]) for kind in kinds))


@cache
def _lists() -> tuple[dict[str, Any], ...]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return tuple(cast(list[dict[str, Any]], tomllib.loads(text)["list"]))


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` normalised for comparison (lower case, narrow forms, no invisible characters or emphasis), and for each
    character of that its place in `text`."""
    if text.isascii():
        kept = [n for n, character in enumerate(text) if character not in _DROPPED]
        return "".join(text[n] for n in kept).lower(), kept
    letters, places = list[str](), list[int]()
    for place, character in enumerate(text):
        if character in _DROPPED or category(character) == "Cf":
            continue
        for letter in normalize("NFKC", character).lower():
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = list[tuple[int, int]]()
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
