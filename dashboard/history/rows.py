"""The list of runs as HTML for the panel: an item per run, with a box to tick. Pure; escapes every string.

A plain click on a link stays in the session; with Ctrl or the middle button it opens another tab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import groupby

from prompts.core import format as text_of
from prompts.core.plan import Relation
from prompts.core.printable import escape
from prompts.core.run_summaries import DrawnBy, Match, RunLine

When = Callable[[RunLine], str]
Address = Callable[[str], str]
_CHIPS = 5
"""The most models named for a run; the others are counted."""
_RELATIONS: dict[Relation, tuple[str, str]] = {
    "continues": ("follow-up", "The next turn of a conversation."),
    "edits": ("edited", "An earlier run, edited."),
    "again": ("run again", "An earlier run, run again unchanged."),
}
_FIGURES_ONLY = "The text of this run was not saved, neither its prompt nor its answers."


def list_html(
    lines: Sequence[RunLine],
    now: datetime,
    zone: tzinfo,
    *,
    by_day: bool = True,
    whose: bool = False,
    more: bool = False,
    here: str | None = None,
    picture: Address = lambda _: "",
) -> str:
    """The runs in their order; with `by_day` under the name of each day, with `whose` naming the person who asked.

    `more`: whether there are further runs. `here`: the id of the run opened last, which is marked.
    `picture` gives the address of a picture by its digest.
    """
    head = _head(more=more) if lines else ""
    if not by_day:
        return head + _list(lines, lambda line: text_of.ago(line.created_at, now, zone), zone, whose, here, picture)
    today = now.astimezone(zone).date()

    def when(line: RunLine) -> str:
        """The time of a run; its day is in the heading."""
        local = line.created_at.astimezone(zone)
        return text_of.ago(line.created_at, now, zone) if local.date() == today else f"{local:%H:%M}"

    return head + "".join(
        f'<h3 class="history-day">{text_of.day_name(day, today)}</h3>{_list(some, when, zone, whose, here, picture)}'
        for day, some in groupby(lines, lambda line: line.created_at.astimezone(zone).date())
    )


def _head(*, more: bool) -> str:
    """The box that selects all; the number of runs is shown above the list."""
    below = "<span>more below</span>" if more else ""
    return (
        '<div class="history-head"><label class="history-all"><input type="checkbox" data-all>'
        f"<span>Select all shown</span></label>{below}</div>"
    )


def _list(
    lines: Iterable[RunLine], when: When, zone: tzinfo, whose: bool, here: str | None, picture: Address
) -> str:  # fmt: skip
    items = "".join(_item(line, when(line), zone, whose, picture, is_here=line.id == here) for line in lines)
    return f'<ul class="history-list">{items}</ul>'


def _item(line: RunLine, when: str, zone: tzinfo, whose: bool, picture: Address, *, is_here: bool) -> str:
    run_id, exact = escape(line.id), escape(text_of.exactly(line.created_at, zone))
    current = ' aria-current="true" title="The run that you opened last"' if is_here else ""
    name = escape(_short(line.prompt, 80) or _FIGURES_ONLY)
    quotes = "".join(_quote(match) for match in line.matches if match.place != "prompt")
    facts = "".join(f"<li>{fact}</li>" for fact in _facts(line, whose))
    return (
        f'<li class="history-run"><label class="history-tick">'
        f'<input type="checkbox" data-tick value="{run_id}" aria-label="Select: {name}"></label>'
        f'<div class="history-main"><a class="history-prompt" href="./?run={run_id}" data-follow{current}>'
        f'{_prompt(line)}</a>{quotes}{_pictures(line, picture)}<ul class="history-facts">{facts}</ul></div>'
        f'<div class="history-side"><time datetime="{line.created_at.isoformat()}" title="{exact}">'
        f"{when}</time>{_cost(line)}</div></li>"
    )


def _prompt(line: RunLine) -> str:
    """The passage of the prompt in which words were found, otherwise its beginning."""
    found = next((match for match in line.matches if match.place == "prompt"), None)
    if found is not None:
        return _marked(found)
    return escape(_short(line.prompt, 300)) or f'<em class="history-none">{_FIGURES_ONLY}</em>'


def _quote(match: Match) -> str:
    who = escape(match.place)
    return (
        f'<p class="history-quote"><span title="Found in the answer of {who}">{escape(_model(match.place))}:</span> '
        f"{_marked(match)}</p>"
    )


def _pictures(line: RunLine, picture: Address) -> str:
    """The run's pictures, which a browser fetches when they come into view, with their alternative texts."""
    shown = "".join(
        f'<img src="{escape(picture(each.sha256))}" loading="lazy" decoding="async" width="64" height="64" '
        f'alt="{escape(each.described or f"Picture by {_model(each.target)}")}" title="{escape(_hover(each))}">'
        for each in line.pictures
    )
    rest = line.drawn - len(line.pictures)
    more = f"<span>+{rest}</span>" if rest else ""
    return f'<p class="history-pictures">{shown}{more}</p>' if shown else ""


def _hover(picture: DrawnBy) -> str:
    return ", ".join(filter(None, (picture.target, text_of.frame_shown(picture.frames))))


def _marked(match: Match) -> str:
    return "".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in match.parts)


def _facts(line: RunLine, whose: bool) -> Iterable[str]:
    """The last row of an item, as HTML: models, outcome, feedback, and where the run comes from."""
    yield from _models(line)
    yield from _outcome(line)
    yield from _opinions(line)
    if line.link:
        yield _said(*_RELATIONS[line.link.relation])
    if line.source == "cli":
        yield _said("command line", "Asked by the collate command, not on the page.")
    if line.kept == "figures" and line.prompt:
        yield _said("figures only", _FIGURES_ONLY)
    if whose:
        yield _said(line.person or "nobody logged in", "Who asked.")


def _outcome(line: RunLine) -> Iterable[str]:
    answers = text_of.number_of(line.completions, "answer")
    yield _said(answers, "Answers that were asked for, repeats included; warm-ups are not counted.")
    if line.live:
        yield _said(f"{line.live} being answered", "Not all answers have ended yet.", "live")
    if line.failed:
        yield _said(f"{line.failed} failed", "No good answer came: an error, a stop, or it was withheld.", "bad")
    if line.interrupted:
        yield _said(f"{line.interrupted} missing", "Collate ended before these answers did.", "bad")
        run_id = escape(line.id)
        yield f'<a href="./?run={run_id}" data-follow>Finish what is missing</a>'


def _opinions(line: RunLine) -> Iterable[str]:
    if line.stars is not None:
        stars = text_of.stars(line.stars)
        yield _said(f"★ {stars}", f"{stars} of 5 stars: the median of all that were given to its answers.")
    for number, which in ((line.thumbs_up, "up"), (line.thumbs_down, "down")):
        if number:
            text = f"thumb {which}" if number == 1 else f"{number} thumbs {which}"
            yield _said(text, "Given to one of its answers, or to several.")
    if line.notes:
        yield _said(text_of.number_of(line.notes, "note"), "Notes that people wrote on its answers.")
    yield from map(_tag, line.tags)
    if line.experiment:
        yield _said(line.experiment, "The collection that it is in.", "experiment")


def _models(line: RunLine) -> Iterable[str]:
    shown = [_model(target) for target in line.targets]
    for target, name in list(zip(line.targets, shown, strict=True))[:_CHIPS]:
        best = target == line.best
        text = escape(target if shown.count(name) > 1 else name) + (" <b>best</b>" if best else "")
        says = f"{target}, marked as the best answer" if best else target
        yield f'<span class="history-model" title="{escape(says)}">{text}</span>'
    if rest := line.targets[_CHIPS:]:
        yield _said(f"+{len(rest)}", ", ".join(rest), "model")


def _cost(line: RunLine) -> str:
    spend = line.spend
    says = [
        f"What its answers cost together, in US dollars, as priced when they were asked: {spend.priced} with a price"
    ]
    if spend.free:
        says.append(f"{spend.free} without a fee")
    if spend.unknown:
        says.append(f"{spend.unknown} of unknown cost, so the sum is at least this")
    return f'<span title="{escape(", ".join(says))}.">{escape(text_of.spent(spend))}</span>'


def _said(text: str, title: str, kind: str = "") -> str:
    named = f' class="history-{kind}"' if kind else ""
    return f'<span{named} title="{escape(title)}">{escape(text)}</span>'


def _tag(name: str) -> str:
    title = "A tag of one of its answers, or of several. Shows only runs that have it."
    return f'<button class="history-tag" data-pick="{escape(name)}" title="{title}">{escape(name)}</button>'


def _model(target: str) -> str:
    return target.partition(":")[2] or target


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
