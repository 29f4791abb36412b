"""How the bytes of a text table are read: as they say themselves, as UTF-8, or by a guess that is told.

Files of Windows programs are in the code page of their country and do not say which. What people write with other
letters than Latin ones is told by which letters come often; the rest is left to charset-normalizer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from prompts.experiments.cases import CasesError

NAMES: Mapping[str, str] = {
    "cp1252": "Western European (Windows-1252)", "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)", "koi8_r": "Cyrillic (KOI8-R)", "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)", "cp1254": "Turkish (Windows-1254)", "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)", "cp1257": "Baltic (Windows-1257)", "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)", "big5": "Chinese (Big5)", "euc_kr": "Korean (EUC-KR)",
    "mac_roman": "Western European (Macintosh)",
}  # fmt: skip
"""What may be chosen, by how it is called."""
_USUAL = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "big5", "euc_kr")
"""The code pages of Windows by how many write in them."""
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "mac_roman")
_RUSSIAN = "оеаинтсрвлкмдпу"
_OFTEN: Mapping[str, str] = {
    "cp1251": _RUSSIAN, "koi8_r": _RUSSIAN, "cp866": _RUSSIAN, "cp1253": "αοιετσνηυρπκμλςάίόέ",
    "cp1255": "יוהלאתרבמשנ", "cp1256": "اليمونرتبةعد",
}  # fmt: skip
"""Letters that most of any text in the language is made of."""
_MOST = 0.6
"""Of the letters have to be such ones; read in a wrong code page, letters are spread over all of it."""
_HIGH = re.compile(rb"[\x80-\xff]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 6
"""Letters by which a language may be told."""
_LOOKED_AT, _LETTERS = 2**20, 2**16  # bytes, and those of which each letter is counted


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, list[str]]:
    """The text of a file and a note where its encoding had to be guessed. Raises `CasesError`.

    `encoding`: as somebody who knows it says.
    """
    if encoding is not None:
        try:
            return data.decode(encoding), [f"Read as {NAMES.get(encoding, encoding)}, as was chosen."]
        except UnicodeDecodeError as exc:
            line = data.count(b"\n", 0, exc.start) + 1
            raise CasesError(f"{name} is not {NAMES.get(encoding, encoding)}: line {line:,} is none.") from None
    for mark, known in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(known), []
            except UnicodeDecodeError as exc:
                raise CasesError(f"{name} begins as {known}, but byte {exc.start:,} is not. Save it anew.") from None
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        if _mostly_utf_8(data):
            raise CasesError(f"{name} is UTF-8, but line {line:,} is not. Save it anew as CSV (UTF-8).") from None
    found = guessed(data)
    if found is None:
        raise CasesError(f"{name} is not text in any known encoding. Save it as CSV (UTF-8).")
    try:
        text = data.decode(found)
    except UnicodeDecodeError:
        raise CasesError(f"{name} mixes encodings. Save it as CSV (UTF-8).") from None
    return text, [f"Read as {NAMES.get(found, found)}, which was guessed: check the letters."]


def guessed(data: bytes) -> str | None:
    """What it is probably written in, which is not UTF-8; `None`: nothing that is known."""
    some = data[:_LOOKED_AT]
    if not _together(some):
        return _by_patterns(some, _LATIN) or _by_patterns(some)
    return _by_letters(some[:_LETTERS]) or _by_patterns(some)


def _together(data: bytes) -> bool:
    """Whether letters beyond ASCII stand beside each other; accents stand alone among other letters."""
    high = sum(byte >= 0x80 for byte in data)
    return 2 * sum(map(len, _HIGH.findall(data))) >= high


def _by_letters(data: bytes) -> str | None:
    """The alphabet whose frequent letters most of it is made of; `None` where that is none of those that are known."""
    if sum(byte >= 0x80 for byte in data) < _FEWEST:
        return None
    best = max(_OFTEN, key=lambda encoding: _likely(data, encoding))
    return best if _likely(data, best) >= _MOST else None


def _likely(data: bytes, encoding: str) -> float:
    """The share of frequent letters, less for words such as `пРИВЕТ`, which come of a wrong code page."""
    text = data.decode(encoding, "replace")
    letters = [letter for letter in text.lower() if not letter.isascii()]
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    written = sum(word.islower() or word.isupper() or word.istitle() or word.lower() == word for word in words)
    often = sum(letter in _OFTEN[encoding] for letter in letters)
    return often / len(letters) * written / len(words) if words else 0.0


def _by_patterns(data: bytes, among: Sequence[str] = ()) -> str | None:
    """Of all encodings, or those `among`, in which it reads equally well what most programs write; `None`: in none."""
    from charset_normalizer import from_bytes  # only for files that are not UTF-8

    found = from_bytes(data, cp_isolation=list(among) or None)
    if (best := found.best()) is None:
        return None
    equal = (each for each in found if (each.chaos, each.coherence) == (best.chaos, best.coherence))
    names = {name for each in equal for name in each.could_be_from_charset}
    return next((name for name in _USUAL if name in names), best.encoding)


def _mostly_utf_8(data: bytes) -> bool:
    """Letters of several bytes hardly ever come about by chance."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not letter.isascii() for letter in text) - wrong > wrong
