"""Who may do what, where people log in: one table, asked by whatever does it. Pure.

Owns the words of each act and its rule; docs/teams.md shows the same table, which a test compares. Where nobody logs
in, whoever runs Collate may do everything, and so may the command line: both have the record itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prompts.record.database_errors import RecordError

Rule = Literal["everybody", "own", "admins"]
"""`own`: whoever it belongs to, and administrators; what belongs to nobody is theirs alone."""

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
    "delete whatever is older than some days",
    "fetch newer prices",
    "pull or delete local models",
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
    "delete whatever is older than some days": "admins",
    "fetch newer prices": "admins",
    "pull or delete local models": "admins",
    "let a worker leave": "admins",
    "read the audit trail": "admins",
}


class NotAllowedError(RecordError):
    """Somebody else has to do this; the message says who."""


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something is done."""

    person: str
    """As their login calls them; empty where nobody logs in."""
    admin: bool
    session: str = ""
    """Which of their browser sessions; empty: none."""


OPERATOR = Actor("", admin=True)
"""Whoever runs the program, and what it does by itself."""

_IMPORTED = "(imported by {})"


def imported(person: str | None, by: str) -> str:
    """The name under which what `person` did stands on record when `by` brings it in a file."""
    shown = "".join(c if c.isprintable() else " " for c in person or "")
    return f"{' '.join(shown.split()) or 'Somebody'} {_IMPORTED.format(by)}"


def known_as(person: str | None, by: str) -> str | None:
    """Under which name what `person` did or said in a file stands in a record where `by` has logged in.

    Nobody can put words into another's mouth by a file: only one's own name stays as it is. Empty `by`: nobody logs
    in, and every name does.
    """
    return person if not by or person == by else imported((person or "").removesuffix(_IMPORTED.format(by)), by)


def described_as(pictures: Sequence[Mapping[str, Any]], by: str) -> list[dict[str, Any]]:
    """The same for whoever wrote what is to be seen in pictures of an answer, as they stand on record."""
    return [
        {**each, "described_by": known_as(each.get("described_by"), by)} if each.get("described") else dict(each)
        for each in pictures
    ]


def owns(by: Actor, owner: str | None) -> bool:
    """Whether it is theirs: done by them, or brought in by them."""
    return bool(by.person) and owner is not None and (owner == by.person or owner.endswith(_IMPORTED.format(by.person)))


def refusal(by: Actor, act: Act, owner: str | None = None) -> str | None:
    """Why they may not, in words for people; `None`: they may. `owner`: whose it is."""
    rule = RULES[act]
    if by.admin or rule == "everybody" or (rule == "own" and owns(by, owner)):
        return None
    if rule == "admins":
        return f"Only an administrator may {act}."
    if not owner:
        return f"This belongs to nobody who logs in: only an administrator may {act}."
    return f"This is {owner}’s: only they or an administrator may {act}."


def check(by: Actor, act: Act, owner: str | None = None) -> None:
    """Raises `NotAllowedError` where `refusal` has a word."""
    if (said := refusal(by, act, owner)) is not None:
        raise NotAllowedError(said)
