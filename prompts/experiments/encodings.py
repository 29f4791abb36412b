"""Decodes a text table: as a person says, by its byte order mark, as UTF-8, or by a guess that is reported."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping

from prompts.experiments.cases import CasesError
from prompts.experiments.encoding_guess import guessed, other_readings, unsure
from providers.spelling import meant

NAMES: Mapping[str, str] = {
    "cp1252": "Western European (Windows-1252)", "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)", "koi8_r": "Cyrillic (KOI8-R)", "cp866": "Cyrillic (DOS 866)",
    "cp1253": "Greek (Windows-1253)", "cp1254": "Turkish (Windows-1254)", "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)", "cp1257": "Baltic (Windows-1257)", "cp932": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)", "big5": "Chinese (Big5)", "cp949": "Korean (CP949, EUC-KR)",
    "mac_roman": "Western European (Macintosh)",
}  # fmt: skip
"""The encodings offered on the page, with their names; a file may name any that Python knows."""
_NO_CHARACTER_SETS = {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
_UTF_8_MARK = codecs.BOM_UTF8
_GUESSED = ", which was guessed"
_SHOWN = 40  # how much of a line is shown, in characters


def known(name: str) -> str:
    """`name`, if Python knows it as a text encoding. Raises `CasesError` that lists the known ones."""
    try:
        b"a\0\0\0".decode(name, "replace")
        if _plain(name) not in _NO_CHARACTER_SETS:
            return name
    except (LookupError, ValueError):  # ValueError: a codec that does not produce text
        pass
    names = ["utf-8", "utf-16", *NAMES]
    there_are = f"There are: {', '.join(names)}, and Python's others."
    raise CasesError(f"The encoding {name!r} is not known. {meant(name, names)}{there_are}")


def was_guessed(notes: Iterable[str]) -> bool:
    """Whether one of the notes of `decode` says that the encoding was guessed."""
    return any(_GUESSED in note for note in notes)


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, list[str]]:
    """The text of a file, and a note if its encoding was guessed. Raises `CasesError`.

    `encoding`: as stated by a person; `None`: to be detected.
    """
    if encoding is not None:
        return _as_said(data, name, encoding)
    for mark, found in ((_UTF_8_MARK, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(found), []
            except UnicodeDecodeError as exc:
                raise CasesError(f"{name} begins as {found}, but byte {exc.start:,} is not. Save it again.") from None
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as exc:
        if _mostly_utf_8(data):
            line = _line(data, exc.start)
            raise CasesError(f"{name} is UTF-8, but line {line:,} is not. Save it again as CSV (UTF-8).") from None
    return _as_guessed(data, name)


def _as_said(data: bytes, name: str, encoding: str) -> tuple[str, list[str]]:
    called = _called(known(encoding))
    if data.startswith(_UTF_8_MARK) and not _plain(encoding).startswith("utf_8"):
        raise CasesError(f"{name} says by its first bytes that it is UTF-8, not {called}. Leave its encoding out.")
    try:
        return data.decode(encoding).removeprefix("\ufeff"), [f"Read as {called}, as was chosen."]
    except UnicodeDecodeError as exc:
        raise CasesError(
            f"{name} is not {called}: line {_line(data, exc.start):,} cannot be decoded. Choose another."
        ) from None
    except UnicodeError:  # UTF-16 and UTF-32, which begin with a mark of their own
        raise CasesError(f"{name} is not {called}. Choose another.") from None


def _as_guessed(data: bytes, name: str) -> tuple[str, list[str]]:
    found = guessed(data)
    if found is None:
        raise CasesError(f"{name} is not text in any known encoding. Save it as CSV (UTF-8).")
    try:
        text = data.decode(found)
    except UnicodeDecodeError:
        raise CasesError(f"{name} mixes encodings. Save it as CSV (UTF-8).") from None
    return text, [f"Read as {_called(found)}{_GUESSED}{_doubt(data, found)}"]


def _doubt(data: bytes, found: str) -> str:
    """The end of the note: how to check the guess, and what else the text may be if it has few letters to tell by."""
    if not unsure(data):
        return ": check the letters."
    place, line = next((n, line) for n, line in enumerate(data.splitlines(), 1) if not line.isascii())
    others = [f"; {each} makes it {_quoted(text)}" for each, text in other_readings(line, found).items()]
    return f" from few letters. Line {place:,} reads {_quoted(line.decode(found, 'replace'))}{''.join(others)}."


def _quoted(line: str) -> str:
    return f"“{line[: _SHOWN - 1]}…”" if len(line) > _SHOWN else f"“{line}”"


def _called(encoding: str) -> str:
    return NAMES.get(_plain(encoding), encoding)


def _plain(encoding: str) -> str:
    return codecs.lookup(encoding).name.replace("-", "_")


def _line(data: bytes, byte: int) -> int:
    return data.count(b"\n", 0, byte) + 1


def _mostly_utf_8(data: bytes) -> bool:
    """Whether it is UTF-8 with some damage: valid sequences of several bytes hardly ever arise by chance."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not letter.isascii() for letter in text) - wrong > wrong
