"""The table of model families, and the facts about versions, as HTML with their sources. Pure.

Escapes every string. A fact that is too old is grey and marked as old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from dashboard.models.table import Said, cited
from prompts.core import format as text_of
from prompts.core.printable import escape
from providers.catalogue.families import Fact, Family

_READS: Mapping[str, tuple[str, Callable[[Family], Fact | None]]] = {
    "Developer": ("Who makes it.", lambda f: f.developer),
    "Key strengths": ("As the source sums them up; your own measurements count more.", lambda f: f.strengths),
    "Best for": ("What the source recommends it for.", lambda f: f.best_for),
    "Notable versions": ("Each is a row below that can be asked, or says why not.", lambda f: f.versions),
    "Where it runs": ("Hosted: the text goes to a provider. Local: it stays on your machine.", lambda f: f.runs),
}


def founding_html(families: Sequence[Family], on: date, measured: Mapping[str, str] | None = None) -> str:
    """A row per family, in the given order. `measured`: what was measured of its models for a task, by family name."""
    heads = {"Family": "Facts that apply to many models.", **{head: said for head, (said, _) in _READS.items()}}
    if measured is not None:
        heads["Our evidence"] = "What was measured here for this task, and over how many cases."
    heads["Source"] = "Who says so, and as of when; marked old after 180 days. Hover a text for its own source."
    top = "".join(f'<th scope="col" title="{escape(said)}">{head}</th>' for head, said in heads.items())
    rows = "".join(_row(family, on, measured) for family in families)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="fam-scroll" tabindex="0">{table}</div>'


def facts_html(said: Sequence[Said]) -> str:
    """A row per fact, in the given order; a model's name is shown only at its first fact."""
    top = "".join(f'<th scope="col">{head}</th>' for head in ("Model", "Fact", "Value", "Source", "As of"))
    rows, before = "", ""
    for fact in said:
        name, before = "" if fact.model == before else escape(fact.model), fact.model
        cells = "".join(f"<td>{escape(text)}</td>" for text in (fact.what, fact.value, fact.source, fact.as_of))
        mark = ' class="fam-old"' if fact.old else ""
        rows += f'<tr{mark}><th scope="row">{name}</th>{cells}</tr>'
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="fam-scroll" tabindex="0">{table}</div>'


def _row(family: Family, on: date, measured: Mapping[str, str] | None) -> str:
    cells = "".join(_cell(read(family), on) for _, read in _READS.values())
    if measured is not None:
        cells += f"<td>{escape(measured.get(family.name, 'no evidence yet'))}</td>"
    said = [fact for _, read in _READS.values() if (fact := read(family)) is not None]
    sources = escape("; ".join(dict.fromkeys(cited(fact, on) for fact in said)))
    return f'<tr><th scope="row">{escape(family.name)}</th>{cells}<td class="fam-source">{sources}</td></tr>'


def _cell(fact: Fact | None, on: date) -> str:
    if fact is None:
        return f'<td class="fam-none" title="nothing on record">{text_of.UNKNOWN}</td>'
    text, said = escape(fact.text), escape(cited(fact, on))
    return (
        f'<td class="fam-old" title="{said}">{text} (old)</td>' if fact.stale(on) else f'<td title="{said}">{text}</td>'
    )
