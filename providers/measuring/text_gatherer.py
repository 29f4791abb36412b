"""Collects text from models as it arrives, made safe to store and show without changing what was said.

Owns joining surrogate pairs that a vendor split between two deltas, and replacing what no database accepts (lone
surrogates, U+0000) by U+FFFD; keys of this computer are masked by `EchoMask`. Everything else is kept exactly.
"""

from __future__ import annotations

import re
from itertools import pairwise

from providers.echoes import EchoMask

REPLACEMENT = "\ufffd"
_FEWEST, _SHORTEST = 3, 8
"""Minimum number of deltas, and of characters in the last, for a repetition not to be chance."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Gatherer:
    """Collects one text from its deltas."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._half = ""
        self._keys = EchoMask()
        self.repaired = False
        self.size = 0
        """UTF-8 bytes collected so far."""

    def add(self, piece: str) -> str:
        """The text that this delta adds; half a character, or the possible beginning of a key, is held back."""
        if piece.isascii() and not self._half and "\x00" not in piece:
            return self._keep(self._keys.read(piece))
        piece = self._half + piece
        self._half = piece[-1] if "\ud800" <= piece[-1:] <= "\udbff" else ""
        return self._keep(self._keys.read(self._mend(piece[: len(piece) - len(self._half)])))

    def finish(self) -> str:
        """The text still held back, repaired."""
        half, self._half = self._half, ""
        return self._keep(self._keys.read(self._mend(half), final=True))

    @property
    def masked(self) -> bool:
        """Whether a key was found in it."""
        return self._keys.found

    @property
    def text(self) -> str:
        """All collected text."""
        return "".join(self._pieces)

    @property
    def repeated(self) -> bool:
        """Whether deltas repeated earlier text: the last one all of it, or each one all of it and a little more.

        Some gateways do that. A short text may well repeat a word, so this needs three deltas and some length.
        """
        pieces = [piece for piece in self._pieces if piece]
        if len(pieces) < _FEWEST or len(pieces[-1]) < _SHORTEST:
            return False
        grows = all(len(a) < len(b) and b.startswith(a) for a, b in pairwise(pieces))
        return grows or self.text == 2 * pieces[-1]

    def _keep(self, text: str) -> str:
        self.size += len(text) if text.isascii() else len(text.encode())
        self._pieces.append(text)
        return text

    def _mend(self, text: str) -> str:
        joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if text else text
        mended, replaced = _UNSTORABLE.subn(REPLACEMENT, joined)
        self.repaired = self.repaired or replaced > 0
        return mended
