"""Finds what in a prompt looks like a key or like personal data, before it is sent.

Owns the patterns for passwords and addresses, each with a check against false alarms; the patterns for keys are those
used to redact messages. It cannot be complete: it finds what has a known form, and the name or address of a person has
none. Takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from prompts.privacy.personal_numbers import CANDIDATES, Candidate, ibans
from providers.key_shapes import SHAPES, any_of

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
    """One place that a person should check."""

    kind: Kind
    excerpt: str
    """The beginning of it, never enough to use it."""
    start: int
    end: int
    """The offset after its last character."""


def _anything(_: object) -> bool:
    return True


class _Signs:
    """Cheap facts about a text that rules depend on, so that a rule that cannot match is skipped."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def folded(self) -> str:
        """The text case-folded."""
        return self._text.casefold()

    @cached_property
    def digits(self) -> int:
        """The most digits that stand together with only punctuation between; letters count for the Italian number."""
        return max((sum(map(str.isdecimal, match[0])) or 1 for match in _DIGITS.finditer(self._text)), default=0)

    @cached_property
    def random(self) -> bool:
        """Whether there is a word as long as the shortest key, or the beginning of a key whose parts may be shorter."""
        return self.has(*_PARTED) or any(len(word) >= _SHORTEST_KEY for word in self._text.split())

    def has(self, *words: str) -> bool:
        """Whether the text contains one of these words, given in lower case."""
        return any(word in self.folded for word in words)


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    pattern: re.Pattern[str]
    """If it has a group `secret`, only that is reported."""
    holds: Callable[[str], bool] = _anything
    shown: int = 0
    """How many characters of the match may be shown."""
    might: Callable[[_Signs], bool] = _anything
    """Whether a text with these signs could match; must never be false if the pattern would match."""


def scan(text: str) -> tuple[Finding, ...]:
    """All findings, in the order of the text, without overlaps."""
    signs = _Signs(text)
    found = [finding for rule in _RULES if rule.might(signs) for finding in _matches(rule, text)]
    found += [Finding("IBAN", text[start : start + 2] + "…", start, end) for start, end in ibans(text)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda finding: finding.start):
        if kept and finding.start < kept[-1].end:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, finding.end))  # merged, to mask all of both
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
    """The findings in words: `a key (sk-p…) and 2 e-mail addresses (j…, m…)`; empty if there are none."""
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


def _is_secret(value: str) -> bool:
    """Whether it is a literal value, rather than code that fetches one or a placeholder."""
    return _PLACEHOLDER.match(value) is None and len(set(value)) > 3


_EXAMPLE = re.compile(r"(?i)@(?:[\w-]+\.)*(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost)$")
"""Domains reserved for documentation and tests, which nobody uses: RFC 2606 and RFC 6761."""


def _is_somebodys(address: str) -> bool:
    return _EXAMPLE.search(address) is None


_BEARER = r"(?i:(?<![a-z0-9])bearer)[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/-]{20,}+=*+)"
_ASSIGNED = (
    r"(?i:(?<![a-z0-9])(?:password|passwd|passwort|pwd|secret|api[_-]?key|access[_-]?key|access[_-]?token|"
    r"auth[_-]?token|client[_-]?secret|secret[_-]?key))[\"']?[ \t]{0,3}(?::|=(?!=))[ \t]{0,3}"
)
_QUOTED = _ASSIGNED + r"(?P<quote>[\"'])(?P<secret>[^\s\"'(){}\[\]$<>]{6,200}+)(?P=quote)"
_BARE = _ASSIGNED + r"(?P<secret>[^\s\"'`(){}\[\]$<>,;&]{6,200}+)(?![(\[])"
_ADDRESS = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,30}+://[^\s/:@]{0,100}+:(?P<secret>[^\s/@]{1,200}+)@[\w.\[-]"
_EMAIL = r"(?<![\w.+%-])\w[\w.+%-]{0,63}+@(?:[^\W_](?:[\w-]{0,62})\.){1,8}[A-Za-z]{2,24}(?![\w-]|:[\w/])"

_SHORTEST_KEY = 15  # in characters, counted between spaces
_PARTED = ("accountkey=", "whsec_", "absk")  # after these, keys may contain / and +, and are at least as long
_DIGITS = re.compile(r"\d(?:[ ./()+-]{0,13}\d){4,}|[A-Z]{6}\d{2}")
_PLACEHOLDER = re.compile(
    r"(?i:your|my[-_ ]|<|example|changeme|change[-_]|placeholder|redacted|none$|null$|true$|false$|os\.|env\.|"
    r"process\.|self\.|config\.|settings\.|getpass|str$|string$|optional)"
)


def _named(*words: str) -> Callable[[_Signs], bool]:
    return lambda signs: signs.has(*words)


def _number(candidate: Candidate) -> _Rule:
    """The rule for a number of a person or account, which needs enough digits, or a word that names it."""
    named, fewest = candidate.named, candidate.fewest
    return _Rule(
        candidate.kind, candidate.pattern, candidate.holds, candidate.shown,
        lambda signs: signs.digits >= fewest and (not named or signs.has(*named)),
    )  # fmt: skip


_FIXED = _named("eyj", "-----begin", "putty-user-key", "hooks.slack")
_CALLED_SECRET = _named("passw", "pwd", "secret", "key", "token")
_RULES: tuple[_Rule, ...] = (
    _Rule("key", any_of(shape for shape in SHAPES if shape.random), _has_digit, 4, lambda signs: signs.random),
    _Rule("key", any_of(shape for shape in SHAPES if not shape.random), shown=3, might=_FIXED),
    _Rule("key", re.compile(_BEARER), _has_digit, might=_named("bearer")),
    _Rule("password", re.compile(_QUOTED), _is_secret, might=_CALLED_SECRET),
    _Rule("password", re.compile(_BARE), lambda value: _is_secret(value) and _has_digit(value), might=_CALLED_SECRET),
    _Rule("password", re.compile(_ADDRESS), lambda value: len(set(value)) > 1, might=_named("://")),
    _Rule("e-mail", re.compile(_EMAIL), _is_somebodys, 1, _named("@")),
    *map(_number, CANDIDATES),
)
