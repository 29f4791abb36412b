"""The study of a task from the record, for callers without a page: reads everything at once. Blocks for the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from prompts.asking.runner import Connections
from prompts.core.decision import Decision
from prompts.core.run_summaries import Filter
from prompts.decide import decision_store
from prompts.decide.facts import PriceOf
from prompts.decide.people import People, people
from prompts.decide.study import OnRecord, Question, Study, asked_of, study
from prompts.decide.task import Purpose, fitting
from prompts.history.archive import Archive
from prompts.votes.vote_store import Wanted
from prompts.votes.vote_store import read as read_votes
from prompts.votes.votes import Vote


def purpose_of(archive: Archive, record: OnRecord, name: str) -> Purpose:
    """The purpose for a task of that name: fitting experiments, and the collection with that name.

    Raises `RecordError`.
    """
    collection = next((id for id, called in archive.facets().experiments if called == name), None)
    return Purpose(name, fitting(name, record.list()), collection)


def said(archive: Archive, purpose: Purpose) -> Mapping[str, People]:
    """Ratings and votes: those of the task's collection if it has one, else of all runs. Raises `RecordError`."""
    rated = archive.ratings(Filter(experiment=purpose.collection) if purpose.collection else Filter())
    origins = filter(None, (*purpose.experiments, purpose.collection))
    wanted = [Wanted(task=purpose.name), *(Wanted(origin=each) for each in origins)] if purpose.name else []
    votes: dict[str, Vote] = {}
    for each in wanted:
        votes |= {vote.id: vote for vote in archive.read(lambda c, each=each: read_votes(c, each))}
    return people(rated, list(votes.values()))


def gathered(
    archive: Archive, record: OnRecord, question: Question, connections: Connections, price: PriceOf, at: datetime
) -> Study:  # fmt: skip
    """The study for `question`; if its purpose names no experiments, fitting ones are found. Raises `RecordError`."""
    if not question.purpose.experiments:
        question = replace(question, purpose=purpose_of(archive, record, question.purpose.name))
    asked = asked_of(record, question.purpose)
    return study(question, asked, said(archive, question.purpose), connections, price, at)


def newest_decision(archive: Archive, task: str) -> Decision | None:
    """The newest decision for that task; `None` if there is none. Raises `RecordError`."""
    return next((each for each in archive.read(decision_store.every) if each.task == task), None)
