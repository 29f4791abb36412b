"""A decision as HTML: what was chosen, why, and the evidence as it was at the time. Pure; escapes every string."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.core.decision import Decision
from prompts.core.printable import escape


def decision_html(decision: Decision) -> str:
    """The chosen model's evidence, all models that were considered, and links to the experiments."""
    known = decision.evidence
    because = f"<p>{escape(decision.because)}</p>" if decision.because else ""
    said = "".join(f"<li>{escape(each)}</li>" for each in (*known.sentences, *filter(None, (known.second,))))
    conditions = "; ".join(filter(None, (
        f"must have: {', '.join(known.must)}" if known.must else "",
        f"weights: {known.weights}" if known.weights else "",
        f"{known.per_day:,} requests a day" if known.per_day else "",
    )))  # fmt: skip
    return (
        f'<div class="dec-decision">{because}<p class="muted">{escape(conditions)}</p>{_experiments(decision)}'
        f"<ul>{said}</ul>{_models(decision)}{_lines(decision)}</div>"
    )


def _experiments(decision: Decision) -> str:
    links = ", ".join(
        f'<a data-follow href="./experiments?experiment={escape(each.id)}">{escape(each.name)}</a> '
        f"({each.answers:,} answers then)"
        for each in decision.evidence.experiments
    )
    return f"<p>Evidence: {links or 'no experiment'}</p>"


def _models(decision: Decision) -> str:
    rows = [
        (each.name, each.quality, each.time, each.cost, each.standing) for each in decision.evidence.models
    ]  # fmt: skip
    return _table(("Considered", "Quality", "Median time", "1,000 requests", "Standing"), rows) if rows else ""


def _lines(decision: Decision) -> str:
    rows = [(each.what, each.value, each.tag) for each in decision.evidence.lines]
    head = f"<summary>What was known of {escape(decision.chosen)}</summary>"
    return f"<details>{head}{_table(('Line', 'Value', 'Who says so'), rows)}</details>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(each)}</td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="fam-scroll" tabindex="0">{table}</div>'
