"""What in a prompt looks like a key or like personal data, found before it leaves.

Owns the patterns of passwords and addresses, each with the check that keeps it from crying wolf; the shapes
of keys are those that messages are redacted by. Refuses to be sure: it finds what has a known shape, and a
name or an address has none. Takes time in proportion to the text, whatever the text is.
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
    """One place that asks for a second thought."""

    kind: Kind
    excerpt: str
    """Its beginning, never enough to use it."""
    start: int
    end: int
    """One past its last character."""


def _anything(_: object) -> bool:
    return True


class _Signs:
    """What a text has that some rule cannot do without, told in a fraction of the time that the rule itself takes."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def folded(self) -> str:
        """The text as patterns read it that make no difference of capitals."""
        return self._text.casefold()

    @cached_property
    def digits(self) -> int:
        """The most that stand together with nothing but punctuation between; letters count in a number of Italy."""
        return max((sum(map(str.isdecimal, match[0])) or 1 for match in _DIGITS.finditer(self._text)), default=0)

    @cached_property
    def random(self) -> bool:
        """A word as long as the shortest key, or the beginning of a key whose parts may be shorter."""
        return self.has(*_PARTED) or any(len(word) >= _SHORTEST_KEY for word in self._text.split())

    def has(self, *words: str) -> bool:
        """One of these words, in small letters."""
        return any(word in self.folded for word in words)


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    pattern: re.Pattern[str]
    """Where it has a group `secret`, only that is the finding."""
    holds: Callable[[str], bool] = _anything
    shown: int = 0
    """How many characters of it may be shown."""
    might: Callable[[_Signs], bool] = _anything
    """Whether a text with these signs could hold one; never no where the pattern would find it."""


def scan(text: str) -> tuple[Finding, ...]:
    """Everything found, in the order of the text, without overlaps."""
    signs = _Signs(text)
    found = [finding for rule in _RULES if rule.might(signs) for finding in _matches(rule, text)]
    found += [Finding("IBAN", text[start : start + 2] + "…", start, end) for start, end in ibans(text)]
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


def _is_secret(value: str) -> bool:
    """A value, not the code that fetches one, and not a placeholder."""
    return _PLACEHOLDER.match(value) is None and len(set(value)) > 3


_EXAMPLE = re.compile(r"(?i)@(?:[\w-]+\.)*(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost)$")
"""Reserved for documentation and tests, so nobody's: RFC 2606 and RFC 6761."""


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

_SHORTEST_KEY = 15  # characters, of those that no space parts
_PARTED = ("accountkey=", "whsec_", "absk")  # what follows may hold / and +, and is no shorter
_DIGITS = re.compile(r"\d(?:[ ./()+-]{0,13}\d){4,}|[A-Z]{6}\d{2}")
_PLACEHOLDER = re.compile(
    r"(?i:your|my[-_ ]|<|example|changeme|change[-_]|placeholder|redacted|none$|null$|true$|false$|os\.|env\.|"
    r"process\.|self\.|config\.|settings\.|getpass|str$|string$|optional)"
)


def _named(*words: str) -> Callable[[_Signs], bool]:
    return lambda signs: signs.has(*words)


def _number(candidate: Candidate) -> _Rule:
    """A number of persons or accounts: without so many digits, or a word that must name it, there is none."""
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
