"""What answers agree on, as HTML: conflicts first, each statement with who says it. Pure; escapes every string."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prompts.analysis.agreement.agreement import LEVELS, Agreement, Level, Statement, level_of
from prompts.analysis.agreement.compare import SAME
from prompts.analysis.agreement.conflicts import Conflict
from prompts.analysis.agreement.facts import KINDS, Fact, FactKind
from prompts.analysis.agreement.parse import LONGEST, Sentence
from prompts.core import format as text_of
from prompts.core.printable import escape

_AT_ONCE = 8
"""Rows of a part that are shown at once; the rest is folded."""
_HOW = (
    "Nothing here is understood, and no model is asked: words are compared. Two sentences, or parts of them, count as "
    f"one statement when they share at least {text_of.share(SAME)} of their words, of which rare ones count more, and "
    "nothing that decides differs: a number, date, version, name, “not”, or a word that excludes another (safe, "
    "unsafe; rises, falls). Where exactly one of these differs, and it is clear that both speak of the same thing, "
    "they are in conflict; rounded and hedged values, examples and answers that say both never are. Words that are not "
    "in all of the answers are underlined. Other words for the same thing are not recognised: what is like something "
    "in another answer, but not like enough, is listed apart. Headings, code, tables and questions do not count as "
    "statements. Agreeing is not being right: models can share a mistake."
)
_LEVELS: dict[Level, tuple[str, str]] = {
    "all": ("Worded alike by all", "Every answer has a sentence with nearly the same words and the same values."),
    "most": ("Worded alike by most", "In more than half of the answers, not in all."),
    "some": ("Worded alike by some", "In two answers or more, but in no more than half."),
    "one": ("Said by one only", "No other answer has a sentence like it."),
    "unsure": ("Perhaps said in other words", "Another answer has a sentence that shares words, but not enough."),
}
_KINDS: dict[FactKind, str] = {"date": "Dates", "number": "Numbers", "name": "Names"}


@dataclass(frozen=True, slots=True)
class Author:
    """The name of an answer: a short one for chips, and the full one."""

    short: str
    full: str
    asked: str = ""
    """The short name that all repeats of a model share; empty if it was asked once."""

    @property
    def chip(self) -> str:
        """The short name as HTML, with the full one as tooltip."""
        return _chip(self.short, self.full)


def _chip(short: str, full: str) -> str:
    return f'<span class="agree-chip" title="{escape(full)}">{escape(short)}</span>'


def agreement_html(found: Agreement, people: Sequence[Author]) -> str:
    """The whole comparison as HTML. `people`: the name of each answer, by its number."""
    parts = [_part("In conflict", "The same words around different values.", _conflicts(found, people), "conflict")]
    for level in ("all", "most", "some"):
        rows = [_statement(each, people, chips=level != "all") for each in found.at(level)]
        parts.append(_part(*_titled(level, found.answers), rows, level))
    parts += [_only("one", found, people), _facts(found, people), _only("unsure", found, people)]
    return f'<div class="agree">{_summary(found, people)}{"".join(parts)}</div>'


def summary(found: Agreement) -> str:
    """One line: "5 answers. 3 statements in conflict. Worded alike by all: 7. Mentioned by all: 4 key facts."."""
    shared = sum(len(fact.mentions) == found.answers for fact in found.facts)
    everyone = "both" if found.answers == 2 else "all"
    return (
        f"{_number(found.answers, 'answer')}. {_number(len(found.conflicts), 'statement')} in conflict. "
        f"Worded alike by {everyone}: {text_of.count(len(found.at('all')))}. "
        f"Mentioned by {everyone}: {_number(shared, 'key fact')}."
    )


def _summary(found: Agreement, people: Sequence[Author]) -> str:
    notes: list[str] = []
    if not found.conflicts and not found.at("all") and not found.at("most"):
        notes.append("Models seldom use the same sentences. The key facts below show more.")
    if found.shortened:
        names = ", ".join(people[n].full for n in found.shortened)
        notes.append(f"Very long, read only in part (up to {text_of.count(LONGEST)} characters): {names}.")
    said = "".join(f'<p class="muted">{escape(note)}</p>' for note in notes)
    how = f'<summary title="{escape(_HOW)}">How this is found</summary><p>{escape(_HOW)}</p>'
    return f'<p class="agree-summary">{escape(summary(found))}</p>{said}<details class="agree-how">{how}</details>'


def _titled(level: Level, answers: int) -> tuple[str, str]:
    title, meaning = _LEVELS[level]
    return (title.replace("all", "both") if level == "all" and answers == 2 else title), meaning


def _part(title: str, meaning: str, rows: Sequence[str], name: str) -> str:
    """A list with a heading; rows beyond `_AT_ONCE` are folded. Empty if there are no rows."""
    if not rows:
        return ""
    more = "".join(rows[_AT_ONCE:])
    rest = len(rows) - _AT_ONCE
    folded = (
        f'<details class="agree-more"><summary>{text_of.count(rest)} more</summary>{more}</details>' if more else ""
    )
    return (
        f'<section class="agree-part" data-part="{name}"><h3 title="{escape(meaning)}">{title} '
        f'<span class="agree-count">{text_of.count(len(rows))}</span></h3>{"".join(rows[:_AT_ONCE])}{folded}</section>'
    )


def _conflicts(found: Agreement, people: Sequence[Author]) -> list[str]:
    return [_conflict(conflict, people) for conflict in found.conflicts]


def _conflict(conflict: Conflict, people: Sequence[Author]) -> str:
    labels = {"yes": "said", "no": "denied"} if conflict.kind == "negation" else {}
    sides = "".join(
        f'<span class="agree-side"><mark>{escape(labels.get(side.value, side.value))}</mark> '
        f"{_chips(side.sentences, people)}</span>"
        for side in conflict.sides
    )
    told = [each for side in conflict.sides for each in side.sentences]
    marked = {id(each): _marked(each, conflict.places(each), "mark") for each in told}
    most = conflict.sides[0]
    alike = [
        each for each in most.sentences if any(each.whole[a:b] == most.value for a, b in conflict.places(each))
    ] or most.sentences
    first = _whole(_clearest(alike), marked)
    return _fold(
        f'<span class="agree-text">{first}</span><span class="agree-sides">{sides}</span>',
        _quotes(told, people, marked),
    )


def _statement(statement: Statement, people: Sequence[Author], *, chips: bool) -> str:
    marked = {id(each): _marked(each, statement.differing(each), "u") for each in statement.sentences}
    text = f'<span class="agree-text">{_whole(_clearest(statement.sentences), marked)}</span>'
    who = f'<span class="agree-sides">{_chips(statement.sentences, people)}</span>' if chips else ""
    return _fold(text + who, _quotes(statement.sentences, people, marked))


def _fold(summary: str, inside: str) -> str:
    return f'<details class="agree-item"><summary><span class="agree-row">{summary}</span></summary>{inside}</details>'


def _chips(sentences: Iterable[Sentence], people: Sequence[Author]) -> str:
    """A chip for each answer that says it; the repeats of a model share one: "gpt 5/6"."""
    by = [people[sentence.answer] for sentence in sentences]
    chips: dict[str, str] = {}
    for who in by:
        if not who.asked:
            chips[who.full] = who.chip
        elif who.asked not in chips:
            saying = [each for each in by if each.asked == who.asked]
            of = sum(each.asked == who.asked for each in people)
            chips[who.asked] = _chip(f"{who.asked} {len(saying)}/{of}", ", ".join(each.full for each in saying))
    return " ".join(chips.values())


def _quotes(sentences: Iterable[Sentence], people: Sequence[Author], marked: Mapping[int, str]) -> str:
    rows = (f"<li>{people[each.answer].chip} <q>{_in_its_sentence(each, marked)}</q></li>" for each in sentences)
    return f'<ul class="agree-quotes">{"".join(rows)}</ul>'


def _clearest(sentences: Sequence[Sentence]) -> Sentence:
    """The first sentence that stands by itself (whole, and without a "this" or "it"), otherwise the first."""
    return next((each for each in sentences if not each.part_of and not each.points), sentences[0])


def _whole(sentence: Sentence, marked: Mapping[int, str]) -> str:
    """A part of a sentence, with "…" for what is left out and the whole sentence as tooltip."""
    before, after = _around(sentence)
    text = ("… " if before else "") + marked[id(sentence)] + (" …" if after else "")
    return f'<span title="{escape(sentence.whole)}">{text}</span>' if before or after else text


def _in_its_sentence(sentence: Sentence, marked: Mapping[int, str]) -> str:
    """A part of a sentence, with the rest of the sentence in grey."""
    before, after = (f'<span class="muted">{escape(rest)}</span>' if rest else "" for rest in _around(sentence))
    return before + marked[id(sentence)] + after


def _around(sentence: Sentence) -> tuple[str, str]:
    """What comes before and after a part in its sentence; a mere punctuation mark after it does not count."""
    before, after = sentence.whole[: sentence.start], sentence.whole[sentence.end :]
    return before, after if any(map(str.isalnum, after)) else ""


def _marked(sentence: Sentence, places: Iterable[tuple[int, int]], tag: str) -> str:
    """The sentence as HTML, with the passages at `places` in a tag."""
    html, start = "", sentence.start
    for begin, end in places:
        html += f"{escape(sentence.whole[start:begin])}<{tag}>{escape(sentence.whole[begin:end])}</{tag}>"
        start = end
    return html + escape(sentence.whole[start : sentence.end])


def _only(level: Level, found: Agreement, people: Sequence[Author]) -> str:
    """Statements of a level that belong to one answer each, folded by answer."""
    rows: list[str] = []
    for number, who in enumerate(people):
        alone = [each.sentences[0] for each in found.at(level) if each.sentences[0].answer == number]
        if alone:
            said = "".join(f"<li>{_whole(each, {id(each): escape(each.text)})}</li>" for each in alone)
            count = f'{who.chip} <span class="muted">{_number(len(alone), "statement")}</span>'
            rows.append(_fold(count, f'<ul class="agree-quotes">{said}</ul>'))
    if not rows:
        return ""
    title, meaning = _LEVELS[level]
    total = text_of.count(len(found.at(level)))
    return (
        f'<section class="agree-part" data-part="{level}"><h3 title="{escape(meaning)}">{title} '
        f'<span class="agree-count">{total}</span></h3>{"".join(rows)}</section>'
    )


def _facts(found: Agreement, people: Sequence[Author]) -> str:
    """Dates, numbers and names, grouped by how many answers mention them; those in one answer only are folded."""
    if not found.facts:
        return ""
    disputed = {
        value.key
        for conflict in found.conflicts
        for side in conflict.sides
        for sentence in side.sentences
        for value in sentence.values
        if (value.start, value.end) in conflict.places(sentence)
    }
    levels: list[tuple[Level, list[Fact]]] = [
        (level, [f for f in found.facts if level_of(len(f.mentions), found.answers) == level]) for level in LEVELS
    ]
    rows = "".join(_fact_level(level, facts, found.answers, people, disputed) for level, facts in levels if facts)
    names = "" if found.names_read else '<p class="muted">Names are not listed: these texts capitalise every noun.</p>'
    meaning = "Numbers, dates and names, wherever they are, tables included. Hover one for who mentions it."
    return f'<section class="agree-part" data-part="facts"><h3 title="{meaning}">Key facts</h3>{names}{rows}</section>'


def _fact_level(
    level: Level, facts: Sequence[Fact], answers: int, people: Sequence[Author], disputed: set[str]
) -> str:  # fmt: skip
    kinds = "".join(
        f"<dt>{_KINDS[kind]}</dt><dd>{' '.join(_fact(f, answers, people, f.key in disputed) for f in chosen)}</dd>"
        for kind in KINDS
        if (chosen := [fact for fact in facts if fact.kind == kind])
    )
    title = _titled(level, answers)[0].replace("Worded alike", "Mentioned").replace("Said", "Mentioned")
    listed = f'<dl class="agree-facts">{kinds}</dl>'
    if level == "one":
        return f'<details class="agree-more"><summary>{title} ({text_of.count(len(facts))})</summary>{listed}</details>'
    return f'<h4 class="agree-level">{title}</h4>{listed}'


def _fact(fact: Fact, answers: int, people: Sequence[Author], disputed: bool) -> str:
    by = [each.answer for each in fact.mentions]
    silent = [who.full for number, who in enumerate(people) if number not in by]
    hover = f"Mentioned by {', '.join(people[number].full for number in by)}."
    hover += f" Not by {', '.join(silent)}." if silent else ""
    hover += " In conflict, see above." if disputed else ""
    share = f' <span class="agree-share">{len(by)}/{answers}</span>' if 1 < len(by) < answers else ""
    mark = " agree-disputed" if disputed else ""
    return f'<span class="agree-fact{mark}" tabindex="0" title="{escape(hover)}">{escape(fact.text)}{share}</span>'


def _number(count: int, what: str) -> str:
    return f"{text_of.count(count)} {what}{'' if count == 1 else 's'}"
