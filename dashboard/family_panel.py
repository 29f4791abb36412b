"""The founding table as HTML of our own: whole sentences, with the source of each on hover. Pure.

Escapes every string. A fact that is too old is grey and says so in a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape

from dashboard.family_table import cited
from prompts import format as text_of
from providers.families import Fact, Family

_READS: Mapping[str, tuple[str, Callable[[Family], Fact | None]]] = {
    "Developer": ("Who makes it.", lambda f: f.developer),
    "Key strengths": ("As the source sums them up; your own measurements go before it.", lambda f: f.strengths),
    "Best for": ("What the source recommends it for.", lambda f: f.best_for),
    "Notable versions": ("Each is a row below that works, or says why it cannot.", lambda f: f.versions),
    "Where it runs": ("Hosted: the text goes to a provider. Local: it stays on your machine.", lambda f: f.runs),
}


def founding_html(families: Sequence[Family], chosen: str | None, on: date) -> str:
    """One row a family, in the given order; its name is a button that opens it."""
    heads = {"Family": "Select one to see its versions.", **{head: said for head, (said, _) in _READS.items()}}
    heads["Source"] = "Who says so, and as of when; marked old after 180 days. Hover a text for its own source."
    top = "".join(f'<th scope="col" title="{escape(said)}">{head}</th>' for head, said in heads.items())
    rows = "".join(_row(family, family.name == chosen, on) for family in families)
    return f'<table class="fam-table"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'


def _row(family: Family, chosen: bool, on: date) -> str:
    name = escape(family.name)
    pressed = "true" if chosen else "false"
    cells = "".join(_cell(head, read(family), on) for head, (_, read) in _READS.items())
    said = [fact for _, read in _READS.values() if (fact := read(family)) is not None]
    sources = "; ".join(dict.fromkeys(cited(fact, on) for fact in said))
    return (
        f'<tr><th scope="row"><button data-pick="{name}" aria-pressed="{pressed}">{name}</button></th>{cells}'
        f'<td data-label="Source" class="fam-source">{escape(sources)}</td></tr>'
    )


def _cell(head: str, fact: Fact | None, on: date) -> str:
    label = f'<td data-label="{head}"'
    if fact is None:
        return f'{label} class="fam-none" title="nothing on record">{text_of.UNKNOWN}</td>'
    old = fact.stale(on)
    mark = ' class="fam-old"' if old else ""
    return f'{label}{mark} title="{escape(cited(fact, on))}">{escape(fact.text)}{" (old)" if old else ""}</td>'
