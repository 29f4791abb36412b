"""What seems private is found wherever it goes for the first time, and not again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.core.conversation import edited, follow_up
from prompts.core.plan import Link, Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.privacy.outgoing import leaving
from providers.config.connections import PRESETS
from providers.interface import Delta, Settings
from tests.prompts.samples import FULL
from tests.runs import as_run, started, with_cell

KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"
NEAR, FAR, OTHER = Target("builtin", "ngram-2"), Target("openai", "gpt-4o"), Target("google", "gemini-2.5-pro")
CLOUD = Target("ollama", "gpt-oss:120b-cloud")


def answered(plan: Plan) -> Run:
    run = as_run(plan)
    for live in run.live:
        live.take(Delta("text", "An answer."))
        live.change(state="complete")
    return run


def kinds(run: Plan, *before: Run, typed: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """The kinds of what is found, in what is typed and on record."""
    known = {each.id: each for each in before}
    found = leaving(run, PRESETS, known.get, typed)
    return [each.kind for each in found.typed], [each.kind for each in found.on_record]


@pytest.mark.parametrize(("target", "found"), [(FAR, ["key"]), (CLOUD, ["key"]), (NEAR, [])])
def test_a_prompt_is_read_where_it_leaves(target: Target, found: list[str]) -> None:
    prompt = f"Why does {KEY} fail?"
    assert kinds(started(prompt, [NEAR, target]), typed=(prompt,)) == (found, [])


def test_a_turn_that_stayed_here_is_found_when_everyone_goes_on_from_its_answer() -> None:
    first = answered(started(f"Why does {KEY} fail?", [NEAR, FAR]))
    first = with_cell(first, 1, target=NEAR)  # only near by so far
    follow = follow_up(first, "And now?", answer_of=first.answers[0])
    follow = with_cell(as_run(follow), 1, target=FAR)
    assert kinds(follow, first, typed=("And now?",)) == ([], ["key"])


def test_what_a_place_was_sent_before_is_not_asked_about_again_there() -> None:
    first = answered(started(f"Why does {KEY} fail?", [FAR]))
    second = answered(follow_up(first, "And now?"))
    assert kinds(second, first) == ([], [])
    assert kinds(follow_up(second, "And then?"), first, second) == ([], [])
    assert kinds(edited(second, "And otherwise?"), first, second) == ([], [])


def test_a_place_that_it_goes_to_first_is_asked_about_though_another_had_it() -> None:
    first = answered(started(f"Why does {KEY} fail?", [FAR]))
    second = follow_up(first, "And now?")
    second = with_cell(as_run(second), 0, target=OTHER)
    assert kinds(second, first) == ([], ["key"])


def test_an_address_that_was_changed_since_is_another_place() -> None:
    first = answered(started(f"Why does {KEY} fail?", [FAR]))
    first.live[0].change(completion=replace(FULL, endpoint="https://gateway.example.com/v1"))
    assert kinds(follow_up(first, "And now?"), first) == ([], ["key"])
    first.live[0].change(completion=replace(FULL, endpoint=PRESETS["openai"].endpoint))
    assert kinds(follow_up(first, "And now?"), first) == ([], [])


def test_without_the_earlier_run_nothing_counts_as_sent() -> None:
    first = answered(started(f"Why does {KEY} fail?", [FAR]))
    assert kinds(follow_up(first, "And now?")) == ([], ["key"])


def test_a_new_key_is_typed_and_an_old_system_prompt_goes_along() -> None:
    target = Target("openai", "gpt-4o", Settings(system="Write to ada@example.co.uk"))
    first = answered(started("Hello", [target]))
    second = follow_up(first, f"Use {KEY}")
    assert kinds(second, first, typed=(f"Use {KEY}",)) == (["key"], [])
    assert kinds(second, typed=(f"Use {KEY}",)) == (["key"], ["e-mail"])


def test_a_prompt_that_is_asked_again_is_on_record_and_asked_about_each_time() -> None:
    first = answered(started(f"Why does {KEY} fail?", [FAR]))
    again = edited(first, first.prompt)
    again = replace(again, link=Link("again", first.id))
    assert kinds(again, first) == ([], ["key"])


def test_a_provider_that_is_gone_is_no_place() -> None:
    assert kinds(started(KEY, [Target("gone", "m")])) == ([], [])
