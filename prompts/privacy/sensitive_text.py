"""What in a prompt looks like a key or like personal data, found before it leaves.

Owns the patterns, each with the check that keeps it from crying wolf (check digits, lengths, a digit in
what claims to be random). Refuses to be sure: it finds what has a known shape, and a name or an address
has none. Takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["key", "password", "e-mail", "phone", "IBAN", "card", "ID"]

WORDS: dict[Kind, tuple[str, str]] = {
    "key": ("a key", "keys"),
    "password": ("a password", "passwords"),
    "e-mail": ("an e-mail address", "e-mail addresses"),
    "phone": ("a phone number", "phone numbers"),
    "IBAN": ("a bank account (IBAN)", "bank accounts (IBAN)"),
    "card": ("a payment card number", "payment card numbers"),
    "ID": ("a personal number", "personal numbers"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that asks for a second thought."""

    kind: Kind
    excerpt: str
    """Its beginning, never enough to use it."""
    start: int
    end: int
    """One past its last character."""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    pattern: re.Pattern[str]
    """Where it has a group `secret`, only that is the finding."""
    holds: Callable[[str], bool] = lambda _: True
    shown: int = 0
    """How many characters of it may be shown."""


def scan(text: str) -> tuple[Finding, ...]:
    """Everything found, in the order of the text, without overlaps."""
    found = [*(finding for rule in _RULES for finding in _matches(rule, text)), *_ibans(text)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda finding: finding.start):
        if kept and finding.start < kept[-1].end:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, finding.end))  # nothing of either may be left over
        else:
            kept.append(finding)
    return tuple(kept)


def masked(text: str, findings: Iterable[Finding]) -> str:
    """`text` with each finding replaced by its kind: `[key]`, `[e-mail]`."""
    parts: list[str] = []
    position = 0
    for finding in findings:
        parts += [text[position : finding.start], f"[{finding.kind}]"]
        position = finding.end
    return "".join([*parts, text[position:]])


def said(findings: Sequence[Finding]) -> str:
    """What was found, in words: `a key (sk-p…) and 2 e-mail addresses (j…, m…)`; empty when nothing was."""
    groups: dict[Kind, list[str]] = {}
    for finding in findings:
        groups.setdefault(finding.kind, []).append(finding.excerpt)
    parts: list[str] = []
    for kind, excerpts in groups.items():
        one, many = WORDS[kind]
        shown = ", ".join(list(dict.fromkeys(e for e in excerpts if e != "…"))[:3])
        parts.append((one if len(excerpts) == 1 else f"{len(excerpts)} {many}") + (f" ({shown})" if shown else ""))
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _matches(rule: _Rule, text: str) -> Iterator[Finding]:
    group = "secret" if "secret" in rule.pattern.groupindex else 0
    for match in rule.pattern.finditer(text):
        secret, (start, end) = match[group], match.span(group)
        if rule.holds(secret):
            yield Finding(rule.kind, secret[: rule.shown] + "…", start, end)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _digits(text: str) -> list[int]:
    return [int(c) for c in text if c.isdecimal()]


def _is_secret(value: str) -> bool:
    """A value, not the code that fetches one, and not a placeholder."""
    return _PLACEHOLDER.match(value) is None and len(set(value)) > 3


def _is_phone(text: str) -> bool:
    return 9 <= len(_digits(text)) <= 15


def _is_card(text: str) -> bool:
    """A length and a beginning that issuers use, and a right check digit (Luhn, ISO/IEC 7812)."""
    digits = _digits(text)
    doubled = [d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and _CARDS.fullmatch("".join(map(str, digits))) is not None


def _is_tax_number(text: str) -> bool:
    """The German tax number (IdNr): one digit twice or thrice among ten, and a check digit (ISO 7064, 11 and 10)."""
    digits = _digits(text)
    often = Counter(digits[:10]).most_common(2)
    if digits[0] == 0 or often[0][1] not in (2, 3) or often[1][1] > 1:
        return False
    product = 10
    for digit in digits[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == digits[10]


def _ibans(text: str) -> Iterator[Finding]:
    """Account numbers of the length their country uses, with a right check (ISO 13616, modulo 97)."""
    for match in _IBAN.finditer(text):
        wanted, taken, end = _IBAN_LENGTHS.get(match[0][:2], 0), 0, match.start()
        while taken < wanted and end < len(text) and (_is_iban_letter(text[end]) or text[end] == " "):
            taken += text[end] != " "
            end += 1
        number = text[match.start() : end].replace(" ", "")
        if wanted == len(number) and not text[end : end + 1].isalnum() and _remainder(number) == 1:
            yield Finding("IBAN", number[:2] + "…", match.start(), end)


def _is_iban_letter(letter: str) -> bool:
    return letter.isascii() and (letter.isdecimal() or letter.isupper())


def _remainder(number: str) -> int:
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97


_KEY = (
    r"(?<![A-Za-z0-9_-])(?:sk-ant-|sk-proj-|sk-or-|sk-)[A-Za-z0-9_-]{16,}+",  # Anthropic, OpenAI, OpenRouter
    r"(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",  # Google
    r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # Amazon
    r"(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_[A-Za-z0-9_]{22,}+)",  # GitHub
    r"(?<![A-Za-z0-9_-])(?:glpat-[A-Za-z0-9_-]{20,}+|xox[abeoprs]-[A-Za-z0-9-]{10,}+)",  # GitLab, Slack
    r"(?<![A-Za-z0-9_])(?:gsk_|hf_|npm_|sk_live_|rk_live_)[A-Za-z0-9]{20,}+",  # Groq, Hugging Face, npm, Stripe
)
_JWT = r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{10,}+"
_BEARER = r"(?i:(?<![a-z0-9])bearer)[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/-]{20,}+=*+)"
_PEM = r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY-----(?:(?!-----)[\s\S])*+(?:-----END [A-Z0-9 ]{1,60}-----)?"
_ASSIGNED = (
    r"(?i:(?<![a-z0-9])(?:password|passwd|passwort|pwd|secret|api[_-]?key|access[_-]?key|access[_-]?token|"
    r"auth[_-]?token|client[_-]?secret|secret[_-]?key))[\"']?[ \t]{0,3}(?::|=(?!=))[ \t]{0,3}"
)
_QUOTED = _ASSIGNED + r"(?P<quote>[\"'])(?P<secret>[^\s\"'(){}\[\]$<>]{6,200}+)(?P=quote)"
_BARE = _ASSIGNED + r"(?P<secret>[^\s\"'`(){}\[\]$<>,;&]{6,200}+)(?![(\[])"
_ADDRESS = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}+://[^\s/:@]{0,100}+:(?P<secret>[^\s/@]{1,200}+)@[\w.\[-]"
_EMAIL = r"(?<![\w.+%-])\w[\w.+%-]{0,63}+@(?:[^\W_](?:[\w-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![\w-]|:[\w/])"
_INTERNATIONAL = r"(?<![\w+])\+[1-9](?:[ ./()-]{0,2}\d){7,14}(?![\w])"
_NORTH_AMERICAN = r"(?<![\w.+/-])(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-.]\d{4}(?![\w-]|\.\d)"
_TRUNK = r"(?<![\w.+/:-])(?<!\d )\(?0[1-9]\d{1,4}\)?(?: ?/ ?|[ -])\d{3,8}(?:[ -]\d{2,5}){0,3}(?![\w/]|[.:-]\d)"
_CARD = r"(?<![\w.+])(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![\w]|[ -]\d)"
_SSN = r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"
_TAX = r"(?<![\w.+-])(?<!\d )\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-]| \d|\.\d)"

_PLACEHOLDER = re.compile(
    r"(?i:your|my[-_ ]|<|example|changeme|change[-_]|placeholder|redacted|none$|null$|true$|false$|os\.|env\.|"
    r"process\.|self\.|config\.|settings\.|getpass|str$|string$|optional)"
)
_CARDS = re.compile(r"4(\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[68]\d{12}|35\d{14}|6\d{15}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?= ?[A-Z0-9])")
_IBAN_LENGTHS = {
    code: int(length)
    for row in (
        "15 NO", "16 BE", "18 DK FO FI GL NL", "19 MK SI", "20 AT BA EE KZ LT LU XK", "21 CH HR LI LV",
        "22 BG BH CR DE GB GE IE ME RS", "23 AE GI IL IQ", "24 AD CZ ES MD PK RO SA SE SK TN VG", "25 PT ST",
        "26 IS TR", "27 FR GR IT MC MR SM", "28 AL AZ CY DO GT HU LB PL", "29 BR EG PS QA UA", "30 JO KW MU",
        "31 MT SC",
    )
    for length, *codes in [row.split()]
    for code in codes
}  # fmt: skip
"""Characters of an IBAN by country. Source: the SWIFT IBAN registry."""

_RULES: tuple[_Rule, ...] = (
    _Rule("key", re.compile(_PEM)),
    *(_Rule("key", re.compile(pattern), _has_digit, 4) for pattern in _KEY),
    _Rule("key", re.compile(_JWT), shown=3),
    _Rule("key", re.compile(_BEARER), _has_digit),
    _Rule("password", re.compile(_QUOTED), _is_secret),
    _Rule("password", re.compile(_BARE), lambda value: _is_secret(value) and _has_digit(value)),
    _Rule("password", re.compile(_ADDRESS), lambda value: len(set(value)) > 1),
    _Rule("e-mail", re.compile(_EMAIL), shown=1),
    _Rule("phone", re.compile(_INTERNATIONAL), _is_phone, 3),
    _Rule("phone", re.compile(_NORTH_AMERICAN), _is_phone, 2),
    _Rule("phone", re.compile(_TRUNK), _is_phone, 2),
    _Rule("card", re.compile(_CARD), _is_card, 1),
    _Rule("ID", re.compile(_SSN)),
    _Rule("ID", re.compile(_TAX), _is_tax_number, 2),
)
