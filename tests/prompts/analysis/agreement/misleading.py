"""Labelled answers: `misleading.toml`, read."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement whose text holds all of `words`, and exactly who makes it."""

    words: str
    by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Answers to one question; what must be found in them, and in which nothing else may be called a conflict."""

    name: str
    texts: tuple[str, ...]
    shared: tuple[Shared, ...]
    conflicts: tuple[tuple[tuple[int, ...], ...], ...]
    """Each with who stands on its sides, the largest side first."""


def _topics() -> tuple[Topic, ...]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Topic(
            topic["name"],
            tuple(topic["texts"]),
            tuple(Shared(each["words"], tuple(each["by"])) for each in topic.get("shared", ())),
            tuple(tuple(map(tuple, sides)) for sides in topic.get("conflicts", ())),
        )
        for topic in read["topic"]
    )


TOPICS = _topics()
