"""Candidates as HTML cards, and what was measured here for the table of families. Pure.

Escapes every string. Evidence that is too old is grey and says so; what is not known says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from prompts.core import format as text_of
from prompts.core.printable import escape
from prompts.decide.candidate import Basis, Candidate
from prompts.decide.efficient import Standing
from prompts.decide.evidence import Evidence, dollars, evidence, share_shown, shown
from prompts.decide.shortlist import Excluded

PROBE, DECIDE = "probe:", "decide:"
"""Prefixes of the buttons' values; the candidate's name follows."""
_UNIT: Mapping[Basis, str] = {"checks": "case", "votes": "vote", "ratings": "run"}
_QUALITY: Mapping[Basis, str] = {"checks": "Passed", "votes": "Preferred", "ratings": "Called best"}


def cards_html(
    kept: Sequence[Candidate], standings: Sequence[Standing], basis: Basis, probes: Mapping[str, str], at: datetime
) -> str:  # fmt: skip
    """A card for each candidate. `probes`: by name, what a probe would take, for those that can be probed."""
    stands = {each.candidate.name: each for each in standings}
    return f'<div class="dec-cards">{"".join(_card(c, stands.get(c.name), basis, probes, at) for c in kept)}</div>'


def _card(
    each: Candidate, standing: Standing | None, basis: Basis, probes: Mapping[str, str], at: datetime
) -> str:  # fmt: skip
    name, family = escape(each.name), each.facts.family
    about = " · ".join(filter(None, (family.name if family else "", each.facts.where)))
    lines = evidence(each, at)
    said = "" if standing is None else f'<p class="{_standing_class(standing)}">{escape(standing.sentence)}</p>'
    if each.measured:
        act = f'<button data-pick="{DECIDE}{name}">Decide for this</button>'
    elif each.name in probes:
        act = f'<button data-pick="{PROBE}{name}">No evidence yet: {escape(probes[each.name])}</button>'
    else:
        why = each.facts.cannot_ask or "choose an experiment to take cases from"
        act = f'<span class="muted">No evidence yet: {escape(why)}</span>'
    return (
        f'<article class="dec-card"><header><h4>{name}</h4><span class="muted">{escape(about)}</span></header>'
        f"{_figures(each, basis)}{said}{_lines(lines, at.date())}<p>{act}</p></article>"
    )


def _figures(each: Candidate, basis: Basis) -> str:
    per_1000 = "no fee" if each.no_fee else shown(each.dollars, lambda v: dollars(1000 * v))
    month = "" if each.no_fee or each.a_month is None else f"{shown(each.a_month, dollars)} a month"
    figures = (
        (_QUALITY[basis], share_shown(each.quality), _n(each, basis)),
        ("Median time", shown(each.seconds, text_of.seconds), ""),
        ("1,000 requests", per_1000, month),
    )
    return '<dl class="dec-figures">' + "".join(
        f"<div><dt>{what}</dt><dd>{escape(value)}</dd><dd class='muted'>{escape(more)}</dd></div>"
        for what, value, more in figures
    ) + "</dl>"  # fmt: skip


def _n(each: Candidate, basis: Basis) -> str:
    if each.quality is None:
        return "not checked" if each.measured else "no evidence yet"
    return f"n = {text_of.number_of(each.quality.n, _UNIT[basis])}"


def _standing_class(standing: Standing) -> str:
    return "dec-beaten" if standing.beaten_by else "dec-efficient"


def _lines(lines: Sequence[Evidence], on: date) -> str:
    rows = "".join(_line(each, on) for each in lines)
    return (
        f"<details><summary>All {len(lines)} lines of evidence</summary><table><tbody>{rows}</tbody></table></details>"
    )


def _line(each: Evidence, on: date) -> str:
    old = each.old(on)
    age = f"{each.age(on)}{', old' if old else ''}"
    tag = " · ".join(filter(None, (each.tag, age)))
    return (
        f"<tr{' class=dec-old' if old else ''}><th scope='row'>{escape(each.what)}</th>"
        f"<td>{escape(each.value)}<span class='muted'>{escape(tag)}</span></td></tr>"
    )


def excluded_html(excluded: Sequence[Excluded]) -> str:
    """The candidates that are not on the shortlist, each with every must-have that it lacks."""
    items = "".join(
        f"<li><b>{escape(each.name)}</b> <span class='muted'>{escape('; '.join(each.reasons))}</span></li>"
        for each in excluded
    )
    return f'<ul class="dec-excluded">{items}</ul>'


def by_family(candidates: Sequence[Candidate], basis: Basis) -> Mapping[str, str]:
    """What was measured here, by the name of the family: a column for the table of families."""
    found: dict[str, list[str]] = {}
    for each in candidates:
        if each.measured and each.facts.family is not None:
            what = share_shown(each.quality) if each.quality else "asked, not checked"
            n = f", n = {each.quality.n}" if each.quality else ""
            found.setdefault(each.facts.family.name, []).append(f"{each.facts.model}: {what}{n}")
    return {name: f"{'; '.join(said)} ({_QUALITY[basis].lower()})" for name, said in found.items()}
