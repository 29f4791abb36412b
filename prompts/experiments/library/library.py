"""The library as pages and commands use it: find, search, save, compare, restore, delete and undo.

A person's own prompt hides the shipped one of the same key. Editing a shipped prompt makes it the person's own, with
the shipped text as the version before the edit; deleting that restores the shipped one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Protocol

from prompts.experiments.library.prompt import (
    LONGEST_NAME,
    LibraryError,
    Prompt,
    Version,
    key_of,
    parse_reference,
)
from prompts.experiments.library.prompt_file import checked
from prompts.experiments.library.record_shelf import RecordShelf
from prompts.experiments.library.shelf import VARIABLE, Shelf, own_folder
from prompts.experiments.library.shipped import shipped
from prompts.history.archive import Archive
from prompts.record.database import RecordError, open_database
from prompts.record.database_url import default_url, is_shared
from prompts.record.rights import OPERATOR, Act, Actor, refusal
from providers.measuring.measure import utc_now


@dataclass(frozen=True, slots=True)
class Listing:
    """The contents of the library."""

    prompts: tuple[Version, ...]
    """The newest version of each prompt, sorted by name."""
    problems: tuple[str, ...]
    """Sentences on files that cannot be read."""


class OwnPrompts(Protocol):
    """Storage of own prompts: `Shelf` for one person, `RecordShelf` for a team. Every method raises `LibraryError`."""

    def keys(self) -> list[str]: ...
    def numbers(self, key: str) -> Sequence[int]: ...
    def read(self, key: str, number: int) -> Version: ...
    def write(self, version: Version) -> None: ...
    def put_aside(self, key: str, by: Actor) -> str: ...
    def bring_back(self, receipt: str, by: Actor) -> str: ...


class Library:
    """Shipped prompts and own ones. Every method may raise `LibraryError` with a message for people."""

    def __init__(self, shelf: OwnPrompts, now: Callable[[], datetime] = utc_now) -> None:
        self._shelf = shelf
        self._now = now

    def listing(self, words: str = "", task: str | None = None) -> Listing:
        """Prompts of the task that contain all `words`, ignoring case; an unreadable file does not hide the others."""
        found: list[Version] = []
        problems: list[str] = []
        own = self._shelf.keys()
        for key in own:
            try:
                found.append(self._shelf.read(key, self._shelf.numbers(key)[-1]))
            except LibraryError as exc:
                problems.append(str(exc))
        found += [each for key, each in shipped().items() if key not in own]
        wanted = words.casefold().split()
        fitting = [each for each in found if task in (None, each.prompt.task) and _holds(each, wanted)]
        return Listing(tuple(sorted(fitting, key=lambda each: each.prompt.name.casefold())), tuple(problems))

    def find(self, reference: str) -> Version:
        """The prompt that `classify` (the newest version) or `classify@3` names."""
        key, number = parse_reference(reference)
        numbers = self.numbers(key)
        if not numbers:
            raise LibraryError(f"There is no prompt {key!r} in the library. `collate prompts` lists them.")
        if number is not None and number not in numbers:
            raise LibraryError(f"{key} has no version {number}. There are: {', '.join(map(str, numbers))}.")
        wanted = number or numbers[-1]
        return self._shelf.read(key, wanted) if self._shelf.numbers(key) else shipped()[key]

    def numbers(self, key: str) -> Sequence[int]:
        """The version numbers of a prompt, ascending; empty if there is no such prompt."""
        return self._shelf.numbers(key) or ([shipped()[key].number] if key in shipped() else [])

    def versions(self, key: str) -> list[Version]:
        """All versions of a prompt, newest first."""
        return [self.find(f"{key}@{number}") for number in reversed(self.numbers(key))]

    def owner(self, key: str) -> str:
        """The person who saved the first version of an own prompt;
        empty if nobody was logged in, or it is a shipped one."""
        return next((name for n in self._shelf.numbers(key) if (name := self._shelf.read(key, n).saved_by)), "")

    def create(self, prompt: Prompt, by: Actor = OPERATOR) -> Version:
        """Save a new prompt under a new key, made from its name."""
        key = base = key_of(checked(prompt).name)
        n = 1
        while self.numbers(key):
            key = f"{base}-{(n := n + 1)}"
        return self._write(Version(key, 1, prompt, True, self._now(), by.person))

    def save(self, seen: Version, prompt: Prompt, by: Actor = OPERATOR) -> Version:
        """Save a changed prompt as the version after `seen`; without a change there is no new version.

        Raises `LibraryError` if somebody else saved a version after `seen`, or if `by` is not allowed to.
        """
        newest = self.find(seen.key)
        if newest.own:
            self._check(by, "save a new version of a prompt", seen.key)
        if newest.number != seen.number:
            raise LibraryError(f"{newest.reference} was saved meanwhile. Look at it, then save again.")
        if checked(prompt) == newest.prompt:
            return newest
        if not newest.own:
            self._write(replace(newest, own=True))
        return self._write(Version(seen.key, newest.number + 1, prompt, True, self._now(), by.person))

    def restore(self, version: Version, by: Actor = OPERATOR) -> Version:
        """Save an earlier version again as the newest; the ones between are kept."""
        return self.save(self.find(version.key), version.prompt, by)

    def duplicate(self, version: Version, by: Actor = OPERATOR) -> Version:
        """Save the same text as a new prompt."""
        ending = " (copy)"
        name = version.prompt.name[: LONGEST_NAME - len(ending)] + ending
        return self.create(replace(version.prompt, name=name), by)

    def delete(self, key: str, by: Actor = OPERATOR) -> str:
        """Delete an own prompt with all its versions. Returns a receipt for `undelete`."""
        if not self._shelf.numbers(key):
            raise LibraryError(f"{key} is not one of your own prompts: what Collate ships cannot be deleted.")
        self._check(by, "delete a prompt", key)
        return self._shelf.put_aside(key, by)

    def undelete(self, receipt: str, by: Actor = OPERATOR) -> Version:
        """Undo a deletion, given its receipt."""
        return self.find(self._shelf.bring_back(receipt, by))

    def _check(self, by: Actor, act: Act, key: str) -> None:
        if not by.admin and (said := refusal(by, act, self.owner(key))) is not None:
            raise LibraryError(f"{said} Duplicate it to continue with a copy of your own.")

    def _write(self, version: Version) -> Version:
        self._shelf.write(version)
        return version


def library() -> Library:
    """The library for this process: the prompts in a team's record, unless a folder is configured."""
    if os.environ.get(VARIABLE) or not is_shared():
        return Library(Shelf(own_folder()))
    return Library(RecordShelf(_archive(default_url())))


@cache
def _archive(url: str) -> Archive:
    """One pool of connections per process. Raises `LibraryError`."""
    try:
        return Archive(open_database(url))
    except RecordError as exc:
        raise LibraryError(str(exc)) from exc


def _holds(version: Version, words: Sequence[str]) -> bool:
    prompt = version.prompt
    text = "\n".join((version.key, prompt.name, prompt.task, prompt.system or "", prompt.prompt, prompt.notes))
    folded = text.casefold()
    return all(word in folded for word in words)
