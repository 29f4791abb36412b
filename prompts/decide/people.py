"""What people prefer: blind votes, and what they called best, thumbed and starred knowing whose answer it was. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prompts.analysis.ratings import NOTHING, Ratings
from prompts.votes.ranking import Ranking, Standing, ranking
from prompts.votes.votes import Vote


@dataclass(frozen=True, slots=True)
class People:
    """What people say of one model."""

    ratings: Ratings = NOTHING
    standing: Standing | None = None
    """By blind votes; `None`: nobody voted on it."""
    voters: int = 0
    last: date | None = None
    """Of the newest of these votes."""


NOBODY = People()


def people(rated: Mapping[str, Ratings], votes: Sequence[Vote]) -> Mapping[str, People]:
    """By target. Votes go by model: a model that was asked in several ways is one."""
    found: Ranking = ranking(votes, by="model")
    standings = {each.target: each for each in found.standings if each.votes}
    last = max((vote.at.date() for vote in votes if vote.counts), default=None)
    return {
        target: People(rated.get(target, NOTHING), standings.get(target), found.people, last)
        for target in dict.fromkeys((*rated, *standings))
    }
