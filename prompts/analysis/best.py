"""The best model of a run on each figure: which, by what figure, from how many answers, and how sure that is.

Owns when a model may be called cheapest, fastest or shortest. Where a figure of anyone who answered is unknown, nobody
is named, as the unknown figure may be better, and the reason is given. Ties are reported as ties. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from prompts.analysis.significance import repeats_needed, verdicts
from prompts.analysis.spread import COMPARED, LENGTH, Compared, Side, askings, completed, middle, names, sides, spread
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.feedback import own
from prompts.core.run import Run

Title = Literal["Cheapest", "First token", "Fastest", "Shortest", "Your best"]
TITLES: tuple[Title, ...] = ("Cheapest", "First token", "Fastest", "Shortest", "Your best")
ONCE = "One answer each: repeat to be sure."
_WHAT = {"Cheapest": "price", "First token": "time", "Fastest": "time", "Shortest": "length"}
_BY_KEY = {each.metric.key: each for each in COMPARED}
_COST = _BY_KEY[metrics.COST.key]
_TIMES: tuple[tuple[Title, Compared], ...] = (
    ("First token", _BY_KEY[metrics.FIRST_TOKEN.key]), ("Fastest", _BY_KEY[metrics.DURATION.key]),
    ("Shortest", LENGTH),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Best:
    """Who is best on one figure, or why nobody can be named."""

    title: Title
    names: tuple[str, ...] = ()
    """Several names are a tie. Empty: nobody is named, and `doubt` says why."""
    figure: str = ""
    """The best value, with its unit."""
    n: int = 0
    """How many answers the figure rests on: the fewest of any model compared."""
    among: str = ""
    """Words after the title where not all models were compared ("of those that charge a fee")."""
    unknown: tuple[str, ...] = ()
    """The models whose figure is not known, which is why nobody is named."""
    doubt: str = ""
    """Why the result should not be relied on, as a sentence; empty if nothing is known against it."""
    conditions: tuple[str, ...] = ()
    """Conditions that held for some models' measurements and not for others': "name: condition, …"."""


def best_of(run: Run, person: str = "") -> list[Best]:
    """One entry for each of `TITLES`; the last is from the marks that `person` gave."""
    return [cheapest(run), *(_leads(title, sides(run, figure), figure) for title, figure in _TIMES), _own(run, person)]


def cheapest(run: Run) -> Best:
    """The cheapest among models that ask a fee; one without a fee still costs its machine, at an unknown price."""
    free = _without_fee(run)
    paid = [side for side in sides(run, _COST) if side.answers and side.name not in free]
    if free and not paid:
        return Best("Cheapest", doubt="None of them charges a fee.")
    found = _leads("Cheapest", paid, _COST)
    if not free:
        return found
    none = f"{listed(free)} {'charges' if len(free) == 1 else 'charge'} no fee."
    doubt = f"{none} {found.doubt}" if len(paid) > 1 else f"{none} Only {paid[0].name} charges one."
    return replace(found, doubt=doubt, among="of those that charge a fee")


def fastest(run: Run) -> Best:
    """The fastest by the time until the whole answer had arrived."""
    return _leads("Fastest", sides(run, _TIMES[1][1]), _TIMES[1][1])


def _without_fee(run: Run) -> list[str]:
    targets = askings(run)
    return [
        name for name, answers in zip(names(targets), targets, strict=True)
        if (done := completed(answers)) and all(each.cost.kind == "local" for _, each in done)
    ]  # fmt: skip


def _leads(title: Title, every: Sequence[Side], figure: Compared) -> Best:
    found = [side for side in every if side.answers]
    if len(found) < 2:
        return Best(title, doubt="Fewer than two models answered.")
    if unknown := [side.name for side in found if len(side.points) < side.answers]:
        return Best(title, unknown=tuple(unknown), doubt=f"Not known: the {_WHAT[title]} of {listed(unknown)}.")
    values = [middle(side.points) or 0.0 for side in found]
    least = min(values)
    first = [n for n, value in enumerate(values) if value == least]
    n = min(spread(side.points).n for side in found)
    leading = tuple(found[place].name for place in first)
    doubt = _doubt(found, first, figure)
    return Best(title, leading, figure.say(least), n, doubt=doubt, conditions=_conditions(found))


def _doubt(found: Sequence[Side], first: Sequence[int], figure: Compared) -> str:
    asked = min(len(side.points) for side in found)
    if len(first) == len(found):
        return "All are the same."
    if asked == 1:
        return ONCE
    if asked < (needed := repeats_needed(len(found))):
        return f"Medians; with fewer than {needed} answers each, the difference may be chance."
    return _apart(found, first, figure)


def _apart(found: Sequence[Side], first: Sequence[int], figure: Compared) -> str:
    """A sentence naming the models from which the leader cannot be told apart yet; empty if there are none."""
    best, behind = first[0], [n for n in range(len(found)) if n not in first]
    clear = {
        verdict.pair[1] for verdict in verdicts(found, figure) if verdict.told == "better" and verdict.pair[0] == best
    }
    near = [found[n].name for n in behind if n not in clear]
    return f"Not yet distinguishable from {listed(near)}." if near else ""


def _conditions(found: Sequence[Side]) -> tuple[str, ...]:
    if any(spread(side.points).clean_only for side in found):
        return ()
    held = [frozenset(c for point in side.points for c in point.disturbed) for side in found]
    shared = {condition for condition in held[0] if all(condition in each for each in held)}
    return tuple(
        f"{side.name}: {', '.join(said for name, said in text_of.CONDITIONS.items() if name in each - shared)}"
        for side, each in zip(found, held, strict=True)
        if each - shared
    )


def _own(run: Run, person: str) -> Best:
    """The answer this person marked best; failing that, the one with their highest mean of stars."""
    targets = askings(run)
    said = list(zip(names(targets), targets, strict=True))
    if chosen := [name for name, answers in said if any(own(each.marks, person).best for each in answers)]:
        return Best("Your best", tuple(chosen), "marked best", 1)
    stars = {name: given for name, answers in said if (given := _stars(answers, person))}
    if len(stars) < 2:
        return Best("Your best", doubt="Mark the best answer, or give stars to two or more.")
    means = {name: sum(given) / len(given) for name, given in stars.items()}
    most = max(means.values())
    best = tuple(name for name, mean in means.items() if mean == most)
    unrated = [name for name, _ in said if name not in stars]
    doubt = f"Without stars: {listed(unrated)}." if unrated else ""
    return Best("Your best", best, f"★ {text_of.stars(most)}", min(map(len, stars.values())), doubt=doubt)


def _stars(answers: Sequence[Answer], person: str) -> list[int]:
    return [stars for each in answers if (stars := own(each.marks, person).stars) is not None]


def listed(several: Sequence[str]) -> str:
    """`a, b and c`. Needs at least one name."""
    *others, last = several
    return f"{', '.join(others)} and {last}" if others else last
