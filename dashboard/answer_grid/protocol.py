"""What the answer grid must know of a run: the shape it reads, and the words for each state.

Owns no run. Whoever has these properties can be shown: the engine's columns and those of the record alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from prompts.core.answer import AnswerState
from providers.pictures import Picture

Tone = Literal["quiet", "busy", "good", "warn", "bad"]

TONES: Mapping[AnswerState, Tone] = {
    "waiting": "quiet",
    "preparing": "quiet",
    "sent": "busy",
    "streaming": "busy",
    "complete": "good",
    "cut": "warn",
    "filtered": "warn",
    "refused": "warn",
    "empty": "warn",
    "incomplete": "bad",
    "failed": "bad",
    "cancelled": "quiet",
    "unknown": "bad",
}
"""How loudly each state is shown; its words are `prompts.core.format.STATES`."""


class Problem(Protocol):
    """Why a column has no proper answer."""

    @property
    def message(self) -> str: ...
    @property
    def next_step(self) -> str: ...
    @property
    def without(self) -> str | None:
        """The setting that the vendor objects to, if the request may be tried without it."""
        ...


class ColumnView(Protocol):
    """One column, as the engine shows it. The engine sets `status` last, after what belongs to it.

    On a retry the texts are replaced by new lists and the status set back before `attempt` is raised; where text
    turns out to be thinking, likewise.
    """

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def text_parts(self) -> Sequence[str]: ...
    @property
    def thinking_parts(self) -> Sequence[str]: ...
    @property
    def status(self) -> AnswerState: ...
    @property
    def attempt(self) -> int: ...
    @property
    def note(self) -> str | None:
        """Why it waits."""
        ...

    @property
    def figures(self) -> Sequence[tuple[str, str, str]]:
        """Label, value and help of each figure, formatted."""
        ...

    @property
    def problem(self) -> Problem | None: ...
    @property
    def pictures(self) -> Sequence[Picture]:
        """What was drawn so far; of a picture on its way the newest glimpse."""
        ...

    @property
    def askable(self) -> bool:
        """Whether somebody can be asked for it again."""
        ...

    def alt(self, picture: Picture) -> str:
        """What a picture of it is, for who does not see it."""
        ...

    def content(self, digest: str) -> bytes | None:
        """One of its pictures, where it is in memory."""
        ...

    def made_from(self, picture: Picture) -> Mapping[str, str]:
        """How a picture came about, by name: for a file of it."""
        ...

    @property
    def elapsed_s(self) -> float | None:
        """Seconds since the request was sent; `None` before. The screen counts on from here."""
        ...

    @property
    def mark(self) -> str | None:
        """In a few words, how it is not like the others."""
        ...

    @property
    def earlier(self) -> Sequence[tuple[str, str]]:
        """Role and text of the turns before this one; complete from the start, and never changed."""
        ...


class RunView(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def columns(self) -> Sequence[ColumnView]: ...
    @property
    def finished(self) -> bool: ...
