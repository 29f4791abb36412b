"""How two runs differ, as HTML: prompt, settings, and the first pictures of both. Pure.

Prompts, settings and descriptions are untrusted text: all of it is escaped.
"""

from __future__ import annotations

from collections.abc import Callable

from dashboard.answer_grid.differences import difference_html
from prompts.core import format as text_of
from prompts.core.alt_text import alt_text
from prompts.core.printable import escape
from prompts.core.run import Run
from prompts.core.targets import changes
from providers.files.small_pictures import CARD

Address = Callable[[str], str]
"""Gives the address of a picture by its digest."""
_MOST = 6
"""The most pictures shown of each run."""


def two_runs_html(then: Run, now: Run, address: Address) -> str:
    """The differences from the earlier run to the later one."""
    parts = [_difference("Prompt", then.prompt, now.prompt)]
    systems = [run.settings.system or "" for run in (then, now)]
    if any(systems):
        parts.append(_difference("System prompt", *systems))
    other = [said for said in changes(then.settings, now.settings) if not said.startswith("system prompt")]
    if other:
        parts.append(f"<h4>Settings</h4><p>{escape('; '.join(other))}</p>")
    for when, run in (("Earlier", then), ("Later", now)):
        if drawn := _drawn(run, address):
            parts.append(f"<h4>{when}</h4>{drawn}")
    return "".join(parts)


def _difference(what: str, then: str, now: str) -> str:
    if then == now:
        return f"<h4>{what}</h4><p class='muted'>The same in both.</p>"
    return f"<h4>{what}</h4><div class='again-diff'>{difference_html(then, now)}</div>"


def _drawn(run: Run, address: Address) -> str:
    kept = [(answer, each) for answer in run.answers for each in answer.pictures if each.sha256 and not each.partial]
    there = {answer.id for answer, _ in kept}
    figures = "".join(
        f'<figure><img src="{escape(address(each.sha256))}" width="{CARD // 2}" height="{CARD // 2}" '
        f'alt="{escape(alt_text(str(answer.target), run.prompt, each.described))}">'
        f"<figcaption>{escape(str(answer.target))}</figcaption></figure>"
        for answer, each in kept[:_MOST]
    )
    without = [
        f"{answer.target}: {text_of.STATES[answer.state][0]}, no picture"
        for answer in run.answers if run.draws and answer.id not in there
    ]  # fmt: skip
    more = [f"and {len(kept) - _MOST:,} more"] if len(kept) > _MOST else []
    said = "".join(f"<p class='muted'>{escape(each)}</p>" for each in (*more, *without[:_MOST]))
    return (f'<div class="again-pictures">{figures}</div>' if figures else "") + said
