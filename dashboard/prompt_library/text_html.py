"""Prompts as HTML: the list, a text with its holes in colour, and two versions side by side. Pure.

Every text was written by people, and is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prompts.analysis.diff import difference
from prompts.core.presets import settings_json
from prompts.core.printable import escape
from prompts.experiments.holes import parts
from prompts.experiments.library.prompt import Prompt, Version

_COLOURS = 5


def list_html(versions: Sequence[Version], chosen: str | None) -> str:
    """A button for each prompt, whose value is the prompt's key."""
    rows = "".join(
        f'<li><button data-pick="{escape(version.key)}" aria-pressed="{str(version.key == chosen).lower()}">'
        f"<strong>{escape(version.prompt.name)}</strong>"
        f"<small>{escape(version.prompt.task)}{_whose(version)}</small></button></li>"
        for version in versions
    )
    return f'<ul class="prompt-list">{rows}</ul>'


def _whose(version: Version) -> str:
    return f" · yours, version {version.number}" if version.own else ""


def prompt_html(prompt: Prompt, values: Mapping[str, str] | None = None) -> str:
    """System prompt and prompt with their holes in colour, filled as far as `values` has values."""
    colours = {name: n % _COLOURS for n, name in enumerate(prompt.holes)}
    names = "".join(_mark(f"{{{{{name}}}}}", name, colours) for name in prompt.holes) if values else ""
    key = f'<p class="prompt-key">{names}</p>' if names else ""
    system = "" if prompt.system is None else _part("System prompt", _coloured(prompt.system, colours, values))
    return f"{key}{system}{_part('Prompt', _coloured(prompt.prompt, colours, values))}"


def _coloured(text: str, colours: Mapping[str, int], values: Mapping[str, str] | None) -> str:
    return "".join(
        escape(part.text) if part.hole is None else _mark((values or {}).get(part.hole, part.text), part.hole, colours)
        for part in parts(text)
    )


def _mark(text: str, hole: str, colours: Mapping[str, int]) -> str:
    name = escape(hole)
    return f'<mark class="hole" data-colour="{colours[hole]}" title="{name}">{escape(text)}</mark>'


def _part(title: str, html: str) -> str:
    return f'<div class="prompt-part"><h4>{title}</h4><pre tabindex="0">{html}</pre></div>'


def versions_html(old: Version, new: Version) -> str:
    """Every part that differs, `old` on the left and `new` on the right; a sentence if nothing does."""
    before, after = _texts(old.prompt), _texts(new.prompt)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return f'<p class="muted">{escape(old.reference)} and {escape(new.reference)} have the same text.</p>'
    heads = [escape(old.reference), escape(new.reference)]
    return "".join(_two(name, heads, before[name], after[name]) for name in changed)


def _two(name: str, heads: Sequence[str], before: str, after: str) -> str:
    pieces = difference(before, after).pieces
    columns = [
        "".join(_piece(piece.kind, piece.text) for piece in pieces if piece.kind in kinds)
        for kinds in (("kept", "deleted"), ("kept", "inserted"))
    ]
    sides = "".join(_part(f"{head} · {name}", html) for head, html in zip(heads, columns, strict=True))
    return f'<div class="prompt-versions">{sides}</div>'


def _piece(kind: str, text: str) -> str:
    shown = escape(text)
    tag = {"deleted": "del", "inserted": "ins"}.get(kind)
    return f"<{tag}>{shown}</{tag}>" if tag else shown


def _texts(prompt: Prompt) -> dict[str, str]:
    samples = ("\n".join(f"{name}: {value}" for name, value in sample.items()) for sample in prompt.samples)
    return {
        "Name": prompt.name,
        "Task": prompt.task,
        "System prompt": prompt.system or "",
        "Prompt": prompt.prompt,
        "Settings": "\n".join(f"{name} = {value}" for name, value in settings_json(prompt.settings).items()),
        "Sample cases": "\n\n".join(samples),
        "Notes": prompt.notes,
    }
