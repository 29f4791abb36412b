"""What would leave this network and seems private: found in every rendered prompt, named by its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Plan, Wording
from prompts.experiments.private import private, without_private
from providers.config.connections import PRESETS
from providers.interface import Settings

FAR, NEAR = Target("openai", "gpt-x"), Target("builtin", "ngram-3")
KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"


def plan(
    *mails: str, prompt: str = "Sort {{mail}}", system: str | None = None, targets: Sequence[Target] = (FAR,)
) -> Plan:
    cases = made(["mail", "label"], [[mail, str(n)] for n, mail in enumerate(mails)])
    return Plan("x", (Wording("w", prompt, system),), cases, tuple(targets))


def test_cases_that_seem_to_hold_something_private_are_named() -> None:
    found = private(plan("hello", "write to jane@firma.de", f"key {KEY}"), PRESETS)
    assert found.cases == (1, 2)
    assert {each.kind for each in found.findings} == {"e-mail", "key"}
    assert found.sentence.startswith("Cases 2 and 3 seem to contain ")
    assert KEY not in found.sentence


def test_what_stands_in_every_prompt_is_said_of_the_prompt() -> None:
    found = private(plan("hello", "you", prompt="Ask jane@firma.de about {{mail}}"), PRESETS)
    assert found.cases == ()
    assert found.sentence.startswith("The prompt seems to contain ")


def test_many_cases_are_counted() -> None:
    found = private(plan(*(f"m{n}@firma.de" for n in range(9))), PRESETS)
    assert "Cases 1, 2, 3, 4, 5 and 4 more seem" in found.sentence


def test_system_prompts_are_read_also_those_of_a_models_own_settings() -> None:
    assert private(plan("hello", system="You are jane@firma.de."), PRESETS)
    own = Target("openai", "gpt-x", Settings(system="You are jane@firma.de."))
    assert private(plan("hello", targets=[own]), PRESETS).cases == ()
    assert private(plan("hello", targets=[own]), PRESETS)


def test_nothing_is_private_where_nothing_leaves() -> None:
    assert not private(plan(f"key {KEY}", targets=[NEAR]), PRESETS)
    assert private(plan(f"key {KEY}", targets=[NEAR, FAR]), PRESETS)


def test_a_column_that_no_prompt_reads_does_not_leave() -> None:
    cases = made(["mail", "who"], [["hello", "jane@firma.de"]])
    assert not private(Plan("x", (Wording("w", "{{mail}}"),), cases, (FAR,)), PRESETS)


def test_kinds_that_were_allowed_are_not_asked_about() -> None:
    both = plan(f"jane@firma.de and {KEY}")
    assert {each.kind for each in private(both, PRESETS, {"e-mail"}).findings} == {"key"}
    assert not private(both, PRESETS, {"e-mail", "key"})


def test_many_cases_are_read_together_and_each_is_found() -> None:
    mails = ["filler " * 40] * 300
    mails[7] = mails[250] = "write to jane@firma.de"
    assert private(plan(*mails), PRESETS).cases == (7, 250)


def test_what_was_found_can_be_replaced() -> None:
    clean = without_private(plan("hello", f"key {KEY}", prompt="Ask jane@firma.de about {{mail}}"))
    assert clean.prompt(1, 0) == "Ask [e-mail] about key [key]"
    assert clean.cases.rows[0] == ("hello", "0")
    assert not private(clean, PRESETS)


def test_what_a_judge_far_away_would_be_told_is_read_too() -> None:
    near = plan("write to jane@firma.de", targets=(NEAR,))
    assert not private(near, PRESETS)
    assert private(replace(near, checks=(Check("judge", "Polite.", ("openai:gpt-x",)),)), PRESETS).cases == (0,)


def test_it_is_told_how_far_the_reading_is() -> None:
    told: list[float] = []
    assert not private(plan(*(f"mail {n}" for n in range(1200))), PRESETS, (), told.append)
    assert told == sorted(told)
    assert (told[0], len(told)) == (0.0, 3)
