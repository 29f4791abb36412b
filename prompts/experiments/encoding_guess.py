"""A guess at what a text table is written in, for files that do not say and are not UTF-8.

Files of Windows programs are in the code page of their country. Which it is, is told by the letters that come often
in what is written there; what no language here fits is left to charset-normalizer. Few letters tell little, so what
else a line may be is given too.
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
"""The letters beyond ASCII of each language that is written in it, those that are written most first."""
_MARKS = "“”„‘’‚–—…€«»°·•§©®™´×£¥ \N{NO-BREAK SPACE}"
_RUSSIAN = "оеаинтсрвлкмдпу"
_OFTEN: Mapping[str, str] = {
    "cp1251": _RUSSIAN, "koi8_r": _RUSSIAN, "cp866": _RUSSIAN, "cp1253": "αοιετσνηυρπκμλςάίόέ",
    "cp1255": "יוהלאתרבמשנ", "cp1256": "اليمونرتبةعد",
}  # fmt: skip
"""Letters that most of any text in the language is made of."""
_EAST: Mapping[str, tuple[tuple[int, int, float], ...]] = {
    "gb18030": ((0xB0A1, 0xD7FE, 0.9 / 3755), (0xA1A1, 0xA3FE, 0.1 / 282)),
    "cp949": ((0xB0A1, 0xC8FE, 0.9 / 2350), (0xA1A1, 0xA3FE, 0.02 / 282)),
    "big5": ((0xA440, 0xC67E, 0.9 / 5401), (0xA140, 0xA3BF, 0.1 / 408)),
    "cp932": ((0x829F, 0x8396, 0.6 / 169), (0x889F, 0x9872, 0.3 / 2965), (0x8140, 0x81FC, 0.1 / 147)),
}  # fmt: skip
"""Where the characters lie that are in use (each standard has the rare ones behind them), and how likely one is."""
_RARE = 1e-6
_MOST, _NEARLY_ALL = 0.6, 0.95
"""Of the letters have to be such ones; read in a wrong code page, letters are spread over all of it."""
_HIGH = re.compile(rb"[\x80-\xff]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 6
"""Letters by which an alphabet may be told."""
_LOOKED_AT = 2**16  # bytes
_OTHERS = 3  # readings that are named beside the guess
_SURE = 64
"""Bytes beyond ASCII; with so many, of texts of programs in 18 languages 2 of 752 were guessed wrongly."""


def guessed(data: bytes) -> str | None:
    """What it is probably written in, which is not UTF-8; `None`: nothing that is known."""
    some = _telling(data)
    if _together(some):
        return _by_alphabet(some) or _eastern(some) or _by_patterns(some)
    return _latin(some) or _by_patterns(some, _LATIN) or _by_patterns(some)


def _telling(data: bytes) -> bytes:
    """As many of its lines with letters beyond ASCII as are looked at."""
    found, size = list[bytes](), 0
    for line in io.BytesIO(data):
        if not line.isascii():
            found.append(line)
            size += len(line)
        if size >= _LOOKED_AT:
            break
    return b"".join(found)[:_LOOKED_AT]


def unsure(data: bytes) -> bool:
    """Whether there are too few letters to tell one encoding from another."""
    return sum(byte >= 0x80 for byte in _telling(data)) < _SURE


def other_readings(line: bytes, found: str) -> Mapping[str, str]:
    """What the line would be in other encodings that make letters of it, by encoding; a few of them."""
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
    """The line in this encoding; `None` where that makes more of it than letters, digits and punctuation."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if all(letter.isascii() or category(letter)[0] in "LMNP" for letter in text) else None


def _together(data: bytes) -> bool:
    """Whether letters beyond ASCII stand beside each other; accents stand alone among other letters."""
    high = sum(byte >= 0x80 for byte in data)
    return 2 * sum(map(len, _HIGH.findall(data))) >= high


def _by_alphabet(data: bytes) -> str | None:
    """The alphabet whose frequent letters most of it is made of; `None` where that is none of those that are known."""
    if sum(byte >= 0x80 for byte in data) < _FEWEST:
        return None
    shares = {encoding: _share(data, encoding, often) for encoding, often in _OFTEN.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _MOST else None


def _latin(data: bytes) -> str | None:
    """The code page in which nearly all accents are those of one language."""
    shares = {encoding: max(_share(data, encoding, own + _MARKS) for own in of) for encoding, of in _LATIN.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _NEARLY_ALL else None


def _share(data: bytes, encoding: str, often: str) -> float:
    """The share of these letters, less for words such as `пРИВЕТ`, which come of a wrong code page."""
    text = data.decode(encoding, "replace")
    letters = [letter for letter in text.lower() if not letter.isascii()]
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    written = sum(word.islower() or word.isupper() or word.istitle() or word.lower() == word for word in words)
    return sum(letter in often for letter in letters) / len(letters) * (written / len(words) if words else 1.0)


def _eastern(data: bytes) -> str | None:
    """The standard of two bytes a character whose characters in use it is most likely made of."""
    chances = {encoding: chance for encoding in _EAST if (chance := _chance(data, encoding)) is not None}
    return max(chances, key=chances.__getitem__, default=None)


def _chance(data: bytes, encoding: str) -> float | None:
    """The logarithm of its probability; `None` where it cannot be read so, or hardly a character is in use."""
    try:
        text = getincrementaldecoder(encoding)().decode(data)  # the last character may be cut
    except UnicodeDecodeError:
        return None
    found = [_probability(letter.encode(encoding), encoding) for letter in text if not letter.isascii()]
    rare = sum(each == _RARE for each in found)
    return None if 2 * rare >= len(found) else sum(map(log, found))


def _probability(letter: bytes, encoding: str) -> float:
    code = int.from_bytes(letter)
    return next((likely for first, last, likely in _EAST[encoding] if first <= code <= last), _RARE)


def _by_patterns(data: bytes, among: Iterable[str] = ()) -> str | None:
    """Of all encodings, or those `among`, in which it reads equally well what most programs write; `None`: in none."""
    from charset_normalizer import from_bytes  # only for files in no language above

    found = from_bytes(data, cp_isolation=list(among) or None)
    if (best := found.best()) is None:
        return None
    equal = (each for each in found if (each.chaos, each.coherence) == (best.chaos, best.coherence))
    names = {name for each in equal for name in each.could_be_from_charset}
    return next((name for name in (*_LATIN, *_OFTEN, *_EAST) if name in names), best.encoding)
