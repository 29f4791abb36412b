"""How long the page Vote works on 10,000 votes of one ballot: read, ranked, style and people, the next pair drawn.

Everything that one run of the script does, without the drawing of the page, on SQLite in a temporary folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from random import Random
from time import perf_counter

from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.vote_tables import votes as table
from prompts.votes.agreement import agreement
from prompts.votes.drawing import next_pair
from prompts.votes.on_record import Votes
from prompts.votes.ranking import ranking
from prompts.votes.style import held_equal, leanings
from prompts.votes.vote_store import Wanted, vote_row
from prompts.votes.votes import Ballot, Vote
from tests.benchmarks.report import spread, title
from tests.prompts.votes.made import a_ballot, a_vote

VOTES, CASES, PEOPLE, ROUNDS = 10_000, 500, 20, 5
MOST_MS = 1_000


def made(ballot: Ballot, chance: Random) -> list[Vote]:
    """Votes of twenty people among four contestants."""
    found: dict[tuple[str, str, frozenset[str]], Vote] = {}
    while len(found) < VOTES:
        left, right = chance.sample("ABCD", 2)
        case, person = str(chance.randrange(CASES)), f"person {chance.randrange(PEOPLE)}"
        choice = chance.choice(("left", "right", "tie", "both_bad", "skip"))
        vote = a_vote(left, right, choice, case=case, person=person, left_characters=chance.randrange(1, 999))
        found.setdefault((person, case, frozenset((left, right))), vote)
    return list(found.values())


def timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each of several rounds."""
    taken = list[float]()
    for _ in range(ROUNDS):
        began = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - began))
    return taken


def main() -> None:
    """Print the times."""
    title(f"Vote: {VOTES:,} votes on one ballot")
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/collate.db")
        store, ballot = Votes(Archive(engine)), a_ballot(names="ABCD", cases=CASES)
        store.add(ballot)
        rows = [vote_row(vote) for vote in made(ballot, Random(1))]
        store.archive.write(lambda c: c.execute(table.insert(), rows))
        wanted = Wanted(ballot=ballot.id)
        votes = store.votes(wanted)
        readings = {id: id for case in ballot.cases for ids in case.answers for id in ids}
        steps: dict[str, Callable[[], object]] = {
            "read": lambda: store.votes(wanted), "rank": lambda: ranking(votes),
            "hold style equal": lambda: (held_equal(votes), leanings(votes)), "agreement": lambda: agreement(votes),
            "draw a pair": lambda: next_pair(ballot, votes, "person 1", Random(2), readings),
        }  # fmt: skip
        for name, work in steps.items():
            spread(name, timed(work), " ms")
        spread("all of it", timed(lambda: [work() for work in steps.values()]), " ms", most=MOST_MS)
        engine.dispose()


if __name__ == "__main__":
    main()
