"""Each line of a card: its value, who says so, from how much, how old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from prompts.analysis.ratings import Say, ratings
from prompts.decide.candidate import Figure, Use, candidates
from prompts.decide.evidence import Evidence, evidence
from prompts.decide.people import people
from prompts.votes.votes import Choice, Vote, VotedAnswer
from providers.catalogue.pricing import ListPrice, LongPrompt
from tests.prompts.decide.made import FREE, NOW, PRICE, about, pooled

DAY = NOW.date()


def lines(target: str = "openai:gpt-x", *, signs: str = "+ + -", use: Use = Use(), price: ListPrice = PRICE):  # type: ignore[no-untyped-def]
    found = pooled(signs, signs)
    (each,) = candidates({target: found.of(target)}, [about(target, price)], {}, use)  # type: ignore[dict-item]
    return {line.what: line for line in evidence(each, NOW)}


def test_what_was_measured_says_from_how_many_cases_and_when() -> None:
    found = lines()
    assert (found["Passed"].value, found["Passed"].tag) == ("2 of 3", "measured here (n = 3 cases, 2026-11-20)")
    assert found["Passed"].age(DAY) == "9 days old"
    assert found["1,000 requests"].value == "$1.00"
    assert found["A month at 100 a day"].value == "$3.00"


def test_a_rate_of_many_cases_has_its_interval() -> None:
    assert lines(signs=" ".join("+" * 9 + "-"))["Passed"].value == "90 % (60 to 98 %)"


def test_at_ones_own_length_money_is_by_the_list_and_says_so() -> None:
    found = lines(use=Use(10, 1000, 500))
    line = found["1,000 requests of 1,000 tokens in, 500 out"]
    assert (line.value, line.tag) == ("$6.00", "vendor says (genai-prices 0.2.3)")
    assert found["A month at 10 a day"].value == "$1.80"


def test_a_long_prompt_is_reckoned_at_its_dearer_price() -> None:
    dear = replace(PRICE, long_prompt=LongPrompt(500, Decimal(4), Decimal(16)))
    assert lines(use=Use(10, 1000, 500), price=dear)["A month at 10 a day"].value == "$3.60"


def test_a_model_that_was_never_asked_has_no_evidence_and_no_zero() -> None:
    (each,) = candidates({}, [about("openai:gpt-4o")], {}, Use())
    assert (each.quality, each.seconds, each.dollars, each.measured) == (None, None, None, False)
    found = {line.what: line for line in evidence(each, NOW)}
    assert [(found[what].value, found[what].tag) for what in ("Passed", "Median time")] == [
        ("—", "no evidence yet"), ("—", "no evidence yet"),
    ]  # fmt: skip


def test_a_local_model_has_no_fee_until_ones_own_hour_has_a_price() -> None:
    assert lines("ollama:llama", price=FREE)["1,000 requests"].value == "no fee"
    found = lines("ollama:llama", price=FREE, use=Use(own_cost_per_hour=Decimal("3.60")))
    assert found["1,000 requests"].value == "$2.02"
    assert found["1,000 requests"].tag == "set here ($3.60 an hour of your machine, for the median time)"


def test_where_text_goes_and_which_region_the_answer_told() -> None:
    (each,) = candidates({}, [about("anthropic:claude-sonnet-4-5", told={"inference_geo": "us"})], {}, Use())
    found = {line.what: line for line in evidence(each, NOW)}
    assert found["Where text goes"].value == "Anthropic (api.anthropic.com)"
    assert found["Region"].value == "US"
    assert each.facts.in_eu is False


def test_what_was_checked_goes_before_votes_and_votes_before_ratings() -> None:
    says = [Say("openai:a", f"run {n}", "me", best=True) for n in range(3)]
    rated = ratings(says, {f"run {n}": {"openai:a", "openai:b"} for n in range(3)})
    both = [about("openai:a"), about("openai:b")]
    by_ratings = candidates({}, both, people(rated, []), Use())
    assert [round(each.quality.value, 2) for each in by_ratings if each.quality] == [1.0, 0.0]
    voted = people(rated, [vote(n, "left" if n < 8 else "tie") for n in range(10)])
    by_votes = candidates({}, both, voted, Use())
    assert [each.quality is not None and 0.5 < each.quality.value < 1 for each in by_votes] == [True, False]
    lines = {line.what: line for line in evidence(by_votes[0], NOW)}
    assert lines["Preferred, blindly"].tag == "our votes (n = 10 votes, 1 person, 2026-11-29)"
    assert lines["Called best"].tag == "our votes (n = 3, not blind)"
    found = pooled("+", "-").models[0]
    checked = candidates({"openai:gpt-x": found}, [about("openai:gpt-x"), about("openai:a")], voted, Use())
    assert [each.quality is None for each in checked] == [False, True]


def vote(number: int, choice: Choice) -> Vote:
    left, right = (VotedAnswer(f"{name}{number}", f"openai:{name}", f"openai:{name}", 10, 0) for name in "ab")
    return Vote(str(number), "ballot", "me", NOW, f"case {number}", left, right, choice)


def test_what_is_older_than_180_days_is_old() -> None:
    line = Evidence("Price", "$1", "vendor says", "a list", DAY - timedelta(days=181))
    assert line.old(DAY)
    assert not replace(line, as_of=DAY - timedelta(days=180)).old(DAY)
    assert line.age(DAY) == "6 months old"
    assert not replace(line, as_of=None).old(date.max)


def test_a_month_has_the_range_of_a_request() -> None:
    (each,) = candidates({}, [about("openai:gpt-4o")], {}, Use(per_day=100))
    known = replace(each, dollars=Figure(0.001, 0.0005, 0.002, 12))
    assert known.a_month == Figure(3.0, 1.5, 6.0, 12)
