"""What people prefer: blind votes, and ratings (best, thumbs, stars) given while the model's name was shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prompts.analysis.ratings import NOTHING, Ratings
from prompts.votes.ranking import Ranking, Standing, ranking
from prompts.votes.votes import Vote


@dataclass(frozen=True, slots=True)
class People:
    """People's judgements of one model."""

    ratings: Ratings = NOTHING
    standing: Standing | None = None
    """From blind votes; `None` if there were none."""
    voters: int = 0
    last: date | None = None
    """The day of the newest of these votes."""


NOBODY = People()


def people(rated: Mapping[str, Ratings], votes: Sequence[Vote]) -> Mapping[str, People]:
    """By target. Votes are counted by model: a model asked with several settings is one."""
    found: Ranking = ranking(votes, by="model")
    standings = {each.target: each for each in found.standings if each.votes}
    last = max((vote.at.date() for vote in votes if vote.counts), default=None)
    return {
        target: People(rated.get(target, NOTHING), standings.get(target), found.people, last)
        for target in dict.fromkeys((*rated, *standings))
    }
