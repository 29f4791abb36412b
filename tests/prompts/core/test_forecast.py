"""What asking will take: ranges with their basis, never an invented figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from prompts.core.forecast import RULE, Forecast, History, Outlook, Past, Span, forecast, outlook, plain_latin
from prompts.core.targets import Target
from prompts.record.reads import _PAST  # pyright: ignore[reportPrivateUsage]
from prompts.record.recorder import Recorder
from providers.catalogue.pricing import Bill, Pricer
from providers.config.connections import PRESETS
from providers.interface import Adjustment, Attachment, Message, ModelInfo, Request, Settings, Usage
from tests.prompts.samples import FULL, SETTINGS, begin
from tests.runs import started

AT = datetime(2026, 11, 24, tzinfo=UTC)
PRICER = Pricer(PRESETS)
IMAGE = Attachment("a.png", "image/png", b"\x89PNG")


def of(
    prompt: str = "word " * 200, model: str = "gpt-4o", provider: str = "openai", settings: Settings = Settings(),
    past: Sequence[Past] = (), files: tuple[Attachment, ...] = (), info: ModelInfo | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> Forecast:  # fmt: skip
    request = Request(model, (Message("user", prompt, files),), settings)
    history: History = {(provider, model): past}
    return forecast(request, PRESETS[provider], PRICER, history, AT, info, adjustments)


def answers(*lengths: int) -> list[Past]:
    return [Past(length) for length in lengths]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a" * 1000, 200, 400 + 15),
        ("é" * 1000, 200, 400 + 15),
        ("“a” – €5…" * 100, 180, 360 + 15),
        ("中" * 1000, 666, 2000 + 15),
        ("한글かな" * 250, 666, 2000 + 15),
        ("🦊" * 1000, 666, 2000 + 15),
        ("ж" * 1000, 250, 1000 + 15),
        ("a" * 1000 + "中" * 1000, 866, 2400 + 15),
        ("", 1, 15),
    ],
)
def test_without_history_tokens_follow_the_stated_rule_for_the_script(text: str, low: int, high: int) -> None:
    found = of(text)
    assert found.input_tokens == Span(low, high)
    assert found.basis == (RULE,)


def test_the_system_prompt_and_earlier_turns_are_read_too() -> None:
    turns = (Message("user", "a" * 1000), Message("assistant", "b" * 1000), Message("user", "c" * 1000))
    request = Request("gpt-4o", turns, Settings(system="d" * 1000))
    assert forecast(request, PRESETS["openai"], PRICER, {}, AT).input_tokens == Span(800, 1600 + 45)


def test_own_prompts_of_the_model_are_better_than_the_rule() -> None:
    past = [Past(10, 250, 1000), Past(10, 200, 1000), Past(10, 400, 1000)]
    found = of("a" * 3000, past=past)
    assert found.input_tokens == Span(600, 1200)
    assert found.basis[0] == "2.5 to 5.0 characters a token in 3 prompts here"


@pytest.mark.parametrize(
    ("prompt", "past"),
    [
        ("a" * 3000, [Past(10, 250, 1000)] * 2),
        ("a" * 3000, [Past(10, 25, 100)] * 9),
        ("a" * 3000, [Past(10, 250, None)] * 9),
        ("a" * 3000, [Past(10, None, 1000)] * 9),
        ("a" * 100, [Past(10, 250, 1000)] * 9),
        ("中" * 3000, [Past(10, 250, 1000)] * 9),
    ],
)
def test_own_prompts_that_do_not_compare_are_not_used(prompt: str, past: list[Past]) -> None:
    assert of(prompt, past=past).basis[0] == RULE


def test_files_leave_the_input_without_an_upper_end() -> None:
    found = of("a" * 1000, files=(IMAGE,), past=answers(5, 5, 5))
    assert found.input_tokens == Span(200, None)
    assert (found.low is not None, found.high) == (True, None)
    assert found.reason == "how many tokens the attached files take is unknown"


@pytest.mark.parametrize(
    ("past", "most", "span", "basis"),
    [
        (answers(), None, None, None),
        (answers(7, 9), None, None, None),
        (answers(5, 5, 5), None, Span(5, 5), "5 tokens out, the smallest to largest of 3 answers here"),
        (answers(), 64, Span(0, 64), "at most 64 tokens out, as set"),
        (answers(30, 10, 20), None, Span(10, 30), "10 to 30 tokens out, the smallest to largest of 3 answers here"),
        (
            answers(*range(1, 21)), None, Span(3, 18),
            "3 to 18 tokens out, the 10th to 90th percentile of 20 answers here",
        ),
        (
            answers(100, 200, 300), 150, Span(100, 150),
            "100 to 300 tokens out, the smallest to largest of 3 answers here, at most 150 as set",
        ),
        (
            answers(100, 200, 300), 50, Span(50, 50),
            "100 to 300 tokens out, the smallest to largest of 3 answers here, at most 50 as set",
        ),
    ],
)  # fmt: skip
def test_the_answer_is_as_long_as_earlier_ones_or_unknown(
    past: list[Past], most: int | None, span: Span | None, basis: str | None
) -> None:
    found = of(past=past, settings=Settings(max_output_tokens=most))
    assert found.output_tokens == span
    assert found.basis[1:] == ((basis,) if basis else ())


def test_a_forecast_costs_what_a_receipt_over_the_same_tokens_would_say() -> None:
    found = of("a" * 1000, past=answers(100, 200, 300))
    low = PRICER(Bill("openai", "gpt-4o", None, Usage(200, 100), AT)).amount
    high = PRICER(Bill("openai", "gpt-4o", None, Usage(415, 300), AT)).amount
    assert (found.kind, found.low, found.high) == ("amount", low, high)
    assert low is not None
    assert high is not None
    assert 0 < low < high


def test_unbounded_unpriced_and_local_are_three_things() -> None:
    unbounded, unpriced, local = of(), of(model="nobody-knows-it"), of(model="ngram-3", provider="builtin")
    assert (unbounded.kind, unbounded.high) == ("amount", None)
    assert "no maximum is set" in (unbounded.reason or "")
    assert (unpriced.kind, unpriced.low, unpriced.high) == ("unknown", None, None)
    assert "no list price is known" in (unpriced.reason or "")
    assert (local.kind, local.low) == ("local", None)


@pytest.mark.parametrize(
    ("characters", "most", "window", "fit"),
    [
        (10_000, None, 128_000, "fits"),
        (10_000, 126_001, 128_000, "does not fit"),
        (300_000, None, 128_000, "tight"),
        (200_000, None, 128_000, "fits"),
        (200_000, 40_000, 128_000, "tight"),
        (640_010, None, 128_000, "does not fit"),
        (1000, None, None, None),
    ],
)
def test_the_window_is_compared_with_both_ends(
    characters: int, most: int | None, window: int | None, fit: str | None
) -> None:
    info = ModelInfo("new", context_tokens=window)
    found = of("a" * characters, model="new", settings=Settings(max_output_tokens=most), info=info)
    assert (found.fit, found.context_tokens) == (fit, window)


def test_the_catalogue_knows_a_window_where_the_live_list_does_not() -> None:
    assert of().context_tokens == 128_000
    assert of(info=ModelInfo("gpt-4o", context_tokens=8000)).context_tokens == 8000
    assert of(files=(IMAGE,)).fit is None


def test_the_window_of_an_ollama_model_is_not_what_its_server_loads() -> None:
    assert of(model="llama3.2", provider="ollama", info=ModelInfo("llama3.2", context_tokens=131_072)).fit is None


def test_the_sum_is_a_range_and_says_on_hover_what_it_rests_on() -> None:
    one = of("a" * 1000, past=answers(100, 200, 300))
    found = outlook([one, one])
    assert found.money == "about $0.003 to $0.0081"
    assert found.grounds == (f"{RULE}.", "100 to 300 tokens out, the smallest to largest of 3 answers here.")
    assert found.misfits == ()


def test_what_rests_on_the_answers_of_one_model_names_it() -> None:
    known, other = of("a" * 1000, past=answers(100, 200, 300)), of("a" * 1000, model="o3", past=answers(7, 8, 9))
    assert outlook([known, other]).grounds == (
        f"{RULE}.", "openai:gpt-4o: 100 to 300 tokens out, the smallest to largest of 3 answers here.",
        "openai:o3: 7 to 9 tokens out, the smallest to largest of 3 answers here.",
    )  # fmt: skip


def test_a_sum_with_an_unknown_part_is_at_least_and_says_why() -> None:
    known = of("a" * 1000, past=answers(100, 200, 300))
    found = outlook([known, of(), of(model="nobody-knows-it"), of(model="ngram-3", provider="builtin")])
    assert found.money.startswith("≥ $0.0")
    assert any(
        line.startswith("openai:gpt-4o: the most it can cost is unknown, because it has") for line in found.grounds
    )
    assert any(
        line.startswith("openai:nobody-knows-it: the cost is unknown, because no list price") for line in found.grounds
    )
    assert found.misfits == ()


def test_local_models_ask_no_fee_and_unpriced_ones_are_not_free() -> None:
    local = of(model="ngram-3", provider="builtin")
    assert outlook([local, local]) == Outlook("no fee")
    assert outlook([of(model="nobody-knows-it")]).money == "cost unknown"
    assert outlook([]) == Outlook("")


def test_what_does_not_fit_is_said_once() -> None:
    wide = of("a" * 700_000, settings=Settings(max_output_tokens=10))
    assert outlook([wide, wide]).misfits == (
        "openai:gpt-4o: this will not fit into its context window of 128,000 tokens.",
    )
    tight = of("a" * 300_000, settings=Settings(max_output_tokens=10))
    assert outlook([tight]).misfits == ("openai:gpt-4o: this may not fit into its context window of 128,000 tokens.",)


def test_a_maximum_that_the_provider_adds_bounds_cost_and_window() -> None:
    added = Adjustment("max_output_tokens", "Anthropic requires a maximum", "16384")
    found = of(model="claude-sonnet-5-5", provider="anthropic", adjustments=(added,))
    assert found.output_tokens == Span(0, 16_384)
    assert found.basis[1] == "at most 16,384 tokens out, as Anthropic requires a maximum"
    assert found.high is not None
    assert outlook([found]).money == "$0.0004 to at most $0.165"
    info = ModelInfo("new", context_tokens=17_000)
    full = of("a" * 10_000, "new", "anthropic", info=info, adjustments=(added,))
    assert full.fit == "does not fit"
    set_by_hand = Settings(max_output_tokens=64)
    assert of(settings=set_by_hand, adjustments=(added,)).output_tokens == Span(0, 64)


def test_the_limit_that_a_vendor_lists_for_a_model_bounds_its_cost_but_is_not_sent() -> None:
    info = ModelInfo("new", context_tokens=1000, max_output_tokens=900)
    found = of("a" * 1000, info=info)
    assert (found.output_tokens, found.fit) == (Span(0, 900), "fits")
    assert found.basis[1] == "at most 900 tokens out, the model's own limit"
    assert of(past=answers(5, 6, 7), info=info).output_tokens == Span(5, 7)


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
