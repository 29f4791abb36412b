"""Judges asked over a real wire, on both databases: under the budget, once, and only about answers that are there."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.experiments import Experiments
from prompts.experiments.plan import Budget, PlanError
from prompts.experiments.results import results
from prompts.experiments.results_text import judged_text
from tests.patience import PATIENCE_S, patiently, until
from tests.prompts.experiments.wired import CHAT, connections, held_to, hello, laboratory, over, plan, said
from tests.wire.server import Reply, WireServer

RUBRIC = Check("judge", "It greets.", ("mistral:small",), counts=False)
HOLDS = Check("contains", "wörld")
JUDGED = plan("groq:llama", cases=3, checks=(HOLDS, RUBRIC))


def verdict_of(text: str) -> str:
    return json.dumps({"reason": "Seen.", "verdict": text})


def judging(verdict: Callable[[str], str], seen: list[str]) -> Callable[[Reply], object]:
    """A server whose judge says what `verdict` makes of its question, and whose other models greet."""

    async def script(reply: Reply) -> None:
        prompt = said(reply)
        if "criterion" not in prompt:
            await hello(reply)
            return
        seen.append(prompt)
        await reply.stream(CHAT.answer([verdict(prompt)], ()))

    return script


def findings(lab: Experiments, id: str, check: int) -> list[Finding]:
    """What one check found in each answer."""
    return [cell.verdict.findings[check] for cell in lab.cells(id) if cell.verdict]


async def test_every_answer_is_judged_once_and_a_verdict_that_does_not_count_changes_no_pass(record_url):
    asked = list[str]()
    with WireServer(judging(lambda _: verdict_of("fail"), asked)) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(JUDGED, known)
            await over(lab, id)
            experiment, cells = lab.find(id), lab.cells(id)
            assert [found.passed for found in findings(lab, id, 1)] == [False] * 3
            await lab.resume(id, known)
            await over(lab, id)
    assert experiment is not None
    assert (experiment.stage, experiment.counts) == ("finished", {"complete": 3})
    assert [cell.verdict.passed for cell in cells if cell.verdict] == [True] * 3
    assert len(asked) == 3
    assert "Say hello to person 0." in asked[0] + asked[1] + asked[2]


async def test_a_judge_that_answers_nonsense_is_no_verdict_and_no_failure(record_url):
    with WireServer(judging(lambda _: "Well, who knows?", [])) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(replace(JUDGED, checks=(replace(RUBRIC, counts=True),)), known)
            await over(lab, id)
            assert {found.passed for found in findings(lab, id, 0)} == {None}
            assert {cell.verdict.passed for cell in lab.cells(id) if cell.verdict} == {None}
            assert "contains no verdict" in findings(lab, id, 0)[0].reason


async def test_a_pair_that_flips_with_the_order_is_a_tie(record_url):
    pair = Check("judge-pair", "Warmer.", ("mistral:small",), against="Hi.")
    asked = list[str]()
    with WireServer(judging(lambda _: verdict_of("1"), asked)) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(plan("groq:llama", cases=2, checks=(pair,)), known)
            await over(lab, id)
            assert [(found.passed, found.label) for found in findings(lab, id, 0)] == [(True, "flipped")] * 2
    assert len(asked) == 4


async def test_other_words_of_a_criterion_are_asked_anew_only_when_somebody_resumes(record_url):
    asked = list[str]()
    with WireServer(judging(lambda _: verdict_of("pass"), asked)) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(JUDGED, known)
            await over(lab, id)
            await held_to(lab, id, [Check("contains", "nowhere"), RUBRIC])
            assert [found.passed for found in findings(lab, id, 1)] == [True] * 3
            await held_to(lab, id, [HOLDS, replace(RUBRIC, value="It is short.")])
            assert {found.reason for found in findings(lab, id, 1)} == {"Not judged yet."}
            assert len(asked) == 3
            await lab.resume(id, known)
            await over(lab, id)
            assert [found.passed for found in findings(lab, id, 1)] == [True] * 3
    assert len(asked) == 6


async def test_a_pause_while_judging_leaves_the_rest_unjudged_until_it_is_resumed(record_url):
    asked = list[str]()
    gate = threading.Event()

    async def slowly(reply: Reply) -> None:
        prompt = said(reply)
        if "criterion" not in prompt:
            await hello(reply)
            return
        asked.append(prompt)
        await asyncio.to_thread(gate.wait, PATIENCE_S)
        await reply.stream(CHAT.answer([verdict_of("pass")], ()))

    with WireServer(slowly) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            id = await lab.start(plan("groq:llama", cases=4, checks=(RUBRIC,)), known)
            await until(lambda: len(asked) == 1)
            await lab.pause(id)
            gate.set()
            await over(lab, id)
            assert sum(found.passed is True for found in findings(lab, id, 0)) < 4
            await lab.resume(id, known)
            await over(lab, id)
            assert [found.passed for found in findings(lab, id, 0)] == [True] * 4
    assert len(asked) == len(set(asked)) == 4


async def test_judges_are_paid_out_of_the_budget(record_url):
    priced = Check("judge", "It greets.", ("groq:llama-3.3-70b-versatile",))
    asked = list[str]()
    with WireServer(judging(lambda _: verdict_of("pass"), asked)) as server:
        known = connections(server)
        async with laboratory(record_url, known, at_once=1) as lab:
            whole = plan("builtin:ngram-2", cases=5, checks=(priced,), budget=Budget(Decimal("0.0001")))
            id = await lab.start(whole, known)
            await over(lab, id)
            experiment = lab.find(id)
    assert experiment is not None
    assert experiment.stage == "stopped"
    assert "The budget of $0.0001 is reached" in experiment.reason
    assert len(asked) < 5


async def test_a_judge_that_cannot_be_asked_here_is_named_before_anything_is_sent(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            away = replace(JUDGED, checks=(replace(RUBRIC, values=("nowhere:x",)),))
            with pytest.raises(PlanError, match="nowhere:x cannot be asked"):
                await patiently(lab.start(away, known))
            own = replace(JUDGED, checks=(replace(RUBRIC, values=("mistral:llama",)),))
            with pytest.raises(PlanError, match="every judge is of the family of groq:llama"):
                await patiently(lab.start(own, known))
    assert server.requests == []


async def test_a_judge_of_unknown_price_cannot_be_held_by_a_budget(record_url):
    with WireServer(hello) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            dear = Check("judge", "It greets.", ("groq:nobody-knows-this",))
            whole = plan("builtin:ngram-2", checks=(dear,), budget=Budget(Decimal(5)))
            with pytest.raises(PlanError, match="judge whose price is not known"):
                await patiently(lab.start(whole, known))
    assert server.requests == []


async def test_what_judging_a_side_took_is_told_beside_what_its_answers_took(record_url):
    asked = list[str]()
    with WireServer(judging(lambda _: verdict_of("pass"), asked)) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            id = await lab.start(replace(JUDGED, targets=plan("groq:llama", "vllm:qwen").targets), known)
            await over(lab, id)
            experiment = lab.find(id)
            assert experiment is not None
            sides = results(experiment, lab.cells(id)).sides
    assert {place: each.calls for place, each in experiment.judged.items()} == {(0, 0): 3, (1, 0): 3}
    assert [side.judged.calls for side in sides if side.judged] == [3, 3]
    assert judged_text(sides[0]).endswith("for 3 judgements")
    assert len(asked) == 6
