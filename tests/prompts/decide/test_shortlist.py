"""Must-haves, what they exclude, who beats whom, what weights say, and who comes second."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prompts.decide.candidate import Use
from prompts.decide.efficient import efficient
from prompts.decide.second import second
from prompts.decide.shortlist import MustHaves, shortlist
from prompts.decide.weights import Weights, ranking
from tests.prompts.decide.made import FREE, NOW, candidate, pooled

DAY = NOW.date()


@pytest.mark.parametrize(
    ("must", "target", "reason"),
    [
        (MustHaves(dollars_a_month=Decimal(1)), "openai:gpt-4o", "$3.00 a month"),
        (MustHaves(seconds=0.5), "openai:gpt-4o", "1.00 s an answer"),
        (MustHaves(local=True), "openai:gpt-4o", "not local: text goes to OpenAI (api.openai.com)"),
        (MustHaves(in_eu=True), "openai:gpt-4o", "not known to stay in the EU: no source says where it is served"),
        (MustHaves(pdfs=True), "mistral:mistral-large-2512", "takes no PDFs"),
        (MustHaves(pictures=True), "groq:llama", "not documented to take pictures"),
        (MustHaves(context_tokens=10**7), "openai:gpt-4o", "context of 128,000 tokens"),
        (MustHaves(context_tokens=10), "openai:gpt-nobody-knows", "context unknown"),
        (MustHaves(quality=0.9), "openai:gpt-4o", "quality 80 %"),
        (MustHaves(can_ask=True), "openai:gpt-4o", "cannot be asked from here: needs OPENAI_API_KEY"),
        (MustHaves(), "google:gemini-2.0-flash", "retired on 2026-06-01"),
    ],
)
def test_a_must_have_says_why_it_excludes(must: MustHaves, target: str, reason: str) -> None:
    found = shortlist([candidate(target)], must, DAY)
    assert (found.kept, found.excluded[0].reasons) == ((), (reason,))


@pytest.mark.parametrize(
    ("must", "reason"),
    [
        (MustHaves(dollars_a_month=Decimal(100)), "cost unknown"),
        (MustHaves(seconds=100), "time not measured here"),
        (MustHaves(quality=0.0), "quality not measured here"),
    ],
)
def test_what_is_not_known_never_passes_a_must_have(must: MustHaves, reason: str) -> None:
    unknown = candidate("openai:gpt-4o", None, None, None)
    assert shortlist([unknown], must, DAY).excluded[0].reasons == (reason,)
    assert shortlist([unknown], MustHaves(), DAY).kept == (unknown,)


def test_local_models_and_documented_places_pass() -> None:
    kept = [candidate("builtin:ngram-3", price=FREE, dollars=0, no_fee=True), candidate("mistral:mistral-large-2512")]
    must = MustHaves(in_eu=True, dollars_a_month=Decimal(1000))
    assert shortlist(kept, must, DAY).kept == tuple(kept)
    assert must.words == ("at most $1,000.00 a month", "stays here or in the EU")


def test_who_is_beaten_is_told_by_whom_and_whether_that_is_certain() -> None:
    found = efficient([
        candidate("openai:good", 0.9, 0.002), candidate("openai:worse", 0.7, 0.003),
        candidate("openai:near", 0.88, 0.002, half=0.1), candidate("openai:dark", None),
        candidate("builtin:own", 0.1, 0.0, 9.0, no_fee=True),
    ])  # fmt: skip
    said = {each.candidate.name: (each.beaten_by, each.sure) for each in found.standings}
    assert said == {
        "openai:good": ("", True), "openai:worse": ("openai:good", True), "openai:near": ("openai:good", False),
        "builtin:own": ("", True),
    }  # fmt: skip
    worse, near = found.standings[2:]
    assert worse.sentence == (
        "Beaten by openai:good: quality 90 % against 70 %, cost $2.00 for 1,000 against $3.00 for 1,000."
    )
    assert "ranges of quality overlap" in near.sentence
    assert found.unknown == ("openai:dark: quality not known.",)
    assert [each.name for each in found.frontier] == ["openai:good", "builtin:own"]


def test_nothing_is_ranked_without_weights() -> None:
    assert ranking([candidate("openai:a"), candidate("openai:b")], Weights()) is None


def test_first_place_tips_where_the_sentence_says() -> None:
    both = [candidate("openai:good", 0.9, 0.004), candidate("openai:cheap", 0.7, 0.001)]
    found = ranking(both, Weights(quality=7, cost=3))
    assert found is not None
    assert [each.name for each in found.ranked] == ["openai:good", "openai:cheap"]
    assert found.fragility[:2] == (
        "First place goes to openai:cheap when quality counts less than 50 % (now 70 %).",
        "First place goes to openai:cheap when cost counts more than 50 % (now 30 %).",
    )
    for cost, first in ((49, "openai:good"), (51, "openai:cheap")):
        tipped = ranking(both, Weights(quality=100 - cost, cost=cost))
        assert tipped is not None
        assert tipped.ranked[0].name == first


def test_an_unknown_figure_that_counts_has_no_score_and_never_wins() -> None:
    found = ranking([candidate("openai:dark", None, 0.0001), candidate("openai:known", 0.1, 0.9)], Weights(5, 5))
    assert found is not None
    assert [(each.name, each.score is None, each.why) for each in found.ranked][1] == (
        "openai:dark", True, "quality not known",
    )  # fmt: skip
    free_of_it = ranking([candidate("openai:dark", None, 0.1), candidate("openai:known", 0.1, 0.9)], Weights(cost=1))
    assert free_of_it is not None
    assert free_of_it.ranked[0].name == "openai:dark"


def test_a_leader_of_uncertain_quality_is_told() -> None:
    found = ranking([candidate("openai:a", 0.8, half=0.2), candidate("openai:b", 0.7)], Weights(quality=1))
    assert found is not None
    assert "At the lower end of its quality, 60 %, openai:b would be first." in found.fragility


def test_equal_scores_are_told_as_equal() -> None:
    found = ranking([candidate("openai:a"), candidate("openai:b")], Weights(quality=1))
    assert found is not None
    assert found.fragility == ("openai:a and openai:b have the same score.",)


def test_the_second_one_covers_what_the_first_fails() -> None:
    found = pooled("+ + + - - -", "- - - + + -", "+ + + + - -", targets=("openai:a", "openai:b", "openai:c"))
    said = second("openai:a", [candidate(f"openai:{name}") for name in "abc"], found)
    assert said is not None
    assert said.name == "openai:b"
    assert said.sentence.startswith("Beside openai:a, know openai:b: it passes 2 of the 3 cases that openai:a fails.")


def test_few_failures_suggest_nobody() -> None:
    said = second("openai:gpt-x", [candidate("ollama:llama")], pooled("+ + -", "+ + +"))
    assert said is not None
    assert (said.name, said.sentence) == (
        None, "openai:gpt-x fails only 1 case: too few to choose a second one by."
    )  # fmt: skip


def test_at_a_length_of_ones_own_a_month_is_by_the_list() -> None:
    use = Use(per_day=10, input_tokens=1000, output_tokens=500)
    assert use.own_length
    assert not Use(input_tokens=1000).own_length
