"""Decisions leave with their experiments and come in from a file, none doubled, none changed, nothing believed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from prompts.core.decision import Decision
from prompts.core.run_summaries import Filter
from prompts.decide import decision_store
from prompts.exchange.exporting import export
from prompts.exchange.formats import ImportFileError, Selection
from prompts.exchange.importing import take_in
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.rights import Actor
from tests.prompts.decide.test_decisions import decided

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def two(tmp_path: Path):  # type: ignore[no-untyped-def]
    engines = [open_database(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "other")]
    yield tuple(map(Archive, engines))
    for engine in engines:
        engine.dispose()


def kept(archive: Archive) -> list[Decision]:
    return archive.read(decision_store.every)


def file_of(archive: Archive, selection: Selection = Selection()) -> bytes:
    return b"".join(export(archive, selection, "jsonl"))


def test_a_decision_travels_with_the_whole_record_and_is_not_doubled(two: tuple[Archive, Archive]) -> None:
    one, other = two
    one.write(lambda c: decision_store.add(c, decided()))
    file = file_of(one)
    assert [take_in(other, io.BytesIO(file)).decisions for _ in range(2)] == [1, 0]
    assert kept(other) == kept(one)


def test_a_decision_stays_at_home_when_none_of_its_experiments_is_in_the_file(two: tuple[Archive, Archive]) -> None:
    one, _ = two
    one.write(lambda c: decision_store.add(c, decided()))
    assert b'"decision"' not in file_of(one, Selection(filter=Filter(words="nothing")))


def test_what_somebody_else_decided_is_said_to_be_brought(two: tuple[Archive, Archive]) -> None:
    one, other = two
    one.write(lambda c: decision_store.add(c, decided()))
    take_in(other, io.BytesIO(file_of(one)), by=Actor("bob", admin=False))
    assert [each.person for each in kept(other)] == ["ada (imported by bob)"]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line["evidence"].update(price_in="much"),
        lambda line: line["evidence"].update(price_out="NaN"),
        lambda line: line["evidence"].update(price_in=""),
        lambda line: line["evidence"].update(price_in="1e999999"),
        lambda line: line["evidence"].update(price_out="-2"),
        lambda line: line["evidence"].update(measured_on="some day"),
        lambda line: line["evidence"].update(retires_on=""),
        lambda line: line["evidence"].update(mood="good"),
        lambda line: line["evidence"].update(lines=[{"what": "x"}]),
        lambda line: line.update(because="x" * 3_000),
        lambda line: line.update(chosen=7),
        lambda line: line.pop("task"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(two: tuple[Archive, Archive], change: Change) -> None:
    one, other = two
    one.write(lambda c: decision_store.add(c, replace(decided(), id="11111111-1111-4111-8111-111111111111")))
    lines = [json.loads(line) for line in file_of(one).splitlines()]
    change(next(line for line in lines if line["kind"] == "decision"))
    bad = "\n".join(map(json.dumps, lines)).encode()
    with pytest.raises(ImportFileError, match="Nothing was imported"):
        take_in(other, io.BytesIO(bad))
    assert kept(other) == []
