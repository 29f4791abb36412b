"""Which word of a sentence is surely a finite verb, and which are its subject: enough to cut a sentence in clauses.

Owns the word lists. A word that may also be a noun or an adjective ("sets", "limited") is a verb only before what
follows verbs; one that is not known is none, and the sentence stays whole. English; of German, French and Spanish only
the commonest verbs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Token(NamedTuple):
    """A word, a number or a mark that matters for clauses; `word` in lower case."""

    word: str
    raw: str
    start: int
    end: int


_TOKEN = re.compile(r"[$€£¥]?\d[\d.,]*\d|[$€£¥]?\d|[^\W\d_][\w'’-]*(?:\.(?=[^\W\d_]\.))*|[,;:()\[\]\"“”„«»—–$€£]")


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


AUXILIARIES = _of(
    """is are was were has have had does did can could will would should must may might cannot isn't aren't wasn't
    weren't hasn't haven't hadn't doesn't didn't can't couldn't won't wouldn't ist sind war waren wurde wurden
    wird werden hat hatte hatten kann est sont fut était étaient es son fue fueron era"""
)
_SURE = AUXILIARIES | _of(
    """began became came fell won wrote made took gave grew held lost ran rose sold stood went saw met drew knew
    flew broke chose brought bought fought taught spent led died sank struck sang swam stole wore tore shook
    slept hid blew caught dealt drove ate drank fed forgot froze got heard lay meant paid rode sought sprang
    stuck swept threw woke absorbs adds allows appears asks avoids becomes begins belongs brings builds carries
    causes collects combines comes compiles connects consists contains continues converts creates defines
    delivers depends describes determines differs enables encourages ensures enters exists expands explains
    extends fails gains gets gives grows guarantees handles happens has helps holds identifies improves includes
    increases indicates inhibits introduces involves keeps lacks lets lowers maintains makes manages means needs
    occurs offers operates owns performs permits prevents produces protects proves provides publishes reaches
    receives reduces regulates relies remains removes represents requires runs saves sends separates serves
    shows solves stores suggests supports takes tells uses writes yields occur exist contain require consist
    belong depend include produce provide fiel fielen begann endete starb folgte eröffnete ersetzte kostete
    commença mourut naquit devint comenzó terminó murió nació empezó acabó cayó"""
)
_PARTICIPLES = _of(
    """built found founded written begun known born held made sold set put cut led sent lost left kept"""
)
_THIRD_PERSONS = _of(
    """runs works comes goes grows lives belongs depends consists applies travels boils freezes melts ends begins
    starts stands flows falls rises lies dates lasts weighs stays sits sleeps moves returns leads leans refers relies
    scales"""
)
_AFTER_VERBS = _of(
    """a an the no not its their his her our your my this these all any each every both many more most several some
    only about around roughly approximately up over under everything nothing anything one two three four five
    six seven eight nine ten it them him"""
)
PREPOSITIONS = _of(
    """in on at by from to into with within for between during since until after before as through under over near
    among against without across of along out off back"""
)
ADVERBS = _of(
    """first also then later now still never not only soon thus therefore often usually always currently finally
    eventually subsequently originally initially officially publicly formally"""
)
SUBORDINATORS = _of(
    """if when whenever although though because while whereas unless before after since as once until where how
    what who which that wenn als obwohl weil während da nachdem bevor si quand lorsque bien comme cuando aunque
    porque mientras"""
)
IMPERATIVES = _of(
    """mix add let bake use heat stir put place cook boil pour fold serve cut chop fry whisk beat combine knead
    roll sprinkle leave cover remove drain season preheat install run open create start check set make take
    choose click write call go keep try press select copy enter type save close restart update download import
    test measure move turn wait repeat"""
)
_NO_SUBJECTS = _of("there here let please note remember es il hay c'est")
_LONGEST_SUBJECT = 9


def tokens(text: str) -> list[Token]:
    """The words and marks of `text` in order."""
    return [Token(m[0].lower().replace("’", "'"), m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def is_verb(found: Sequence[Token], n: int) -> bool:
    """Whether the word at `n` is surely a finite verb, or a participle that stands for one."""
    word, raw = found[n].word, found[n].raw
    if word in _SURE or (word == "a" and found[n + 1 : n + 2] and found[n + 1].word == "été"):
        return raw[0].islower()
    if not raw.islower() or n + 1 >= len(found):
        return False
    after = found[n + 1]
    if after.word.endswith("ly"):
        return word.endswith(("ed", "s"))
    counted = after.raw[0].isdigit() or after.raw[0] in "$€£¥"
    if counted or after.word in _AFTER_VERBS:
        return word.endswith(("ed", "s")) and len(word) > 3 and not word.endswith(("ss", "us", "is"))
    if after.word in PREPOSITIONS:
        return is_participle(word) or word in _THIRD_PERSONS
    return word.endswith("ed") and len(word) > 4 and after.raw[0].isupper()


def is_participle(word: str) -> bool:
    """Whether `word` may also describe the noun before it: "a library, released in 2000"."""
    return (word.endswith("ed") and len(word) > 4) or word in _PARTICIPLES


def verb_after(found: Sequence[Token], n: int) -> int | None:
    """Where the verb stands that begins at `n`, adverbs before it skipped; `None` where none does."""
    while n < len(found) and (found[n].word in ADVERBS or found[n].word.endswith("ly")):
        n += 1
    return n if n < len(found) and is_verb(found, n) else None


def subject(found: Sequence[Token], start: int) -> tuple[int, int] | None:
    """The subject that begins at `start`, as the places of its first word and of the verb after it."""
    if start >= len(found) or found[start].word in SUBORDINATORS | _NO_SUBJECTS or not found[start].raw[0].isalnum():
        return None
    for n in range(start + 1, min(len(found), start + 1 + _LONGEST_SUBJECT)):
        word = found[n].word
        if word in SUBORDINATORS or not found[n].raw[0].isalnum():
            return None
        if word not in ADVERBS and is_verb(found, n):
            while n > start + 1 and (found[n - 1].word in ADVERBS or found[n - 1].word.endswith("ly")):
                n -= 1
            return start, n
    return None


def opening(found: Sequence[Token]) -> Iterator[int]:
    """Where a subject may begin: at the first word, or after the comma behind a few introducing words."""
    yield 0
    for n, token in enumerate(found[:_LONGEST_SUBJECT]):
        if token.word == ",":
            if n + 1 < len(found) and found[n + 1].word not in ("and", "but", "or"):
                yield n + 1
            return


def is_order(found: Sequence[Token], n: int) -> bool:
    """Whether the word at `n` tells the reader to do something to what follows: "bake each pancake"."""
    if n + 1 >= len(found) or found[n].word not in IMPERATIVES:
        return False
    if n == 0:
        return not is_verb(found, 1)  # "Go compiles quickly"
    return found[n + 1].word in _AFTER_VERBS or found[n + 1].raw[0].isdigit()
