"""Regular expressions that cannot take exponential time: RE2 is linear in the length of the answer.

RE2 has no look-around and no back-references, `\\w` is ASCII (`\\p{L}` is any letter), and a repeat is at most 1,000.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject, short

_MOST = 1_000  # in characters


def regex(subject: Subject, check: Check) -> Finding:
    """Whether the pattern matches anywhere in the answer; `^` and `$` are the ends of the whole answer."""
    found = compiled(check.value, "case" in check.fold).search(subject.text)
    if found is None:
        return Finding(False, f"No match of {short(check.value)}.")
    return Finding(True, f"Matches {short(found.group(0))}.", span=found.span())


def validate(check: Check) -> None:
    """Refuse what the engine cannot parse. A pattern with holes is tried once a case has filled them."""
    if not check.holes:
        compiled(check.value, "case" in check.fold)


@lru_cache(maxsize=512)
def compiled(pattern: str, ignore_case: bool = False) -> Any:
    """The compiled pattern. Raises `CheckError` with a message for people."""
    if len(pattern) > _MOST:
        raise CheckError(f"The pattern has {len(pattern):,} characters; at most {_MOST:,} are read. Shorten it.")
    re2: Any = import_module("re2")  # has no types of its own
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(pattern, options)
    except re2.error as exc:
        why = exc.args[0].decode() if exc.args and isinstance(exc.args[0], bytes) else str(exc)
        hint = (
            " Look-around and back-references are not supported: write it without, or as several checks."
            if "operator" in why or "escape" in why
            else ""
        )
        hint = " A repeat is at most 1,000." if "repetition size" in why else hint
        raise CheckError(f"The pattern cannot be read: {why}.{hint}") from None
