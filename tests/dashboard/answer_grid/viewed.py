"""A run as viewers see it, and a screen that shows what they are sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.answer_grid.feed import Change, Viewer
from providers.pictures import Picture


@dataclass(frozen=True)
class Trouble:
    message: str = "no"
    next_step: str = "retry"
    without: str | None = "temperature"


@dataclass(eq=False)
class Column:
    title: str = "Model"
    subtitle: str = "a → b"
    status: str = "streaming"
    text_parts: list[str] = field(default_factory=list)
    thinking_parts: list[str] = field(default_factory=list)
    attempt: int = 0
    note: str | None = None
    figures: tuple[tuple[str, str, str], ...] = ()
    problem: Trouble | None = None
    mark: str | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    alt: str = "a picture"
    askable: bool = True
    elapsed_s: float | None = None


@dataclass(eq=False)
class Run:
    columns: list[Column]
    id: str = "run-1"
    draws: bool = False

    @property
    def finished(self) -> bool:
        return all(column.status == "complete" for column in self.columns)


class Screen:
    """Does with changes what the component does."""

    def __init__(self, columns: int) -> None:
        self.columns = [{"blocks": [], "tail": "", "thinking": "", "head": None} for _ in range(columns)]

    def apply(self, change: Change | None) -> None:
        if not change:
            return
        shown = self.columns[change["column"]]
        if change.get("reset"):
            shown.update(blocks=[], tail="", thinking="")
        shown["blocks"] += change.get("blocks", [])
        if "tail" in change:
            keep, rest = change["tail"]
            shown["tail"] = shown["tail"].encode("utf-16-le")[: 2 * keep].decode("utf-16-le") + rest
        shown["thinking"] += change.get("thinking", "")
        shown["head"] = change.get("head", shown["head"])

    def html(self, column: int = 0) -> str:
        return "".join(self.columns[column]["blocks"]) + self.columns[column]["tail"]


def still() -> float:
    """A clock by which drawing costs nothing, so that no drawing is put off."""
    return 0.0


def look(viewer: Viewer, screen: Screen, columns: int = 1) -> None:
    for column in range(columns):
        more = True
        while more:
            change, more = viewer.changes(column)
            screen.apply(change)
