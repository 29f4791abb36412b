"""Keys: held so that they cannot be printed by accident, and removed from any text that leaves.

Owns `Secret` and `redact`. Every `Secret` made in this process is known to `redact`, so a vendor
that echoes a key in an error, or a URL that carries one, is cleaned at the boundary.
"""

from __future__ import annotations

import re
from urllib.parse import quote

MASK = "***"
_known: set[str] = set()

_KEY_SHAPES = re.compile(
    r"(?:sk|pk|gsk|xai|fw|tgp|hf|key)[-_][A-Za-z0-9_\-]{12,}"  # OpenAI, Anthropic, Groq, xAI, Fireworks, Together ...
    r"|AIza[A-Za-z0-9_\-]{20,}"  # Google
    r"|(?<=[Bb]earer )[A-Za-z0-9._\-]{8,}"
    r"|(?<=[?&]key=)[^&\s\"']+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in a URL
)


class Secret:
    """A key. Its `repr` and `str` are `***`; only `reveal` gives the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= 4:  # shorter ones would mask ordinary words in every message
            _known.update({value, quote(value, safe="", errors="surrogatepass")})

    def reveal(self) -> str:
        """The key itself, for the SDK client's constructor and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never serialised")


def redact(text: str) -> str:
    """`text` without any key made in this process or anything that has the shape of one."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, MASK)
    return _KEY_SHAPES.sub(MASK, text)
