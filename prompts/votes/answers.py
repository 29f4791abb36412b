"""Reads recorded answers for ballots: which can take part, how each reads, and the texts of a pair.

Each function works inside the caller's transaction. What is read here stays on the server until the vote is stored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa

from prompts.record.schema import completions, runs
from prompts.votes.ballots import VOTED_ON, Candidate
from prompts.votes.votes import Ballot

_AT_ONCE = 500
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
_there = (
    completions.c.state.in_(sorted(VOTED_ON)),
    sa.or_(completions.c.text != "", completions.c.pictures.is_not(None)),
)
_OF_RUNS = (
    sa.select(
        completions.c.id, completions.c.provider, completions.c.model, completions.c.settings, completions.c.history,
        completions.c.text, completions.c.pictures, runs.c.request,
    )
    .join(runs, runs.c.id == completions.c.run_id)
    .where(completions.c.run_id.in_(_WANTED), *_there)
    .order_by(completions.c.run_id, completions.c.position)
)  # fmt: skip
_READINGS = sa.select(
    completions.c.id, completions.c.provider, completions.c.model, completions.c.text, completions.c.pictures
).where(completions.c.id.in_(_WANTED), *_there)  # fmt: skip
_DRAWN = sa.select(completions.c.id, completions.c.pictures).where(
    completions.c.id.in_(_WANTED), completions.c.pictures.is_not(None)
)
_TEXTS = (
    sa.select(
        completions.c.id,
        completions.c.text,
        completions.c.pictures,
        completions.c.history,
        completions.c.state,
        runs.c.prompt,
    )
    .join(runs, runs.c.id == completions.c.run_id)
    .where(completions.c.id.in_(_WANTED), *_there)
)


@dataclass(frozen=True, slots=True)
class AnswerText:
    """One answer as recorded."""

    text: str
    """Empty if it drew pictures."""
    prompt: str
    earlier: tuple[tuple[str, str], ...]
    """(role, text) of each turn before the prompt."""
    cut: bool
    """Whether it was cut off at a limit."""
    pictures: tuple[str, ...] = ()
    """The digests of its pictures, without previews."""


class DrawnPicture(NamedTuple):
    """A picture of an answer."""

    sha256: str
    described: str
    """What it shows, in the words of a person; empty if nobody has described it."""


def of_runs(connection: sa.Connection, run_ids: Sequence[str]) -> list[Candidate]:
    """The answers of these runs. The same conversation is the same case, whichever run it is in."""
    rows = [row for part in _portions(run_ids) for row in connection.execute(_OF_RUNS, {"wanted": part}) if _shows(row)]
    names = _names({(f"{row.provider}:{row.model}", _plain(row.settings)) for row in rows})
    return [
        Candidate(_case(row), names[f"{row.provider}:{row.model}", _plain(row.settings)],
                  f"{row.provider}:{row.model}", row.id)
        for row in rows
    ]  # fmt: skip


def _case(row: Any) -> str:
    """A key that is equal for equal conversations; pictures and texts are never compared with each other."""
    asked: list[Any] = [row.request["messages"], row.history or []]
    asked += ["pictures"] if _kept(row) else []
    return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def readings(connection: sa.Connection, ballot: Ballot) -> dict[str, str]:
    """For each answer of a ballot that can be shown, a digest of its text or pictures; equal ones look the same.

    An answer of another model than the ballot says is never shown: a file may say so, and would win votes for it.
    """
    said: defaultdict[str, set[str]] = defaultdict(set)
    for case in ballot.cases:
        for contestant, ids in zip(ballot.contestants, case.answers, strict=True):
            for id in ids:
                said[id].add(contestant.target)
    return {
        row.id: sha256("\n".join((_text(row).strip(), *_kept(row))).encode()).hexdigest()
        for part in _portions(list(said))
        for row in connection.execute(_READINGS, {"wanted": part})
        if _shows(row) and said[row.id] == {f"{row.provider}:{row.model}"}
    }


def texts(connection: sa.Connection, ids: Sequence[str]) -> dict[str, AnswerText]:
    """Those of the answers that can be shown."""
    return {
        row.id: AnswerText(
            _text(row), row.prompt, tuple((each["role"], each["text"]) for each in row.history or ()),
            row.state == "cut", _kept(row),
        )
        for row in connection.execute(_TEXTS, {"wanted": list(ids)}) if _shows(row)
    }  # fmt: skip


def drawn(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[DrawnPicture, ...]]:
    """For each of the answers that drew, its pictures."""
    return {
        row.id: tuple(DrawnPicture(each["sha256"], each.get("described") or "") for each in kept)
        for part in _portions(ids)
        for row in connection.execute(_DRAWN, {"wanted": part})
        if (kept := _finished(row))
    }


def _text(row: Any) -> str:
    """The text; empty if it drew, as few models write beside a picture, so that the words would reveal the model."""
    return "" if _kept(row) else row.text or ""


def _kept(row: Any) -> tuple[str, ...]:
    """The digests of its pictures whose content is on record."""
    return tuple(each["sha256"] for each in _finished(row))


def _finished(row: Any) -> list[Mapping[str, Any]]:
    """Its pictures whose content is on record, without previews."""
    return [each for each in row.pictures or () if each["sha256"] and not each.get("partial")]


def _shows(row: Any) -> bool:
    """Whether there is anything to look at."""
    return bool(row.text or _kept(row))


def _names(asked: set[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """A name for each model with its settings: the target, and settings if they differ from those of another."""
    by_target: defaultdict[str, list[str]] = defaultdict(list)
    for target, settings in sorted(asked):
        by_target[target].append(settings)
    return {
        (target, settings): target if len(several) == 1 else f"{target} · {_differences(settings, several)}"
        for target, several in by_target.items()
        for settings in several
    }


def _differences(settings: str, several: Sequence[str]) -> str:
    own, all_ = json.loads(settings), [json.loads(each) for each in several]
    keys = sorted({key for each in all_ for key in each if any(other.get(key) != each[key] for other in all_)})
    words = {key: key.replace("_", " ") for key in keys}
    return ", ".join(f"{words[key]} {_short(own[key])}" if key in own else f"no {words[key]}" for key in keys)


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 24 else f"“{text[:24].strip()}…”"


def _plain(settings: Any) -> str:
    return json.dumps(settings or {}, sort_keys=True)


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
