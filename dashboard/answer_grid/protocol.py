"""What the answer grid must know of a run: the properties it reads, and the tone of each state.

Anything with these properties can be shown: a live run of the engine as well as one from the record.
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
"""How prominently each state is shown; its words are in `prompts.core.format.STATES`."""


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
    """One column. The engine sets `status` last, after everything that belongs to it.

    On a retry the texts are replaced by new lists and the status is set back before `attempt` is raised. The same
    happens when text turns out to have been thinking.
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
        """Why it is still waiting; `None` if there is nothing to say."""
        ...

    @property
    def figures(self) -> Sequence[tuple[str, str, str]]:
        """Label, value and help of each figure, formatted."""
        ...

    @property
    def problem(self) -> Problem | None: ...
    @property
    def pictures(self) -> Sequence[Picture]:
        """The pictures so far; of one that is still being drawn, its newest preview."""
        ...

    @property
    def askable(self) -> bool:
        """Whether the model can be asked again for this answer."""
        ...

    def alt(self, picture: Picture) -> str:
        """Alternative text of one of its pictures."""
        ...

    def content(self, digest: str) -> bytes | None:
        """The bytes of one of its pictures; `None` if they are not in memory."""
        ...

    def made_from(self, picture: Picture) -> Mapping[str, str]:
        """How a picture was made (model, prompt, settings and so on), by name: written into a file of it."""
        ...

    @property
    def elapsed_s(self) -> float | None:
        """Seconds since the request was sent; `None` before that. The browser counts on from here."""
        ...

    @property
    def mark(self) -> str | None:
        """How this column differs from the others, in a few words; `None` if it does not."""
        ...

    @property
    def earlier(self) -> Sequence[tuple[str, str]]:
        """Role and text of each turn before this answer; complete from the start and never changed."""
        ...


class RunView(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def columns(self) -> Sequence[ColumnView]: ...
    @property
    def finished(self) -> bool: ...
    @property
    def draws(self) -> bool: ...
