"""All kinds of checks. To add one: a function in a file of this package, and its line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from prompts.experiments.checks import function, measures, patterns, pictures, similarity, structure, text, xml
from prompts.experiments.checks import judge as judges
from prompts.experiments.checks.check import (
    CODE,
    Check,
    CheckError,
    Finding,
    IncompleteError,
    Kind,
    LooksAt,
    Reads,
    Subject,
    negated,
)
from providers.spelling import meant

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("equals", "answer equals {value}", ("value", "fold"), text.equals),
        Kind("contains", "answer contains {value}", ("value", "fold"), text.contains),
        Kind("contains-any", "answer contains one of {values}", ("values", "fold"), text.contains_any,
             needs=frozenset({"values"})),
        Kind("contains-all", "answer contains all of {values}", ("values", "fold"), text.contains_all,
             needs=frozenset({"values"})),
        Kind("starts-with", "answer starts with {value}", ("value", "fold"), text.starts_with),
        Kind("ends-with", "answer ends with {value}", ("value", "fold"), text.ends_with),
        Kind("label", "answer gives the label {value}, one of {values}", ("value", "values"), text.label,
             text.validate_labels, frozenset({"values"})),
        Kind("regex", "answer matches {value}", ("value", "fold"), patterns.regex, patterns.validate),
        Kind("json", "answer is valid JSON", (), structure.valid, needs=frozenset()),
        Kind("json-schema", "answer fits the JSON schema {value}", ("value",), structure.schema,
             structure.validate_schema),
        Kind("json-inside", "answer contains JSON that fits the schema {value}, or any", ("value",), structure.inside,
             structure.validate_schema, frozenset()),
        Kind("json-field", "field {field} of the JSON answer is {value}", ("field", "value", "fold"), structure.field,
             needs=frozenset({"field", "value"})),
        Kind("xml", "answer is well-formed XML", (), xml.valid, needs=frozenset()),
        Kind("xml-inside", "answer contains well-formed XML", (), xml.inside, needs=frozenset()),
        Kind("number", "the answer's last number is {value}", ("value", "tolerance", "at_least", "at_most"),
             measures.number, measures.validate_number, frozenset()),
        Kind("words", "the answer's number of words is within bounds", ("at_least", "at_most"),
             measures.words, measures.validate_bounds, frozenset()),
        Kind("characters", "the answer's number of characters is within bounds", ("at_least", "at_most"),
             measures.characters, measures.validate_bounds, frozenset()),
        Kind("readability", "the answer's school grade (rough, English) is within bounds", ("at_least", "at_most"),
             measures.readability, measures.validate_bounds, frozenset()),
        Kind("language", "answer is in the language {value}", ("value",), similarity.language,
             similarity.validate_language),
        Kind("similar", "answer is like {value} (edit distance)", ("value", "at_least"), similarity.similar,
             similarity.validate_share),
        Kind("edits", "the answer's edit distance to {value} is within bounds", ("value", "at_least", "at_most"),
             similarity.edits, measures.validate_bounds),
        Kind("chrf", "answer is like {value} (chrF)", ("value", "at_least"), similarity.chrf,
             similarity.validate_share),
        Kind("bleu", "answer is like {value} (BLEU)", ("value", "at_least"), similarity.bleu,
             similarity.validate_share),
        Kind("rouge-l", "answer is like {value} (ROUGE-L)", ("value", "at_least"), similarity.rouge_l,
             similarity.validate_share),
        Kind("cost", "the answer's cost in US dollars is within bounds", ("at_least", "at_most"), measures.cost,
             measures.validate_bounds, frozenset(), "answer"),
        Kind("latency", "the answer's time in seconds is within bounds", ("at_least", "at_most"), measures.latency,
             measures.validate_bounds, frozenset(), "answer"),
        Kind("picture-size", "picture is {value} pixels", ("value",), pictures.size, pictures.validate_size,
             looks_at="picture"),
        Kind("picture-aspect", "picture has the aspect ratio {value}", ("value", "tolerance"), pictures.aspect,
             pictures.validate_aspect, looks_at="picture"),
        Kind("picture-type", "picture came as a file of the type {values}", ("values",), pictures.file_type,
             pictures.validate_types, frozenset({"values"}), "picture"),
        Kind("judge", "a judge says that the answer meets: {value}", ("value", "values"), judges.waits,
             judges.validate_judges, frozenset({"value", "values"}), "answer"),
        Kind("judge-pair", "a judge finds the answer no worse than {against} by: {value}",
             ("value", "against", "values"), judges.waits, judges.validate_judges,
             frozenset({"value", "against", "values"})),
        Kind(CODE, "answer passes its Python function", ("value", "at_least"), function.waits, function.validate),
        Kind("outcome", "answer ends as one of {values}", ("values",), measures.outcome, needs=frozenset({"values"}),
             looks_at="answer"),
    )
}  # fmt: skip

QUICK = frozenset({
    "equals", "contains", "contains-any", "contains-all", "starts-with", "ends-with", "label", "number", "words",
    "characters", "cost", "latency", "judge", "judge-pair", "outcome",
    CODE,
})  # fmt: skip
"""Kinds that look through a text once or a few times, without parsing it, comparing it or loading anything."""
QUICK_CHARACTERS = 10_000
"""The longest answer on which they certainly take less than a millisecond."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The combined result of all checks on an answer."""

    passed: bool | None
    """Whether all checks that count passed; `None` if none of them gave a verdict."""
    score: float | None
    """The weighted share of counting checks that passed, 0 to 1; `None` if none gave a verdict."""
    findings: tuple[Finding, ...]
    """One per check, in their order."""


CALLED: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(judges.KINDS_OF_JUDGE, judges.CALLED), "regex": {"value": "pattern"},
    "json-schema": {"value": "schema"}, CODE: {"value": "file"},
}  # fmt: skip
"""The names of fields as people see them, where they differ from those in the file."""


def validate(check: Check) -> None:
    """Raise `CheckError`, with a message for people, for a check that no answer could be judged by."""
    kind = KINDS.get(check.kind)
    if kind is None:
        raise CheckError(
            f"{check.kind!r} is not a kind of check. {meant(check.kind, KINDS)}There are: {', '.join(KINDS)}."
        )
    for name in kind.needs:
        given = getattr(check, name)
        if not (given.strip() if isinstance(given, str) else given):
            called = CALLED.get(check.kind, {}).get(name, name)
            raise IncompleteError(f"{check.kind}: write its {called.replace('_', ' ')}.")
    if check.weight < 0:
        raise CheckError(f"{check.kind}: a weight must not be negative.")
    try:
        kind.validate(check)
    except CheckError as exc:
        raise CheckError(f"{check.kind}: {exc}") from None


def look(subject: Subject, check: Check, case: Mapping[str, str]) -> Finding:
    """The finding of one check on an answer;
    no verdict, with the reason, if the check is not possible for this case."""
    kind = KINDS[check.kind]
    if check.when and not case.get(check.when, "").strip():
        return Finding(None, "This case has no such check.")
    if not kind.fits(subject.draws):
        return Finding(None, ELSEWHERE[kind.looks_at])
    try:
        filled = check.filled(case)
        finding = kind.look(subject, filled)
    except ValueError as exc:
        return Finding(None, f"Cannot be checked: {exc}")
    return negated(finding) if check.negated else finding


ELSEWHERE: Mapping[LooksAt, str] = {
    "text": "It looks at text, and this answer is a picture.",
    "picture": "It looks at pictures, and this answer is text.",
}
"""Why a check does not apply to an answer of the other kind."""


def judge(checks: Sequence[Check], subject: Subject, case: Mapping[str, str]) -> Verdict:
    """The verdict of all checks on one answer. `passed` is `None` if none counts."""
    findings = tuple(look(subject, check, case) for check in checks)
    return combined(checks, findings)


def takes_no_time(checks: Sequence[Check], subject: Subject) -> bool:
    """Whether `judge` may run where everything else waits for it."""
    return len(subject.text) <= QUICK_CHARACTERS and all(check.kind in QUICK for check in checks)


def combined(checks: Sequence[Check], findings: Sequence[Finding]) -> Verdict:
    """Combine findings into one verdict; a check without a verdict neither passes nor fails an answer."""
    counted = [(c, f) for c, f in zip(checks, findings, strict=True) if c.counts and f.passed is not None]
    weight = sum(check.weight for check, _ in counted)
    total = sum(check.weight * _share(finding) for check, finding in counted)
    return Verdict(
        passed=all(finding.passed for _, finding in counted) if counted else None,
        score=total / weight if weight else None,
        findings=tuple(findings),
    )


def _share(finding: Finding) -> float:
    return finding.score if finding.score is not None else float(bool(finding.passed))


def without_unread(check: Check) -> Check:
    """The check with fields that its kind does not read reset, so that only what counts is saved."""
    if check.kind not in KINDS:
        return check
    reads = KINDS[check.kind].reads
    plain = Check(check.kind)
    unread = {name: getattr(plain, name) for name in get_args(Reads) if name not in reads}
    own_family = check.own_family and check.kind in judges.KINDS_OF_JUDGE
    return replace(check, **unread, own_family=own_family)
