"""Every type of assertion in promptfoo: the check it becomes, or why it is not imported. One line each."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from prompts.experiments.checks.check import Fold
from prompts.experiments.promptfoo.assertion import Assertion, Converted, NotImportedError
from prompts.experiments.promptfoo.reading import items, number, table, text
from prompts.experiments.promptfoo.yaml_texts import typed

Take = Callable[[Assertion], Converted]
_CASE: frozenset[Fold] = frozenset({"case"})
_REASONS = {"stop": "complete", "length": "cut", "content_filter": "filtered"}


def _text(kind: str, given: Assertion, *, fold: frozenset[Fold] = frozenset()) -> Converted:
    if not text(given.value):
        raise NotImportedError("it has no value")
    return Converted(kind, (given.read(),), fold=fold)


def _texts(kind: str, given: Assertion, *, fold: frozenset[Fold] = frozenset()) -> Converted:
    """A check with a list of texts; a single text is split at commas, unless they are quoted."""
    value = given.value
    if isinstance(value, str):
        wanted = [each.strip() for row in csv.reader([value], skipinitialspace=True) for each in row]
    else:
        wanted = list(map(text, items(value, "value")))
    if not any(wanted):
        raise NotImportedError("it has no value")
    return Converted(kind, tuple(given.read(each) for each in wanted), listed=True, fold=fold)


def _json(plain: str, fitting: str, given: Assertion) -> Converted:
    if not text(given.value):
        return Converted(plain)
    value = given.value
    return Converted(fitting, (given.read(json.dumps(typed(value)) if isinstance(value, dict) else value),))


def _xml(kind: str, given: Assertion) -> Converted:
    if text(given.value):
        raise NotImportedError("which elements XML must have is not checked here")
    return Converted(kind)


def _edits(given: Assertion) -> Converted:
    return replace(_text("edits", given), at_most=given.wanted(5))


def _equals(given: Assertion) -> Converted:
    """A check for equality; a table or list is compared with the answer's JSON."""
    if isinstance(given.value, (dict, list)):
        return Converted("json-schema", (given.read(json.dumps({"const": typed(given.value)})),))
    return _text("equals", given)


def _words(given: Assertion) -> Converted:
    if isinstance(given.value, dict):
        bounds = table(given.value, "word-count")
        return Converted("words", at_least=number(bounds.get("min"), "min"), at_most=number(bounds.get("max"), "max"))
    count = number(given.value, "word-count")
    if count is None:
        raise NotImportedError("it has no value")
    return Converted("words", at_least=count, at_most=count)


def _reason(given: Assertion) -> Converted:
    value = text(given.value)
    if value not in _REASONS:
        raise NotImportedError(f"{value or 'nothing'} is not an outcome of an answer here")
    return Converted("outcome", (given.read(_REASONS[value]),), listed=True)


def _refusal(given: Assertion) -> Converted:
    said = "is-refusal: only what the vendor reports as refused counts, not the wording of an answer"
    return Converted("outcome", (given.read("refused"),), listed=True, said=said)


def _latency(given: Assertion) -> Converted:
    return Converted("latency", at_most=given.wanted() / 1000)


def _cost(given: Assertion) -> Converted:
    return Converted("cost", at_most=given.wanted())


def _alike(kind: str, default: float, given: Assertion, *, said: str = "") -> Converted:
    """A check for similarity to a text, or to the only one of a list."""
    if isinstance(given.value, list) and len(given.value) != 1:
        raise NotImportedError("it has several reference texts, or none")
    value = given.value[0] if isinstance(given.value, list) else given.value
    if not text(value):
        raise NotImportedError("it has no value")
    share = given.wanted(default)
    if not 0 < share <= 1:
        raise NotImportedError(f"its threshold {share:g} is not a share between 0 and 1")
    return Converted(kind, (given.read(value),), at_least=share, said=f"{given.type}: {said}" if said else "")


def _judged(given: Assertion) -> Converted:
    if not given.judge:
        raise NotImportedError("it names no model that judges: write provider, in it or in defaultTest.options")
    rubric = "\n".join(map(text, items(given.value, "value"))) if isinstance(given.value, list) else text(given.value)
    if not rubric:
        raise NotImportedError("it has no rubric")
    said = f"{given.type}: judged in Collate's own words, models of the judge's own family too"
    return Converted("judge", (given.read(rubric),), judges=(given.judge,), said=said)


def _not(reason: str) -> Take:
    def refuse(_: Assertion) -> Converted:
        raise NotImportedError(reason)

    return refuse


_program, _vendor = _not("it runs a program"), _not("it asks a service elsewhere")
_sql, _html = _not("SQL is not checked here"), _not("HTML is not checked here")
_tools, _traced = _not("tools are not offered to models here"), _not("it looks into a trace, and there is none here")
_chances = _not("it needs the probabilities of the answer's tokens")
_context = _not("a model would have to judge against a context")
_measured = "measured by characters here (chrF), not by meaning: look at the threshold again"

TYPES: Mapping[str, Take] = {
    "equals": _equals,
    "contains": partial(_text, "contains"),
    "icontains": partial(_text, "contains", fold=_CASE),
    "contains-any": partial(_texts, "contains-any"),
    "contains-all": partial(_texts, "contains-all"),
    "icontains-any": partial(_texts, "contains-any", fold=_CASE),
    "icontains-all": partial(_texts, "contains-all", fold=_CASE),
    "starts-with": partial(_text, "starts-with"),
    "regex": partial(_text, "regex"),
    "is-json": partial(_json, "json", "json-schema"),
    "contains-json": partial(_json, "json-inside", "json-inside"),
    "is-xml": partial(_xml, "xml"),
    "contains-xml": partial(_xml, "xml-inside"),
    "is-html": _html,
    "contains-html": _html,
    "is-sql": _sql,
    "contains-sql": _sql,
    "word-count": _words,
    "finish-reason": _reason,
    "is-refusal": _refusal,
    "latency": _latency,
    "cost": _cost,
    "levenshtein": _edits,
    "bleu": partial(_alike, "bleu", 0.5),
    "gleu": partial(_alike, "bleu", 0.5, said="measured as BLEU here: look at the threshold again"),
    "rouge-n": partial(_alike, "rouge-l", 0.75, said="measured as ROUGE-L here: look at the threshold again"),
    "meteor": _not("METEOR needs a dictionary that is not available here"),
    "similar": partial(_alike, "chrf", 0.75, said=_measured),
    "similar:cosine": partial(_alike, "chrf", 0.75, said=_measured),
    "similar:dot": partial(_alike, "chrf", 0.75, said=_measured),
    "similar:euclidean": _not("its threshold is a distance, which has no counterpart here"),
    "llm-rubric": _judged,
    "g-eval": _judged,
    "factuality": _judged,
    "model-graded-factuality": _judged,
    "model-graded-closedqa": _judged,
    "answer-relevance": _context,
    "context-faithfulness": _context,
    "context-recall": _context,
    "context-relevance": _context,
    "conversation-relevance": _context,
    "agent-rubric": _context,
    "search-rubric": _not("a model would have to search the web"),
    "select-best": _not("it compares the answers with each other: the results do that"),
    "max-score": _not("it compares the answers with each other: the results do that"),
    "human": _not("a person says so: rate the answers in the results"),
    "python": _program,
    "javascript": _program,
    "ruby": _program,
    "webhook": _vendor,
    "moderation": _vendor,
    "classifier": _vendor,
    "pi": _vendor,
    "guardrails": _vendor,
    "perplexity": _chances,
    "perplexity-score": _chances,
    "is-valid-function-call": _tools,
    "is-valid-openai-function-call": _tools,
    "is-valid-openai-tools-call": _tools,
    "tool-call-f1": _tools,
    "skill-used": _tools,
    "trajectory:goal-success": _traced,
    "trajectory:tool-args-match": _traced,
    "trajectory:step-count": _traced,
    "trajectory:tool-sequence": _traced,
    "trajectory:tool-used": _traced,
    "trace-error-spans": _traced,
    "trace-span-count": _traced,
    "trace-span-duration": _traced,
}
"""Converters by type, without `not-`. Types that are missing here are unknown."""

WITH_THRESHOLD = {
    "latency", "cost", "levenshtein", "bleu", "gleu", "rouge-n", "similar", "similar:cosine", "similar:dot",
}  # fmt: skip
"""Types whose threshold is followed."""

BASE_TYPES = tuple(TYPES)


def converted(given: Assertion) -> Converted:
    """The check that an assertion becomes. Raises `NotImportedError`, or `PlanError` for a template in it."""
    take = TYPES.get(given.type)
    if take is None:
        raise NotImportedError("it is not known")
    if given.transformed:
        raise NotImportedError("it looks at a transformed answer")
    return take(given)
