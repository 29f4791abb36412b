"""What somebody probably meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


def meant(word: object, known: Iterable[str], others: Mapping[str, str] = {}) -> str:
    """`Did you mean 'name'? `, with the space behind it; empty where nothing known is written alike.

    `others`: what people may call some of them, by that word.
    """
    words = {**{each: each for each in known}}
    words |= {called: name for called, name in others.items() if name in words and called not in words}
    like = get_close_matches(str(word).lower(), sorted(words), 1)
    return f"Did you mean {words[like[0]]!r}? " if like else ""
