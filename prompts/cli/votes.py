"""`collate votes`: the recorded ballots, and the results of the votes on one of them or on a task."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from prompts.cli.history import opened
from prompts.core.plain_json import one_line
from prompts.core.plain_json import plain as plain_json
from prompts.core.printable import printable
from prompts.core.targets import TargetError
from prompts.exchange.votes_table import votes_csv, votes_xlsx
from prompts.votes.agreement import agreement
from prompts.votes.on_record import Votes
from prompts.votes.ranking import MATTERS, By, Ranking, ranking
from prompts.votes.sentences import agreement_says, counts_say, duel_says, place_says, rate_says
from prompts.votes.vote_store import BallotLine, Wanted
from prompts.votes.votes import Vote


def show(options: Namespace) -> int:
    """Print the list of ballots, or the ranking if a ballot or task is given. Returns 0, or 1 if nobody has voted."""
    with opened() as archive:
        store = Votes(archive)
        lines = store.lines()
        if options.ballot is None and options.task is None and options.save is None:
            return _list(lines, as_json=options.json)
        ballot = _chosen(lines, options.ballot) if options.ballot else None
        votes = store.votes(Wanted(ballot=ballot.id if ballot else None, task=options.task))
        known = store.ballot(ballot.id) if ballot else None
    if options.save is not None:
        _save(options.save, votes, lines)
    by: By = "contestant" if ballot else "model"
    found = ranking(votes, by=by, among=[each.shown for each in known.contestants] if known else ())
    if options.json:
        print(one_line(plain_json(_as_json(found, votes))))
    else:
        _print(found, votes, ballot.name if ballot else options.task or "All votes")
    return 0 if found.counted else 1


def _chosen(lines: Sequence[BallotLine], wanted: str) -> BallotLine:
    if wanted == "last" and lines:
        return lines[0]
    fits = [each for each in lines if each.id.startswith(wanted) or each.name == wanted]
    if len(fits) != 1:
        count = "No ballot" if not fits else "More than one ballot"
        raise TargetError(f"{count} is called {wanted}. `collate votes` lists them.")
    return fits[0]


def _list(lines: Sequence[BallotLine], *, as_json: bool) -> int:
    for each in lines:
        line = {"id": each.id, "name": each.name, "task": each.task, "created_at": each.created_at.isoformat(),
                "votes": each.votes, "people": each.people}  # fmt: skip
        plain = f"{each.id[:8]}  {each.created_at:%Y-%m-%d %H:%M}  {each.votes:>5,} votes  {each.people:>3} people"
        print(one_line(line) if as_json else printable(f"{plain}  {each.name} ({each.task})"))
    if not lines and not as_json:
        print("No ballot is on record yet. Make one on the page Vote.")
    return 0 if lines else 1


def _print(found: Ranking, votes: Sequence[Vote], name: str) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(Text(printable(name), style="bold"))
    verdicts = sorted(found.duels, key=lambda duel: not duel.preferred)
    for said in (*(duel_says(duel, MATTERS) for duel in verdicts), counts_say(found), agreement_says(agreement(votes))):
        console.print(Text(printable(said)))
    table = Table("Place", "Model", "Preferred", "Won", "Lost", "Even")
    for each in found.standings:
        row = (place_says(each), each.name, rate_says(each), f"{each.wins:,}", f"{each.losses:,}", f"{each.ties:,}")
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)


def _save(path: str, votes: Sequence[Vote], lines: Sequence[BallotLine]) -> None:
    """Write votes and ballots to a file.

    Raises `TargetError` if it cannot be written, or its ending tells no format.
    """
    make = {".csv": votes_csv, ".xlsx": votes_xlsx}.get(Path(path).suffix.lower())
    if make is None:
        raise TargetError(f"{path} does not say which format: end it in .csv or .xlsx.")
    try:
        Path(path).write_bytes(make(votes, {each.id: each for each in lines}))
    except OSError as exc:
        raise TargetError(f"{path} cannot be written: {exc.strerror}.") from None


def _as_json(found: Ranking, votes: Sequence[Vote]) -> dict[str, Any]:
    """The ranking as JSON. Probabilities and shares are from 0 to 1; `votes_needed` is `null` if no number would do."""
    agreed = agreement(votes)
    return {
        "votes": found.counted, "people": found.people, "cases": found.cases, "gave_away": found.gave_away,
        "imported": found.imported,
        "skipped": found.skipped, "agreement": agreed.share.estimate if agreed.share else None,
        "standings": [
            {"name": each.name, "model": each.target, "best_place": each.best_place, "worst_place": each.worst_place,
             "rate": each.rate.estimate, "rate_low": each.rate.low, "rate_high": each.rate.high, "won": each.wins,
             "lost": each.losses, "even": each.ties}
            for each in found.standings
        ],
        "pairs": [
            {"first": each.first, "second": each.second, "preferred": each.preferred, "chance": each.chance.estimate,
             "chance_low": each.chance.low, "chance_high": each.chance.high, "votes_between": each.direct,
             "votes_needed": each.votes_needed, "says": duel_says(each, MATTERS)}
            for each in found.duels
        ],
    }  # fmt: skip
