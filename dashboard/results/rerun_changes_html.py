"""Then and now as HTML: a card for each target, and a table of all runs of one request. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import lru_cache

from dashboard.answer_grid.differences import difference_html
from prompts.analysis.diff import Difference, difference
from prompts.analysis.rerun_changes import NOT_TOLD, SERVING, Change, Pair, then_and_now
from prompts.analysis.spread import askings
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.printable import escape
from prompts.core.run import Run
from providers.files.small_pictures import CARD
from providers.pictures import Picture

Address = Callable[[str], str]
_ONE = "One answer then and one now: a change in time may be chance. Repeats can distinguish the two."
_NEVER = "It was not asked then."


def pairs_html(
    pairs: Sequence[Pair], then: Run, now: Run, zone: tzinfo, address: Address = lambda _: ""
) -> str:  # fmt: skip
    """A card for each target: whether the same model served it, its figures, and how text or picture differs.

    `address` gives the address of a picture by its digest.
    """
    dates = (_date(then, zone), _date(now, zone))
    few = any(max(len(pair.then), len(pair.now)) == 1 for pair in pairs)
    remark = f'<p class="muted">{_ONE}</p>' if few else ""
    return f'<div class="again-cards">{"".join(_card(pair, dates, address) for pair in pairs)}</div>{remark}'


def askings_html(runs: Sequence[Run], here: Run, zone: tzinfo) -> str:
    """A table of all runs of one request, newest first, each compared with the first; a click on a date opens it.

    `runs` are in order of time, the first one at the beginning; `here` is the run that is being looked at.
    """
    first = runs[0]
    columns = [(answers[0].column, str(answers[0].target)) for answers in askings(here)]
    head = "".join(f"<th>{escape(name)}</th>" for _, name in columns)
    rows = "".join(_asking(first, run, run.id == here.id, columns, zone) for run in reversed(runs))
    return (
        '<div class="again-wide" tabindex="0"><table class="again-askings"><thead><tr><th>Asked</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _date(run: Run, zone: tzinfo) -> str:
    return f"{run.created_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _card(pair: Pair, dates: tuple[str, str], address: Address) -> str:
    head = f"<h4>{escape(str(pair.target))}</h4>"
    if not pair.then:
        return f'<article class="again-card">{head}<p class="muted">{_NEVER}</p></article>'
    label, meaning = SERVING[pair.served.state]
    differs = f'<p class="muted">Settings changed: {escape(", ".join(pair.differs))}</p>' if pair.differs else ""
    rows = "".join(map(_figure, pair.changes)) + "".join(_told(*each) for each in pair.served.told)
    return (
        f'<article class="again-card"><header>{head}<span class="again-served" data-served="{pair.served.state}" '
        f'title="{escape(meaning)}">{escape(label)}</span></header>{differs}{_body(pair, address)}'
        f'<div class="again-wide" tabindex="0"><table><thead><tr><th>Figure</th>'
        f"<th>Then<br><small>{dates[0]}</small></th><th>Now<br><small>{dates[1]}</small></th><th>Change</th></tr></thead><tbody>{rows}</tbody></table></div>"
        f"{_verdicts(pair)}</article>"
    )


def _body(pair: Pair, address: Address) -> str:
    if pair.pictures is None:
        return _text(pair)
    then, now = pair.pictures
    same = bool(then.sha256) and then.sha256 == now.sha256
    said = "The same picture, pixel by pixel" if same else "Another picture"
    shown = "".join(
        f'<figure><img src="{escape(address(each.sha256))}" width="{CARD // 2}" height="{CARD // 2}" '
        f'alt="{escape(each.described or f"The picture of {when}")}">'
        f"<figcaption>{when.capitalize()} · {_size(each)}</figcaption></figure>"
        for when, each in (("then", then), ("now", now)) if each.sha256
    )  # fmt: skip
    return f'<p class="again-text">{said}</p><div class="again-pictures">{shown}</div>'


def _size(picture: Picture) -> str:
    frame = text_of.frame_shown(picture.frames)
    return f"{picture.width} × {picture.height}{f' · {frame}' if frame else ''}"


def _text(pair: Pair) -> str:
    """How much of the answer is the same; the marked differences are in an expander."""
    if pair.texts is None:
        states = [", ".join(text_of.STATES[answer.state][0] for answer in answers) for answers in (pair.then, pair.now)]
        return f'<p class="again-text">No two texts to compare: then {states[0]}, now {states[1]}.</p>'
    which = " of the first repeats" if max(len(pair.then), len(pair.now)) > 1 else ""
    found = _difference(*pair.texts)
    if found.same:
        return f'<p class="again-text">The same text, character by character{which}</p>'
    said = "No words to compare" if found.share is None else f"{text_of.share(found.share)} of words shared{which}"
    return (
        f'<details class="again-diff"><summary><strong>{said}</strong> · see what changed</summary>'
        f"{difference_html(*pair.texts)}</details>"
    )


def _figure(change: Change) -> str:
    return (
        f'<tr title="{escape(change.help)}"><th>{escape(change.name)}</th><td>{escape(change.then)}</td>'
        f"<td>{escape(change.now)}</td><td>{escape(change.said)}</td></tr>"
    )


def _told(name: str, then: str, now: str) -> str:
    said = text_of.UNKNOWN if NOT_TOLD in (then, now) else "same" if then == now else "moved"
    cells = "".join(
        f'<td class="again-told" title="{escape(each)}">{escape(_short(name, each))}</td>' for each in (then, now)
    )
    return f"<tr><th>{escape(name.capitalize())}</th>{cells}<td>{said}</td></tr>"


def _short(name: str, text: str) -> str:
    longest = 12 if name == "digest" else _LONGEST
    return text if len(text) <= longest else f"{text[:longest]}…"


_LONGEST = 28


def _verdicts(pair: Pair) -> str:
    said = [f"<li><strong>{escape(each.name)}</strong>: {escape(each.verdict)}</li>" for each in pair.changes
            if each.verdict]  # fmt: skip
    return f'<ul class="again-verdicts">{"".join(said)}</ul>' if said else ""


def _asking(first: Run, run: Run, is_here: bool, columns: Sequence[tuple[int, str]], zone: tzinfo) -> str:
    pairs = {(pair.now[0].column, str(pair.target)): pair for pair in then_and_now(first, run)}
    cells = "".join(f"<td>{_cell(pairs.get(column), run is first)}</td>" for column in columns)
    date = _date(run, zone)
    opener = (
        f"<strong>{date}</strong><br><small>shown above</small>" if is_here
        else f'<button data-pick="{escape(run.id)}" title="Open this run">{date}</button>'
    )  # fmt: skip
    return f"<tr><th>{opener}</th>{cells}</tr>"


def _cell(pair: Pair | None, is_first: bool) -> str:
    """What to see over time: share of the first text, duration, cost, and stars."""
    if pair is None or not pair.now:
        return text_of.UNKNOWN
    figures = {change.name: change.now for change in pair.changes}
    if is_first:
        shared = "the first"
    elif pair.pictures is not None:
        shared = "same picture" if pair.pictures[0].sha256 == pair.pictures[1].sha256 else "another picture"
    elif pair.texts is None:
        shared = "no text to compare"
    else:
        found = _difference(*pair.texts)
        shared = "same text" if found.same else f"{text_of.share(found.share)} shared"
    stars = _stars(pair.now)
    title = f"{SERVING[pair.served.state][0]}; compared with the first run" if not is_first else "The first run"
    said = " · ".join(filter(None, (figures["Duration"], figures["Cost"], stars)))
    return f'<span title="{escape(title)}"><strong>{escape(shared)}</strong><br><small>{escape(said)}</small></span>'


_difference: Callable[[str, str], Difference] = lru_cache(maxsize=128)(difference)


def _stars(answers: Sequence[Answer]) -> str:
    given = [mark.stars for answer in answers for mark in answer.marks if mark.stars]
    return f"★ {'/'.join(map(str, given))}" if given else ""
