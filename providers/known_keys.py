"""Every key made in this process, in all the ways in which it may be written.

Owns the written forms of a key (as it is, by line, as code prints it, in JSON, in addresses, in base64), its pieces,
and finding them in a text. Keeps them for the life of the process; shows them to nobody.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

PIECE = 10
"""So many consecutive characters of a key are recognised anywhere."""
LEAST = 4
"""Shorter keys are not recognised, as they would be found in ordinary words."""
WORDY = 20
"""A shorter key of letters only (`lm-studio`, `no-key-required`) is a word that an answer may use."""
PLACEHOLDERS = frozenset(
    "anything dummy empty fake llama lm-studio lmstudio local localhost no-key no-key-required no_key nokey none "
    "not-needed null ollama sk-no-key-required test unused vllm".split()
)
"""What people write if a server wants some key and accepts any: not secrets, and words in ordinary messages."""
START = 4

forms: set[str] = set()
pieces: set[str] = set()
_starts: set[str] = set()
"""The beginnings of all forms and pieces: a text without any of these contains no key."""
_learning = threading.Lock()  # several pages may be given a key at once
_by_start: dict[str, tuple[str, ...]] = {}
"""The forms that no answer contains by chance, longest first, by their beginning."""


def learn(value: str) -> None:
    """Recognise this key from now on."""
    if len(value) < LEAST or value.lower() in PLACEHOLDERS:
        return
    with _learning:
        new = _forms(value) - forms
        forms.update(new)
        pieces.update(piece for form in new for piece in _cut(form) if not _WORDS.fullmatch(piece))
        for form in new:
            if len(form) >= (WORDY if _WORDS.fullmatch(form) else PIECE):
                same = (*_by_start.get(form[:START], ()), form)
                _by_start[form[:START]] = tuple(sorted(same, key=len, reverse=True))
        _starts.update(_by_start, (piece[:START] for piece in pieces))


def found(text: str) -> list[tuple[int, int]]:
    """The (start, end) places of keys and pieces of keys in an answer, from left to right, merged if they touch.

    A key that is an ordinary word is not searched for, as it would be found where nobody meant it.
    """
    spans: list[tuple[int, int]] = []
    if clear(text, 0):
        return spans
    for at in range(len(text) - START + 1):
        end = at + PIECE if text[at : at + PIECE] in pieces else at
        for form in _by_start.get(text[at : at + START], ()):
            if text.startswith(form, at):
                end = max(end, at + len(form))
                break
        if end == at:
            continue
        if spans and at <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((at, end))
    return spans


def none_begins(text: str) -> bool:
    """Whether no key begins in `text`, except possibly in the last `START - 1` characters.

    Fast, as every piece is checked.
    """
    return _starts.isdisjoint([text[at : at + START] for at in range(len(text) - START + 1)])


def clear(text: str, new: int) -> bool:
    """Whether no key begins or continues in `text` from `new` on."""
    last = len(text) - START + 1
    if _starts.isdisjoint([text[at : at + START] for at in range(max(new - PIECE + 1, 0), last)]):
        return True
    if not _by_start.keys().isdisjoint([text[at : at + START] for at in range(max(new - START + 1, 0), last)]):
        return False
    return pieces.isdisjoint([text[at : at + PIECE] for at in range(max(new - PIECE + 1, 0), len(text) - PIECE + 1)])


def begun(text: str) -> int | None:
    """The place at the end of `text` where a key begins that may continue in the next piece;
    `None` if there is none."""
    for at in range(len(text) - START + 1):
        rest = text[at:] if text[at : at + START] in _by_start else ""
        if rest and any(len(form) > len(rest) and form.startswith(rest) for form in _by_start[rest[:START]]):
            return at
    return None


def _forms(value: str) -> set[str]:
    """The ways in which a key is written: as it is, in capitals or without, by line, as code or JSON prints it, in
    addresses, in base64."""
    lines = {line for line in value.splitlines() if len(line) >= PIECE}
    raw = value.encode("utf-8", "surrogatepass")
    found = {value, repr(raw)[2:-1], raw.decode("latin-1"), raw.hex(), raw.hex().upper(), *_base64(raw)}
    if len(value) >= PIECE and not _WORDS.fullmatch(value):
        found |= {value.lower(), value.upper()}
    for each in (value, *lines):
        in_json = json.dumps(each)[1:-1]
        found |= {each, repr(each)[1:-1], ascii(each)[1:-1], in_json, json.dumps(in_json)[1:-1], html.escape(each)}
        found |= {quote(each, safe=safe, errors="surrogatepass") for safe in ("", "/")}
        found |= {quote_plus(each, errors="surrogatepass"), quote(quote(each, safe="", errors="surrogatepass"))}
    found |= {_lower_escapes(each) for each in found}
    return {each for each in found if len(each) >= LEAST}


def _base64(raw: bytes) -> set[str]:
    """The key in base64, alone or within more (`user:key`): for three alignments, without the ends that vary."""
    found: set[str] = set()
    for shift in range(3):
        inner = base64.b64encode(b"\0" * shift + raw).decode()
        inner = inner[(0, 2, 3)[shift] : len(inner) - (0, 3, 2)[(shift + len(raw)) % 3]]
        found |= {inner, inner.translate(_URL_SAFE)}
    return {each for each in found if len(each) >= PIECE}


def _cut(text: str) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


_WORDS = re.compile(r"[a-z _./:-]*|[0-9 _./:-]*")
"""A piece that may occur in any sentence: `my-gateway-password` must not mask "gateway-", nor `2026` a date."""
_URL_SAFE = str.maketrans("+/", "-_")


def _lower_escapes(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), text)
