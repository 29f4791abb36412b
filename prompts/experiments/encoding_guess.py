"""Guesses the encoding of a text table that has no byte order mark and is not UTF-8.

Files of Windows programs use the code page of their country, which is recognised by the frequent letters of the
languages written there; texts in none of these languages are left to charset-normalizer. Few letters are little
evidence, so other possible readings of a line are given too.
"""

from __future__ import annotations

import io
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Mapping
from math import log
from unicodedata import category

_LATIN: Mapping[str, tuple[str, ...]] = {
    "cp1252": ("äöüß", "àâçéèêëîïôûùüœæ", "áéíóúñü¿¡ªº", "ãõáéíóúâêôàçªº", "àèéìòù", "åäöéæø", "áéíóöë", "áðéíóúýþæö"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    "cp1254": ("çğıöşüâîi̇",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "mac_roman": ("äöüß", "àâçéèêëîïôûùüœæ", "áéíóúñü¿¡ªº", "ãõáéíóúâêôàçªº", "àèéìòù", "åäöéæø"),
}  # fmt: skip
"""For each encoding, per language written in it, the letters beyond ASCII; the most widely used encodings first."""
_MARKS = "“”„‘’‚–—…€«»°·•§©®™´×£¥ \N{NO-BREAK SPACE}"
_RUSSIAN = "оеаинтсрвлкмдпу"
_OFTEN: Mapping[str, str] = {
    "cp1251": _RUSSIAN, "koi8_r": _RUSSIAN, "cp866": _RUSSIAN, "cp1253": "αοιετσνηυρπκμλςάίόέ",
    "cp1255": "יוהלאתרבמשנ", "cp1256": "اليمونرتبةعد",
}  # fmt: skip
"""For each encoding, the letters that make up most of any text in its language."""
_EAST: Mapping[str, tuple[tuple[int, int, float], ...]] = {
    "gb18030": ((0xB0A1, 0xD7FE, 0.9 / 3755), (0xA1A1, 0xA3FE, 0.1 / 282)),
    "cp949": ((0xB0A1, 0xC8FE, 0.9 / 2350), (0xA1A1, 0xA3FE, 0.02 / 282)),
    "big5": ((0xA440, 0xC67E, 0.9 / 5401), (0xA140, 0xA3BF, 0.1 / 408)),
    "cp932": ((0x829F, 0x8396, 0.6 / 169), (0x889F, 0x9872, 0.3 / 2965), (0x8140, 0x81FC, 0.1 / 147)),
}  # fmt: skip
"""Where the common characters lie (rare ones follow them in each standard), and how probable each is."""
_RARE = 1e-6
_MOST, _NEARLY_ALL = 0.6, 0.95
"""So many of the letters must be frequent ones; in a wrong code page letters are spread over the whole alphabet."""
_HIGH = re.compile(rb"[\x80-\xff]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 6
"""An alphabet is recognised from so many letters on."""
_LOOKED_AT = 2**16  # in bytes
_OTHERS = 3  # how many readings are named beside the guess
_SURE = 64
"""From so many bytes beyond ASCII on a guess counts as sure:
then 2 of 752 texts from programs in 18 languages were guessed wrongly."""


def guessed(data: bytes) -> str | None:
    """The probable encoding of data that is not UTF-8; `None` if it is not recognised."""
    some = _telling(data)
    if _together(some):
        return _by_alphabet(some) or _eastern(some) or _by_patterns(some)
    return _latin(some) or _by_patterns(some, _LATIN) or _by_patterns(some)


def _telling(data: bytes) -> bytes:
    """As many of the lines with letters beyond ASCII as are looked at."""
    found, size = list[bytes](), 0
    for line in io.BytesIO(data):
        if not line.isascii():
            found.append(line)
            size += len(line)
        if size >= _LOOKED_AT:
            break
    return b"".join(found)[:_LOOKED_AT]


def unsure(data: bytes) -> bool:
    """Whether there are too few letters to distinguish encodings."""
    return sum(byte >= 0x80 for byte in _telling(data)) < _SURE


def other_readings(line: bytes, found: str) -> Mapping[str, str]:
    """Readings of the line in other encodings in which it consists of letters, by encoding; a few of them."""
    likely = (*_EAST, *_OFTEN) if _together(line) else tuple(_LATIN)
    told = [line.decode(found, "replace")]
    readings: dict[str, str] = {}
    for encoding in likely:
        text = _letters(line, encoding)
        if text is not None and text not in told and len(readings) < _OTHERS:
            told.append(text)
            readings[encoding] = text
    return readings


def _letters(line: bytes, encoding: str) -> str | None:
    """The line in this encoding; `None` if that gives anything but letters, digits and punctuation."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if all(letter.isascii() or category(letter)[0] in "LMNP" for letter in text) else None


def _together(data: bytes) -> bool:
    """Whether there are adjacent letters beyond ASCII; accented letters usually stand alone among ASCII ones."""
    high = sum(byte >= 0x80 for byte in data)
    return 2 * sum(map(len, _HIGH.findall(data))) >= high


def _by_alphabet(data: bytes) -> str | None:
    """The encoding in which most letters are frequent ones of a known alphabet; `None` if there is none."""
    if sum(byte >= 0x80 for byte in data) < _FEWEST:
        return None
    shares = {encoding: _share(data, encoding, often) for encoding, often in _OFTEN.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _MOST else None


def _latin(data: bytes) -> str | None:
    """The code page in which nearly all accented letters are those of one language."""
    shares = {encoding: max(_share(data, encoding, own + _MARKS) for own in of) for encoding, of in _LATIN.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _NEARLY_ALL else None


def _share(data: bytes, encoding: str, often: str) -> float:
    """The share of frequent letters, reduced for words such as `пРИВЕТ`, a sign of a wrong code page."""
    text = data.decode(encoding, "replace")
    letters = [letter for letter in text.lower() if not letter.isascii()]
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    written = sum(word.islower() or word.isupper() or word.istitle() or word.lower() == word for word in words)
    return sum(letter in often for letter in letters) / len(letters) * (written / len(words) if words else 1.0)


def _eastern(data: bytes) -> str | None:
    """The double-byte encoding in which the data most probably consists of common characters."""
    chances = {encoding: chance for encoding in _EAST if (chance := _chance(data, encoding)) is not None}
    return max(chances, key=chances.__getitem__, default=None)


def _chance(data: bytes, encoding: str) -> float | None:
    """The logarithm of its probability; `None` if it cannot be decoded, or has hardly any common characters."""
    try:
        text = getincrementaldecoder(encoding)().decode(data)  # the last character may be cut off
    except UnicodeDecodeError:
        return None
    found = [_probability(letter.encode(encoding), encoding) for letter in text if not letter.isascii()]
    rare = sum(each == _RARE for each in found)
    return None if 2 * rare >= len(found) else sum(map(log, found))


def _probability(letter: bytes, encoding: str) -> float:
    code = int.from_bytes(letter)
    return next((likely for first, last, likely in _EAST[encoding] if first <= code <= last), _RARE)


def _by_patterns(data: bytes, among: Iterable[str] = ()) -> str | None:
    """The most common of the encodings that fit best, of those in `among` if any are given; `None` if none fits."""
    from charset_normalizer import from_bytes  # only needed for languages not listed above

    found = from_bytes(data, cp_isolation=list(among) or None)
    if (best := found.best()) is None:
        return None
    equal = (each for each in found if (each.chaos, each.coherence) == (best.chaos, best.coherence))
    names = {name for each in equal for name in each.could_be_from_charset}
    return next((name for name in (*_LATIN, *_OFTEN, *_EAST) if name in names), best.encoding)
