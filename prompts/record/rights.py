"""Who may do what, if people log in: one table, checked before each act. Pure.

Owns the words and the rule of each act; a test compares the table with docs/teams.md. If nobody logs in, whoever runs
Collate may do everything, and so may the command line: both have access to the record itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prompts.record.database_errors import RecordError

Rule = Literal["everybody", "own", "admins"]
"""`own`: the owner, and administrators; what has no owner is for administrators only."""

Act = Literal[
    "ask, compare, vote and export",
    "rate and note, in one's own name",
    "remove a note",
    "tag runs and group them",
    "import a file",
    "stop, ask again or finish a run",
    "delete a run",
    "change an experiment",
    "delete an experiment",
    "save a new version of a prompt",
    "delete a prompt",
    "delete a ballot",
    "delete a decision",
    "watch an experiment, or stop it",
    "delete everything older than a number of days",
    "fetch newer prices",
    "pull, unload or delete local models",
    "let a worker leave",
    "read the audit trail",
]

RULES: Mapping[Act, Rule] = {
    "ask, compare, vote and export": "everybody",
    "rate and note, in one's own name": "everybody",
    "remove a note": "own",
    "tag runs and group them": "everybody",
    "import a file": "everybody",
    "stop, ask again or finish a run": "own",
    "delete a run": "own",
    "change an experiment": "own",
    "delete an experiment": "own",
    "save a new version of a prompt": "own",
    "delete a prompt": "own",
    "delete a ballot": "own",
    "delete a decision": "own",
    "watch an experiment, or stop it": "own",
    "delete everything older than a number of days": "admins",
    "fetch newer prices": "admins",
    "pull, unload or delete local models": "admins",
    "let a worker leave": "admins",
    "read the audit trail": "admins",
}


class NotAllowedError(RecordError):
    """Not permitted; the message says who has to do this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something is done."""

    person: str
    """Their login name; empty if nobody logs in."""
    admin: bool
    session: str = ""
    """One of their browser sessions; empty if there is none."""


OPERATOR = Actor("", admin=True)
"""Whoever runs the program, and what the program does by itself."""

_IMPORTED = "(imported by {})"


def imported(person: str | None, by: str) -> str:
    """The name under which the acts of `person` are recorded if `by` imports them from a file."""
    shown = "".join(c if c.isprintable() else " " for c in person or "")
    return f"{' '.join(shown.split()) or 'Somebody'} {_IMPORTED.format(by)}"


def known_as(person: str | None, by: str) -> str | None:
    """The name under which feedback by `person` in a file is recorded when `by` imports it.

    Nobody can attribute words to others by a file: only one's own name is kept. If `by` is empty (nobody logs in), all
    names are kept.
    """
    return person if not by or person == by else imported((person or "").removesuffix(_IMPORTED.format(by)), by)


def described_as(pictures: Sequence[Mapping[str, Any]], by: str) -> list[dict[str, Any]]:
    """The same for the authors of descriptions of pictures."""
    return [
        {**each, "described_by": known_as(each.get("described_by"), by)} if each.get("described") else dict(each)
        for each in pictures
    ]


def owns(by: Actor, owner: str | None) -> bool:
    """Whether `owner` is this person, or what they imported."""
    return bool(by.person) and owner is not None and (owner == by.person or owner.endswith(_IMPORTED.format(by.person)))


def refusal(by: Actor, act: Act, owner: str | None = None) -> str | None:
    """Why they may not, with a message for people; `None` if they may. `owner`: whose it is."""
    rule = RULES[act]
    if by.admin or rule == "everybody" or (rule == "own" and owns(by, owner)):
        return None
    if rule == "admins":
        return f"Only an administrator may {act}."
    if not owner:
        return f"This belongs to nobody who logs in: only an administrator may {act}."
    return f"This is {owner}’s: only they or an administrator may {act}."


def check(by: Actor, act: Act, owner: str | None = None) -> None:
    """Raise `NotAllowedError` if `refusal` gives a reason."""
    if (said := refusal(by, act, owner)) is not None:
        raise NotAllowedError(said)
