"""What asking will take: ranges with their basis, never an invented figure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import ceil, floor
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from prompts.core.forecast import RULE, Past, Span, forecast, outlook, plain_latin
from prompts.core.targets import Target
from prompts.core.token_rules import token_bounds
from prompts.record.reads import _PAST  # pyright: ignore[reportPrivateUsage]
from prompts.record.recorder import Recorder
from providers.catalogue.pricing import Bill
from providers.config.connections import PRESETS
from providers.interface import Message, ModelInfo, Request, Settings, Usage
from tests.prompts.core.forecasting import AT, IMAGE, PRICER, answers, of, reads
from tests.prompts.samples import FULL, SETTINGS, begin
from tests.runs import started


@pytest.mark.parametrize("text", ["word " * 200, "中" * 1000, '{"a": 17.25}' * 50, ""])
def test_without_history_tokens_follow_the_stated_rule(text: str) -> None:
    found = of(text)
    assert found.input_tokens == reads(text)
    assert found.basis[0] == RULE


def test_a_prompt_that_is_all_figures_is_not_taken_for_prose() -> None:
    prose, figures = (of(text * 100).input_tokens for text in ("some words here ", "3.14159 2.71828 "))
    assert figures.low > prose.low
    assert (figures.high or 0) > 2 * (prose.high or 0)


def test_claude_may_make_more_tokens_than_any_tokenizer_that_is_known() -> None:
    text = "word " * 400
    claude, gpt = of(text, "claude-opus-5-5", "anthropic").input_tokens, of(text).input_tokens
    assert claude.low == gpt.low
    assert (claude.high or 0) - 15 == pytest.approx(((gpt.high or 0) - 15) * 1.35, abs=2)


def test_the_system_prompt_and_earlier_turns_are_read_too() -> None:
    turns = (Message("user", "a b " * 300), Message("assistant", "c d " * 300), Message("user", "e f " * 300))
    request = Request("gpt-4o", turns, Settings(system="g h " * 300))
    low, high = token_bounds("a b " * 300)
    found = forecast(request, PRESETS["openai"], PRICER, {}, AT).input_tokens
    assert found == Span(floor(4 * low), ceil(4 * high) + 45)


def test_own_prompts_of_the_model_are_better_than_the_rule() -> None:
    past = [Past(10, 250, 1150), Past(10, 250, 1200), Past(10, 250, 1100)]
    text = "some words here " * 200
    found = of(text, past=past)
    assert found.input_tokens == Span(floor(3200 / 4.8), ceil(3200 / 4.4))
    assert found.basis[0] == "4.4 to 4.8 characters a token in 3 prompts here"
    assert of("3.14159 2.71828 " * 200, past=past).basis[0] == RULE  # those prompts were prose, this is not


@pytest.mark.parametrize(
    ("prompt", "past"),
    [
        ("some words here " * 200, [Past(10, 250, 1150)] * 2),
        ("some words here " * 200, [Past(10, 25, 115)] * 9),
        ("some words here " * 200, [Past(10, 250, None)] * 9),
        ("some words here " * 200, [Past(10, None, 1150)] * 9),
        ("some words here " * 6, [Past(10, 250, 1150)] * 9),
        ("中" * 3000, [Past(10, 250, 1150)] * 9),
    ],
)
def test_own_prompts_that_do_not_compare_are_not_used(prompt: str, past: list[Past]) -> None:
    assert of(prompt, past=past).basis[0] == RULE


def test_files_leave_the_input_without_an_upper_end() -> None:
    found = of("a" * 1000, files=(IMAGE,), past=answers(5, 5, 5))
    assert found.input_tokens == Span(reads("a" * 1000).low, None)
    assert (found.low is not None, found.high) == (True, None)
    assert found.reason == "how many tokens the attached files take is unknown"


ASSUMED = "60 to 1,600 tokens out, assumed for an answer: nothing is known here of its length"


@pytest.mark.parametrize(
    ("past", "most", "span", "basis"),
    [
        (answers(), None, Span(60, 1600), ASSUMED),
        (answers(), 640, Span(60, 640), f"{ASSUMED}, at most 640 as set"),
        (answers(), 50, Span(50, 50), f"{ASSUMED}, at most 50 as set"),
        (
            answers(*range(1, 21)), None, Span(2, 19),
            "2 to 19 tokens out, the 10th to 90th percentile of 20 answers here",
        ),
        (
            answers(*range(1, 21)), 15, Span(2, 15),
            "2 to 19 tokens out, the 10th to 90th percentile of 20 answers here, at most 15 as set",
        ),
    ],
)  # fmt: skip
def test_the_answer_is_as_long_as_earlier_ones_or_as_assumed(
    past: list[Past], most: int | None, span: Span, basis: str
) -> None:
    found = of(past=past, settings=Settings(max_output_tokens=most))
    assert found.output_tokens == span
    assert found.basis[1] == basis


def test_a_forecast_costs_what_a_receipt_over_the_same_tokens_would_say() -> None:
    found = of("word " * 200, past=answers(*range(100, 120)))
    read, write = found.input_tokens, found.output_tokens
    low = PRICER(Bill("openai", "gpt-4o", None, Usage(read.low, write.low), AT)).amount
    high = PRICER(Bill("openai", "gpt-4o", None, Usage(read.high, write.high), AT)).amount
    assert (found.kind, found.low, found.high) == ("amount", low, high)
    assert low is not None
    assert high is not None
    assert 0 < low < high


def test_a_first_question_has_a_range_and_no_price_of_an_empty_answer() -> None:
    found, thinking = of(), of(model="o3")
    for each in (found, thinking):
        assert each.kind == "amount"
        assert each.low is not None
        assert each.high is not None
        empty = PRICER(Bill(*each.target.split(":"), None, Usage(each.input_tokens.low, 0), AT)).amount
        assert each.low > (empty or Decimal(0))
    assert thinking.output_tokens.high > 4 * found.output_tokens.high


def test_unbounded_unpriced_and_local_are_three_things() -> None:
    unbounded, unpriced = of(files=(IMAGE,)), of(model="nobody-knows-it")
    local = of(model="ngram-3", provider="builtin")
    assert (unbounded.kind, unbounded.high) == ("amount", None)
    assert "attached files" in (unbounded.reason or "")
    assert (unpriced.kind, unpriced.low, unpriced.high) == ("unknown", None, None)
    assert "no list price is known" in (unpriced.reason or "")
    assert (local.kind, local.low) == ("local", None)


@pytest.mark.parametrize(
    ("characters", "most", "window", "fit"),
    [
        (10_000, None, 128_000, "fits"),
        (10_000, 126_300, 128_000, "does not fit"),
        (500_000, None, 128_000, "tight"),
        (400_000, None, 128_000, "fits"),
        (400_000, 40_000, 128_000, "tight"),
        (720_000, None, 128_000, "does not fit"),
        (1000, None, None, None),
    ],
)
def test_the_window_is_compared_with_both_ends(
    characters: int, most: int | None, window: int | None, fit: str | None
) -> None:
    info = ModelInfo("new", context_tokens=window)
    found = of("word " * (characters // 5), model="new", settings=Settings(max_output_tokens=most), info=info)
    assert (found.fit, found.context_tokens) == (fit, window)


def test_the_catalogue_knows_a_window_where_the_live_list_does_not() -> None:
    assert of().context_tokens == 128_000
    assert of(info=ModelInfo("gpt-4o", context_tokens=8000)).context_tokens == 8000
    assert of(files=(IMAGE,)).fit is None


LLAMA = ModelInfo("llama3.2", context_tokens=131_072)


@pytest.mark.parametrize(
    ("words", "num_ctx", "info", "fit", "said"),
    [
        (100, None, LLAMA, None, ""),
        (9000, None, LLAMA, "tight", "this may not fit into the 4,096 tokens of context that Ollama usually gives a "
         "model. Ollama would drop the beginning and not say so; set its context to 16,384 under Parameters."),
        (9000, None, None, "tight", "this may not fit into the 4,096 tokens of context that Ollama usually gives"),
        (14_000, None, replace(LLAMA, served_tokens=8192), "does not fit",
         "this will not fit into the 8,192 tokens of context that Ollama gives it. Ollama would drop the beginning"),
        (100, None, replace(LLAMA, served_tokens=8192), "fits", ""),
        (9000, 4096, replace(LLAMA, served_tokens=32_768), "does not fit",
         "this will not fit into the context of 4,096 tokens that is set."),
        (9000, 32_768, replace(LLAMA, served_tokens=4096), "fits", ""),
        (9000, 32_768, replace(LLAMA, context_tokens=2048), "does not fit",
         "this will not fit into its context window of 2,048 tokens."),
        (9000, None, replace(LLAMA, context_tokens=2048), "does not fit",
         "this will not fit into its context window of 2,048 tokens."),
    ],
)  # fmt: skip
def test_what_ollama_would_drop_is_foreseen(
    words: int, num_ctx: int | None, info: ModelInfo | None, fit: str | None, said: str
) -> None:
    found = of("word " * words, "llama3.2", "ollama", Settings(num_ctx=num_ctx), info=info)
    assert found.fit == fit
    (sentence,) = outlook([found]).misfits or ("",)
    assert sentence.startswith(f"ollama:llama3.2: {said}" if said else "")
    assert bool(sentence) is bool(said)


@pytest.mark.parametrize(("text", "latin"), [("Größe – “ok” €", True), ("привет", False), ("中", False), ("", True)])
def test_only_latin_prompts_compare(text: str, latin: bool) -> None:
    assert plain_latin(text) is latin


async def test_the_record_tells_what_earlier_answers_took(tmp_path: Path) -> None:
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/c.db")
    long = "x" * 500
    target = Target("openai", "gpt-4o", SETTINGS)
    plain = started(long, [target] * 2)
    foreign, filed = started("中" * 500, [target]), started(long, [target], attachments=(IMAGE,))
    for run in (plain, foreign, filed):
        await recorder.begin_run(run)
        await recorder.finish(await begin(recorder, run), FULL)
    await recorder.finish(await begin(recorder, plain, 1), replace(FULL, state="cut"))
    found = recorder.output_history()
    assert list(found) == [("openai", "gpt-4o")]
    told = sorted(found["openai", "gpt-4o"], key=lambda past: past.characters or 0)
    assert told == [Past(9, 12, None), Past(9, 12, None), Past(9, 12, 500 + len(SETTINGS.system or ""))]
    assert recorder.output_history(newest=1) != found
    await recorder.close()


def test_the_question_can_be_put_to_postgresql() -> None:
    text = str(_PAST.compile(dialect=postgresql.dialect()))
    assert "CAST(runs.request AS TEXT) LIKE" in text
