"""A prompt of the library, its versions, and its names. Plain data; no file is read here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from prompts.experiments.holes import fill, holes
from prompts.experiments.plan import Wording
from providers.interface import Settings

Task = Literal[
    "general",
    "creative writing",
    "code",
    "research",
    "long documents",
    "extraction",
    "translation",
    "classification",
    "summaries",
    "tone",
    "safety-sensitive",
]
TASKS: tuple[Task, ...] = get_args(Task)

LONGEST_NAME = 80
"""In characters."""
MOST_BYTES = 2**20
"""The size of a prompt as a file."""
_LONGEST_KEY = 60
_REFERENCE = re.compile(r"(?P<key>.*?)(?:@(?P<version>\d{1,9}))?")
_JOINER = "\u2060"  # put before an @ on screen, so that browsers see no mail address; it is copied along
_KEY = re.compile(r"[^\W_][\w-]*")
# Device names of Windows, which no folder can have.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


class LibraryError(ValueError):
    """A prompt that cannot be read, found or saved; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The content of one version of a prompt."""

    name: str
    """The name for people."""
    prompt: str
    """Text with holes such as `{{mail}}`."""
    task: Task = "general"
    system: str | None = None
    """May have holes too; `None`: no system prompt is sent."""
    settings: Settings = Settings()
    """Settings it was written for, such as temperature 0; `settings.system` is never set."""
    samples: tuple[Mapping[str, str], ...] = ()
    """Cases to try it with: texts for the holes, and possibly what is expected."""
    notes: str = ""

    @property
    def holes(self) -> tuple[str, ...]:
        """The names of its holes, in the order in which they first occur."""
        return holes(self.system, self.prompt)

    def filled(self, values: Mapping[str, str]) -> tuple[str | None, str]:
        """System prompt and prompt as they are sent. Raises `HoleError` that names every hole without a value."""
        return (None if self.system is None else fill(self.system, values)), fill(self.prompt, values)


@dataclass(frozen=True, slots=True)
class Version:
    """A saved state of a prompt. It never changes; saving again makes the next version."""

    key: str
    """The name in files and commands."""
    number: int
    """Counted from 1."""
    prompt: Prompt
    own: bool = False
    """Whether somebody here saved it; else it is a shipped one."""
    saved_at: datetime | None = None
    """`None` if not known, as for a shipped one."""
    saved_by: str = ""
    """The person who saved it; empty if nobody was logged in."""

    @property
    def reference(self) -> str:
        """The name of exactly this text in a plan: `classify@3`."""
        return f"{self.key}@{self.number}"

    @property
    def wording(self) -> Wording:
        """The prompt as a wording of an experiment."""
        return Wording(self.key, self.prompt.prompt, self.prompt.system, self.reference)


def key_of(name: str) -> str:
    """The key for a prompt of that name: `Sort support mail` gives `sort-support-mail`. Raises `LibraryError`."""
    key = "-".join(re.findall(r"[^\W_]+", _folded(name)))[:_LONGEST_KEY].strip("-")
    if not key:
        raise LibraryError("Give the prompt a name with at least one letter or digit.")
    return f"{key}-prompt" if key in _DEVICES else key


def is_key(text: str) -> bool:
    """Whether it is a valid key; nothing else becomes part of a path."""
    return bool(_KEY.fullmatch(text)) and text == _folded(text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def parse_reference(text: str) -> tuple[str, int | None]:
    """Key and version in `classify@3`; the version is `None` for the newest. Raises `LibraryError`."""
    found = _REFERENCE.fullmatch(text.replace(_JOINER, "").strip())
    key = _folded(found["key"]) if found else ""
    if found is None or not is_key(key):
        raise LibraryError(
            f"{text!r} is not the name of a prompt. Write its name and optionally its version, such as classify@3."
        )
    return key, int(found["version"]) if found["version"] else None
