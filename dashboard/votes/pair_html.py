"""A pair as HTML: everything that the browser receives about two answers before the vote. Pure.

It is made from a `ShownPair`, which has no name, id, time, cost or thinking, so none of these can reach the page.
"""

from __future__ import annotations

from dashboard.answer_grid import blocks
from prompts.core.printable import escape
from prompts.votes.showing import ShownAnswer, ShownPair
from providers.files.small_pictures import EVEN

_ROLES = {"user": "Before", "assistant": "Answered", "system": "Instruction"}


def pair_html(pair: ShownPair, asked: str, whole: str = "") -> str:
    """What was asked, and the two answers side by side, or one below the other if there is no room.

    `whole`: the whole prompt, behind a click, if `asked` is only the values of this case.
    """
    asked = f'{_title("Asked")}<p dir="auto" tabindex="0">{escape(asked)}</p>'
    if whole:
        asked += f'<details><summary>The whole prompt</summary><p dir="auto" tabindex="0">{escape(whole)}</p></details>'
    return (
        f'<div class="vote-asked">{_earlier(pair)}{asked}</div>'
        f'<div class="vote-pair">{_side("Left", pair.left)}{_side("Right", pair.right)}</div>'
    )


def _side(name: str, answer: ShownAnswer) -> str:
    body = f'<p class="vote-plain" dir="auto">{escape(answer.text)}</p>' if answer.plain else blocks.whole(answer.text)
    body = "".join(_picture(name, address) for address in answer.pictures) + (body if answer.text else "")
    cut = '<p class="muted">Cut off at a limit of length.</p>' if answer.cut else ""
    return f'<section class="vote-side" aria-label="{name} answer">{_title(name)}{body}{cut}</section>'


def _picture(name: str, address: str) -> str:
    """A picture with a link to it alone; all pictures are sent in one size."""
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noreferrer" title="Show it alone, in another tab">'
        f'<img class="vote-picture" src="{escape(address)}" width="{EVEN}" height="{EVEN}" alt="{name} picture"></a>'
    )


def _earlier(pair: ShownPair) -> str:
    if not pair.earlier:
        return ""
    turns = "".join(
        f'{_title(_ROLES.get(role, "Before"))}<p dir="auto">{escape(text)}</p>' for role, text in pair.earlier
    )
    return f"<details><summary>Earlier turns</summary>{turns}</details>"


def _title(text: str) -> str:
    return f'<h3 class="vote-title">{text}</h3>'
