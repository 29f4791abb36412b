"""Finds numbers of persons and accounts in a text: phones, cards, bank accounts, national numbers.

Owns the candidate patterns; whether a candidate is valid is decided by libraries that know the numbering plans and
check digits: phonenumbers and python-stdnum, imported at the first candidate. A number of digits alone counts as a
national one only after a word that names it, as one in ten random numbers has a valid check digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Literal

NumberKind = Literal["phone", "IBAN", "card", "ID"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern for one kind of number, and how candidates are validated."""

    kind: NumberKind
    pattern: re.Pattern[str]
    """If it has a group `secret`, only that is the number."""
    holds: Callable[[str], bool]
    shown: int = 0
    """How many characters of the number may be shown."""
    named: tuple[str, ...] = ()
    """Words, one of which must precede it; empty: none is needed."""
    fewest: int = 1
    """The least number of digits that stand together in it, with only punctuation between them."""


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) places of IBANs: of the length used by their country, with a valid check (ISO 13616)."""
    for match in _IBAN.finditer(text):
        wanted, taken, end = _iban_length(match[0][:2]), 0, match.start()
        while taken < wanted and end < len(text) and (_is_iban_letter(text[end]) or text[end] == " "):
            taken += text[end] != " "
            end += 1
        number = text[match.start() : end].replace(" ", "")
        if wanted == len(number) and not text[end : end + 1].isalnum() and _valid("iban", number):
            yield match.start(), end


def _is_iban_letter(letter: str) -> bool:
    return letter.isascii() and (letter.isdecimal() or letter.isupper())


@cache
def _iban_length(country: str) -> int:
    """The length of an IBAN of that country, from the SWIFT registry in python-stdnum;
    0 if there is no such country."""
    from stdnum import numdb

    (_, facts), *_ = numdb.get("iban").info(country)
    return 4 + sum(int(part) for part in re.findall(r"(\d+)!", facts["bban"])) if facts else 0


@lru_cache(maxsize=4096)
def _valid(module: str, number: str) -> bool:
    """Whether python-stdnum accepts it as a number of that kind."""
    checks: Any = import_module(f"stdnum.{module}")
    return bool(checks.is_valid(number))


def _national(*modules: str) -> Callable[[str], bool]:
    return lambda number: any(_valid(module, number) for module in modules)


def _is_of_its_shape(number: str) -> bool:
    return any(re.fullmatch(pattern, number) and _valid(module, number) for pattern, module in _SHAPED)


def _is_card(text: str) -> bool:
    """Whether it has a length and prefix that issuers use, and a valid check digit (Luhn, ISO/IEC 7812)."""
    digits = "".join(c for c in text if c.isdecimal())
    return _CARDS.fullmatch(digits) is not None and _valid("luhn", digits)


@lru_cache(maxsize=4096)
def _is_phone(text: str) -> bool:
    """Whether it is valid in the numbering plan of its country, or of one where such numbers are common."""
    import phonenumbers

    if sum(c.isdecimal() for c in text) < _FEWEST_DIGITS:
        return False
    for region in (None,) if text.startswith("+") else _REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


_FEWEST_DIGITS = 9  # shorter ones can be any number
_REGIONS = ("US", "GB", "DE", "FR", "IT", "ES", "NL", "AT", "CH", "BE", "PL", "SE", "AU", "IN", "BR", "JP")
_CARDS = re.compile(r"4(\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[68]\d{12}|35\d{14}|6\d{15}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?= ?[A-Z0-9])")

_INTERNATIONAL = r"(?<![\w+])\+[1-9](?:[ ./()-]{0,2}\d){7,14}(?![\w])"
_NORTH_AMERICAN = r"(?<![\w.+/-])(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-.]\d{4}(?![\w-]|\.\d)"
_TRUNK = (
    r"(?<![\w.+/:-])(?<!\d )(?!\d{5}-\d{4}(?!\d))\(?0[1-9]\d{1,4}\)?(?: ?/ ?|[ -])\d{3,8}(?:[ -]\d{2,5}){0,3}"
    r"(?![\w/]|[.:-]\d)"
)
_NAMED_PHONE = (
    r"(?i:(?<!\w)(?:tel|phone|telephone|mobile|cell|fax|telefon|handy|mobil|téléphone|portable|teléfono|móvil|"
    r"telefono|cellulare)(?:\.|:|\s?(?:no|nr|number|nummer)\.?:?)?)\s{0,3}(?P<secret>[(0-9][0-9 ()/.-]{7,20}\d)(?!\w)"
)
_CARD = r"(?<![\w.+])(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![\w]|[ -]\d)"
_SSN = r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"
_TAX = r"(?<![\w.+-])(?<!\d )\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-]| \d|\.\d)"

_SHAPED: tuple[tuple[str, str], ...] = (
    (r"(?<!\w)756\.\d{4}\.\d{4}\.\d{2}(?!\w)", "ch.ssn"),
    (r"(?<!\w)[12] ?\d{2} ?\d{2} ?\d[0-9AB] ?\d{3} ?\d{3} ?\d{2}(?!\w)", "fr.nir"),
    (r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)", "it.codicefiscale"),
    (r"(?<!\w)\d{8}-?[A-HJ-NP-TV-Z](?!\w)", "es.dni"),
    (r"(?<!\w)[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z](?!\w)", "es.nie"),
    (r"(?<!\w)[0-3]\d[01]\d{3}[-+A]\d{3}[0-9A-Y](?!\w)", "fi.hetu"),
    (r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])", "se.personnummer"),
    (r"(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)", "br.cpf"),
    (r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)", "mx.curp"),
    (r"(?<!\w)[1-9]\d{5}(?:19|20)\d{9}[0-9X](?!\w)", "cn.ric"),
    (r"(?<![\w-])\d{6}-[1-8]\d{6}(?![\w-])", "kr.rrn"),
)
"""National numbers recognised by their form, with the module of python-stdnum that validates them."""
_NAMED: tuple[tuple[str, str], ...] = (
    ("pesel", "pl.pesel"), ("bsn|burgerservicenummer", "nl.bsn"), ("nhs", "gb.nhs"), ("sin", "ca.sin"),
    ("aadhaar|aadhar", "in_.aadhaar"), ("kimlik", "tr.tckimlik"), ("fødselsnummer|fodselsnummer", "no.fodselsnummer"),
    ("cpr", "dk.cpr"), ("cpf", "br.cpf"), ("rijksregisternummer|registre national", "be.nn"), ("cnp", "ro.cnp"),
    ("id number|identity number", "za.idnr"), ("ssn|social security", "us.ssn"),
    ("nir|numéro de sécurité sociale", "fr.nir"),
)  # fmt: skip
"""Words that introduce a national number, in the languages where it is used."""


def _after(words: str) -> str:
    return rf"(?i:(?<!\w)(?:{words})(?!\w))[^\d\n]{{0,20}}(?P<secret>\d(?:[ .-]?\d){{7,17}})(?!\w)"


CANDIDATES: tuple[Candidate, ...] = (
    *(
        Candidate("phone", re.compile(p), _is_phone, 2, fewest=_FEWEST_DIGITS)
        for p in (_INTERNATIONAL, _NORTH_AMERICAN, _TRUNK, _NAMED_PHONE)
    ),
    Candidate("card", re.compile(_CARD), _is_card, 1, fewest=13),
    Candidate("ID", re.compile(_SSN), _national("us.ssn"), fewest=9),
    Candidate("ID", re.compile(_TAX), _national("de.idnr"), 2, fewest=11),
    Candidate(
        "ID",
        re.compile(r"(?<!\w)(?=[0-9A-Z])(?:" + "|".join(pattern for pattern, _ in _SHAPED) + ")"),
        _is_of_its_shape,
    ),
    *(
        Candidate("ID", re.compile(_after(w)), _national(module), named=tuple(w.split("|")), fewest=8)
        for w, module in _NAMED
    ),
)
