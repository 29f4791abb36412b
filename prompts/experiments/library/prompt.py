"""A prompt of the library, a version of it, and what it is called. Plain data; no file is read here."""

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
"""Characters of a name."""
MOST_BYTES = 2**20
"""Of a prompt as a file."""
_LONGEST_KEY = 60
_REFERENCE = re.compile(r"(?P<key>.*?)(?:@(?P<version>\d{1,9}))?")
_JOINER = "\u2060"  # the screen puts it before an @, lest a browser makes a mail address of it; copied, it comes along
_KEY = re.compile(r"[^\W_][\w-]*")
# Names of devices on Windows: a folder cannot be called so.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


class LibraryError(ValueError):
    """A prompt that cannot be read, found or saved; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one version of a prompt says."""

    name: str
    """As people read it."""
    prompt: str
    """Text with holes, `{{mail}}`."""
    task: Task = "general"
    system: str | None = None
    """May have holes too; `None`: none is sent."""
    settings: Settings = Settings()
    """What it was written for, such as temperature 0; `settings.system` is never set."""
    samples: tuple[Mapping[str, str], ...] = ()
    """Cases to try it on: what fills the holes, and perhaps what is expected."""
    notes: str = ""

    @property
    def holes(self) -> tuple[str, ...]:
        """Names it needs filled, in the order in which they first occur."""
        return holes(self.system, self.prompt)

    def filled(self, values: Mapping[str, str]) -> tuple[str | None, str]:
        """System prompt and prompt as they are sent. Raises `HoleError` that names every hole without a value."""
        return (None if self.system is None else fill(self.system, values)), fill(self.prompt, values)


@dataclass(frozen=True, slots=True)
class Version:
    """A prompt as it was saved once. It never changes; the next save is the next version."""

    key: str
    """What files and commands call it."""
    number: int
    """From 1."""
    prompt: Prompt
    own: bool = False
    """Somebody's here; else shipped with Collate."""
    saved_at: datetime | None = None
    """`None`: not known, as with one that was shipped."""
    saved_by: str = ""
    """Who saved it, where people log in."""

    @property
    def reference(self) -> str:
        """How a plan names exactly this text: `classify@3`."""
        return f"{self.key}@{self.number}"

    @property
    def wording(self) -> Wording:
        """It as one way to ask in an experiment."""
        return Wording(self.key, self.prompt.prompt, self.prompt.system, self.reference)


def key_of(name: str) -> str:
    """What files call a prompt of that name: `Sort support mail` is `sort-support-mail`. Raises `LibraryError`."""
    key = "-".join(re.findall(r"[^\W_]+", _folded(name)))[:_LONGEST_KEY].strip("-")
    if not key:
        raise LibraryError("Give the prompt a name with at least one letter or digit.")
    return f"{key}-prompt" if key in _DEVICES else key


def is_key(text: str) -> bool:
    """Whether a prompt may be called so; nothing else becomes part of a path."""
    return bool(_KEY.fullmatch(text)) and text == _folded(text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def parse_reference(text: str) -> tuple[str, int | None]:
    """Key and version of `classify@3`; `None` is the newest. Raises `LibraryError`."""
    found = _REFERENCE.fullmatch(text.replace(_JOINER, "").strip())
    key = _folded(found["key"]) if found else ""
    if found is None or not is_key(key):
        raise LibraryError(f"{text!r} names no prompt. Write its name and perhaps its version, such as classify@3.")
    return key, int(found["version"]) if found["version"] else None
