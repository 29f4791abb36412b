"""Content words: what is left of a sentence for comparing it, and what a "not" or a "than" turns round.

Owns the light stemming: the endings -s, -es, -ed, -ing, -ly and a last -e are cut, no more. Scripts that put no
space between words are read as overlapping pairs of characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_UNSPACED_NOT = re.compile("[不没沒未無]|ない|ません")
_ENDINGS = (("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))
_SHORTEST_STEM = 3

FUNCTION_WORDS = frozenset(
    """a an the this that these those it its itself they them their theirs he him his she her hers we us our you your i
    me my who whom whose which what there here is are was were be been being am has have had having do does did doing
    done will would shall should can could may might must of in on at by for from to into onto with within as about
    over under between among during since until till through and or but so because while when where if then also too
    very just quite rather such both each however therefore thus moreover furthermore additionally well still even
    approximately roughly around nearly almost circa some any other another own same up down out off again s t
    der die das den dem des ein eine einer einem einen und oder aber ist sind war waren wird werden wurde wurden im am
    zum zur mit von vom für auf aus bei nach sich es er sie wir ihr
    le la les un une du de et ou mais est sont était étaient dans sur avec pour par en au aux ce cette ces il elle ils
    elles se sa son ses qui que el los las lo y o pero es son fue fueron con por para al su sus una uno del
    il gli e ma è sono era erano di da nel nella che si het een en maar zijn werd werden van met voor op aan
    """.split()
)
"""Small words that carry no content, of a few languages; a language that is missing here is compared by all words."""

_NEGATORS = frozenset(
    """not no never none neither nor without cannot nicht kein keine keinen keiner keinem nie niemals ohne pas jamais
    aucun aucune nunca ningún ninguna sin non niet geen не нет никогда ليس لا""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One content word: its stem, and where it begins."""

    stem: str
    start: int


@dataclass(frozen=True, slots=True)
class Content:
    """The content words of one sentence."""

    words: tuple[Word, ...]
    denied: frozenset[str]
    """The words that a negation stands before; `""` where there is none after it."""

    @property
    def stems(self) -> frozenset[str]:
        """The distinct words."""
        return frozenset(word.stem for word in self.words)


def content(sentence: str) -> Content:
    """The content words of `sentence`. What stands after "than" counts as other words than what stands before."""
    words: list[Word] = []
    denied: set[str] = set()
    pending = compared = False
    for token in _TOKEN.finditer(sentence):
        word = token[0].casefold().replace("’", "'")
        if word in _NEGATORS or word.endswith("n't"):
            pending = not sentence.startswith(" only", token.end())
        elif word == "than":
            compared = True
        elif word not in FUNCTION_WORDS and (stems := _stems(word.removesuffix("'s"), whole=token[0].isupper())):
            if pending:
                denied.add(stems[0])
                pending = False
            words += [Word(f"> {each}" if compared else each, token.start()) for each in stems]
    if pending:
        denied.add("")
    if not sentence.isascii():
        denied.update(each[0] for each in _UNSPACED_NOT.finditer(sentence))
    return Content(tuple(words), frozenset(denied))


def _stems(word: str, *, whole: bool) -> list[str]:
    """Words in capitals are kept `whole`: HTTPS is not HTTP."""
    if not word.isascii() and _UNSPACED.search(word):
        return [word[n : n + 2] for n in range(len(word) - 1)]
    return [word if whole and len(word) > 2 else stem(word)]


def stem(word: str) -> str:
    """`word` without its ending: `completed` and `completes` are `complet`, `classes` and `class` are `class`."""
    if not word.endswith("ss"):
        for ending, instead in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                word = word[: -len(ending)] + instead
                break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST_STEM else word


NUMBERS = frozenset(
    stem(word)
    for word in """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    once twice half double triple first second third fourth fifth zwei drei vier fünf sechs sieben
    acht neun zehn elf zwölf zwanzig hundert tausend deux trois quatre cinq sept huit neuf dix onze
    douze vingt cent mille dos tres cuatro cinco seis siete ocho nueve diez once doce veinte cien due
    tre quattro cinque sei sette otto nove dieci""".split()
)
"""The stems of numbers in words, of a few languages."""
OPPOSITES = tuple(
    frozenset(map(stem, pair.split("/")))
    for pair in """more/less most/least higher/lower highest/lowest high/low larger/smaller largest/smallest
    faster/slower fast/slow fastest/slowest increase/decrease before/after above/below true/false always/rarely
    good/bad better/worse best/worst advantage/disadvantage mutable/immutable possible/impossible legal/illegal hot/cold
    strong/weak long/short longer/shorter easy/hard easier/harder cheaper/costlier all/some first/last start/end
    begin/end minimum/maximum left/right north/south east/west old/new positive/negative input/output""".split()
)
"""The stems of words of which one denies the other."""
