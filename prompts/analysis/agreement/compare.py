"""Whether two sentences of two answers say the same, contradict each other, or speak of different things.

Errs on the side of caution: a false conflict is worse than a missed one. Sentences that share enough of their words
(weighted: rare words count more) say the same, unless something decisive differs: a value, a word of a scale ("rises",
"falls"), a denial, a name, or what distinguishes similar sentences within one answer. They contradict each other if
exactly one of the first three differs; where more differs they speak of two things.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from prompts.analysis.agreement import lexicon
from prompts.analysis.agreement.held import Held, hold
from prompts.analysis.agreement.items import Item
from prompts.analysis.agreement.vocabulary import Vocabulary
from prompts.analysis.agreement.words import POLES, SCALES, stems

LIKE = 0.33
"""Likeness from which one sentence may say the other in other words. Likeness is the weighted Sørensen-Dice
coefficient, 0 to 1: twice the weight of what both share, divided by the weight of all that both hold."""
SAME = 0.5
"""Likeness from which two sentences say the same; with few words in common `SAME_FEW` is needed."""
SAME_FEW = 0.75
CONFLICT = 0.55
SUBJECT = 0.8
"""Likeness from which the first nouns may differ."""
FEW = 2
"""So many words and values in common count as few."""
_ARTICLES = lexicon.words("articles")
_AGAIN, _PERHAPS_AGAIN, _RESULTS = stems("again"), stems("perhaps_again"), stems("results")

Relation = Literal["same", "conflict", "apart"]
Kind = Literal["number", "date", "word", "negation"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two items that share much, with what they share and where they differ."""

    one: Item
    other: Item
    shared: frozenset[str]
    only_one: frozenset[str]
    only_other: frozenset[str]
    meant: frozenset[str]
    """Words of one that the other refers to by "it", or omits because they stand before it in its own text."""
    held: Held
    opposites: tuple[tuple[str, str], ...]
    """Pairs (word of `one`, word of `other`) that exclude each other."""
    likeness: float
    relation: Relation = "apart"

    @property
    def common(self) -> int:
        """The number of words and values in common."""
        return len(self.shared) + self.held.equal

    @property
    def rank(self) -> float:
        """Sort key, best highest: `likeness`, reduced where few words are shared, so that longer matches win ties."""
        return self.likeness * (1 - 0.5 / (1 + self.common))

    @property
    def kind(self) -> Kind:
        """The kind of conflict, if this is one."""
        if self.held.clashing:
            return "date" if self.held.clashing[0][0].kind == "date" else "number"
        return "word" if self.opposites else "negation"


def compare(one: Item, other: Item, vocabulary: Vocabulary) -> Match | None:
    """How the two relate; `None` if they share too little."""
    shared = one.words & other.words
    weight = vocabulary.weight(shared)
    only_one, only_other = one.words - shared, other.words - shared
    meant = (only_other & one.before).intersection(other.lead) | (only_one & other.before).intersection(one.lead)
    most = 2 * (weight + vocabulary.rarest * min(len(one.sentence.values), len(other.sentence.values)))
    least = one.weight + other.weight - 2 * weight - vocabulary.weight(meant) - 2 * vocabulary.rarest
    if most < LIKE * (most + least):  # a cheap upper bound, as opposites lower no likeness
        return None
    only_one, only_other = only_one - meant, only_other - meant
    held = hold(one.sentence, other.sentence)
    opposites = _opposites(one, other, only_one, only_other, vocabulary)
    unlike = vocabulary.weight((only_one | only_other).difference(*opposites))
    alike = 2 * (weight + held.equal * vocabulary.rarest)
    likeness = alike / (alike + unlike) if alike else 0.0
    if likeness < LIKE or (len(shared) + held.equal < FEW and likeness < SAME_FEW):
        return None
    match = Match(one, other, shared, only_one, only_other, meant, held, opposites, likeness)
    return replace(match, relation=_relation(match))


def _opposites(
    one: Item, other: Item, only_one: frozenset[str], only_other: frozenset[str], vocabulary: Vocabulary
) -> tuple[tuple[str, str], ...]:
    """Words that exclude each other, after the same word or in place of each other;
    `unsafe` also opposes a shared `safe`."""
    found = [
        (mine, theirs)
        for context, mine in one.poles
        for their_context, theirs in other.poles
        if context == their_context and theirs in vocabulary.opposites(mine)
    ]
    scales = {POLES[mine][:2] for mine, _ in found}
    for mine in only_one & vocabulary.opposed:
        against = vocabulary.opposites(mine) & (only_other if mine in POLES else other.words)
        if mine not in POLES or POLES[mine][:2] not in scales:
            found += [(mine, theirs) for theirs in against]
    for theirs in (only_other & vocabulary.opposed) - POLES.keys():
        found += [(mine, theirs) for mine in vocabulary.opposites(theirs) & one.words - only_one]
    return tuple(found)


def _relation(match: Match) -> Relation:
    if _are_of_two_things(match):
        return "apart"
    denied = len(match.one.sentence.denials) != len(match.other.sentence.denials)
    differences = len(match.held.clashing) + len(match.opposites) + denied
    if not differences and _is_same(match):
        return "same"
    return "conflict" if differences == 1 and _may_contradict(match) else "apart"


def _are_of_two_things(match: Match) -> bool:
    """Whether a name, a subject or a distinguishing word shows two different things, or values cannot be weighed."""
    one, other, held = match.one, match.other, match.held
    named, their_named = one.names & match.only_one, other.names & match.only_other
    if (named and (their_named or other.sentence.points)) or (their_named and one.sentence.points):
        return True
    if one.subject in one.names_heard - other.names_heard and other.subject in other.names_heard - one.names_heard:
        return True
    if any(keys <= match.only_one for keys in one.keys) or any(keys <= match.only_other for keys in other.keys):
        return True
    if match.likeness < SUBJECT and not _share_a_fact(match) and not _begin_alike(match) and _has_article(match):
        return True
    if held.near or (held.extra and not held.equal and not held.clashing):
        return True
    if len(one.sentence.denials) == len(other.sentence.denials):
        return False
    return not (one.denied & (other.words - other.denied) or other.denied & (one.words - one.denied))


def _share_a_fact(match: Match) -> bool:
    """Whether they share a value and several words, so that an opening such as "In principle" tells nothing."""
    return bool(match.held.equal) and match.common > FEW + 1


def _begin_alike(match: Match) -> bool:
    return match.one.lead[0] not in match.only_one or match.other.lead[0] not in match.only_other


def _has_article(match: Match) -> bool:
    """Whether either sentence begins with an article, and so with a noun."""
    return any(it.sentence.text.split(maxsplit=1)[0].lower() in _ARTICLES for it in (match.one, match.other))


def _is_same(match: Match) -> bool:
    if match.likeness < SAME or match.common < FEW:
        return False
    keys, their_keys = ({value.key for value in it.sentence.values} for it in (match.one, match.other))
    if match.shared <= match.one.names | match.other.names and not keys & their_keys:
        return False  # they only name the same thing, and have nothing in common that they say about it
    if match.common > FEW or match.likeness >= SAME_FEW:
        return True
    named = match.one.names | match.other.names
    if keys & their_keys and not (match.only_one and match.only_other) and match.shared - named:
        return True  # one says everything the other says, and more
    return bool(match.only_one and match.only_other) and _begin_alike(match)


def _may_contradict(match: Match) -> bool:
    """Whether the one difference surely concerns the same thing and both cannot be true."""
    one, other = match.one, match.other
    about = len(match.shared) + len(match.meant) + bool(one.before & other.before or match.shared & _RESULTS)
    if match.likeness < CONFLICT or about < FEW or one.says_both or other.says_both:
        return False
    if one.sentence.supposes or other.sentence.supposes or match.held.extra:
        return False
    if not (_is_subject_known(match) and _begin_alike(match)):
        return False
    heard, their_heard = one.names_heard - other.words, other.names_heard - one.words
    if heard - their_heard and their_heard - heard and not match.shared & one.names & {one.lead[0], other.lead[0]}:
        return False
    if match.kind == "word":
        mine, theirs = match.opposites[0]
        ends = one.sentence.words[-1].stem == mine and other.sentence.words[-1].stem == theirs
        return mine in SCALES or mine not in POLES or (ends and match.likeness == 1)
    if match.kind == "negation":
        return not (match.only_one and match.only_other) or match.likeness >= SAME_FEW
    unshared = match.only_one | match.only_other
    again = (one.words | other.words) & (_AGAIN | _PERHAPS_AGAIN if unshared else _AGAIN)
    return not (unshared & POLES.keys() or (match.kind == "date" and again) or _identify(match))


def _is_subject_known(match: Match) -> bool:
    """Whether both are about the same subject;
    a leading "it" in both first sentences presumably means the question's."""
    one, other = match.one, match.other
    if (one.before or other.before) and one.subject != other.subject:
        return one.subject in other.words | other.before or other.subject in one.words | one.before
    if all(it.before or not it.sentence.points for it in (one, other)):
        return True
    return one.sentence.number == other.sentence.number == 0 and len(match.shared) > FEW


def _identify(match: Match) -> bool:
    """Whether the clashing numbers only identify which thing is meant, as in "a 301 redirect"."""
    values = match.held.clashing[0]
    ends = zip((match.one.sentence, match.other.sentence), values, strict=True)
    leads = not any(word.start < value.start for each, value in ends for word in each.words)
    return leads and values[0].kind == "number" and not values[0].unit
