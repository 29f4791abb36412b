"""The built-in provider keeps the provider's contract and answers with what its models draw."""

import asyncio
from collections.abc import Iterable
from itertools import pairwise

import pytest

from providers.builtin import ngram
from providers.builtin.builtin import DEFAULT_TOKENS, MODELS, Builtin, next_words
from providers.completion import Completion, Cost
from providers.config.connections import PRESETS
from providers.errors import ProviderError
from providers.interface import Attachment, Delta, Message, Provider, Request, Settings
from providers.measuring import measure

PROMPT = "Explain what the value of the"


def builtin() -> Builtin:
    return Builtin(PRESETS["builtin"])


async def ask(prompt: str = PROMPT, *, model: str = "ngram-3", **settings: object) -> Completion:
    request = Request.ask(model, prompt, Settings(**settings))  # type: ignore[arg-type]
    return await measure.complete(builtin(), request, price=lambda *_: Cost("local"))


async def texts(seeds: Iterable[int], prompt: str = PROMPT, **settings: object) -> list[str]:
    return [(await ask(prompt, seed=seed, **settings)).text for seed in seeds]


@pytest.mark.parametrize("model", MODELS)
async def test_an_answer_is_measured_like_any_other(model: str) -> None:
    provider: Provider = builtin()
    deltas: list[Delta] = []
    request = Request.ask(model, PROMPT, Settings(seed=1, max_output_tokens=20))
    await provider.warm()
    done = await measure.complete(provider, request, price=lambda *_: Cost("local"), on_delta=deltas.append)
    assert done.state in ("complete", "cut")
    assert done.error is None
    assert "".join(delta.text for delta in deltas) == done.text
    assert len(deltas) > 1
    assert (done.endpoint, done.response_model, done.cost.kind) == ("this computer", model, "local")
    assert done.timings.time_to_first_token_s is not None
    assert done.flags == ()
    assert set(done.versions) == {"collate", "python"}
    await provider.aclose()


@pytest.mark.parametrize("prompt", ["", "🌊🌊", "日本語だけ", "the", "What is a class?", "\x00 \ud83d", "." * 10])
async def test_any_prompt_gets_words(prompt: str) -> None:
    done = await ask(prompt, seed=2, max_output_tokens=30)
    assert done.text.strip()
    assert done.text == done.text.lstrip()


async def test_an_answer_begins_with_a_word() -> None:
    firsts = await texts(range(60), prompt="a new object", max_output_tokens=1)
    assert next_words("ngram-3", "", 1, answer="a new object")[0].word in ",.:;"
    assert not [first for first in firsts if first in ",.:;"]


@pytest.mark.parametrize("seed", range(5))
async def test_counts_are_those_of_the_text(seed: int) -> None:
    done = await ask(seed=seed, system="You are brief.", max_output_tokens=60)
    assert done.usage is not None
    assert done.usage.input_tokens == 4 + 6
    assert done.usage.output_tokens == len(list(ngram.tokens(done.text)))
    assert done.usage.reasoning_tokens == 0


async def test_all_messages_are_counted_and_the_last_words_decide() -> None:
    settings = Settings(temperature=0, max_output_tokens=8)
    turns = (Message("user", "First of all, "), Message("assistant", "yes."), Message("user", PROMPT))
    together = Request("ngram-3", turns, settings)
    done = await measure.complete(builtin(), together, price=lambda *_: Cost("local"))
    alone = await ask(temperature=0, max_output_tokens=8)
    assert done.usage is not None
    assert done.usage.input_tokens == 4 + 2 + 6
    assert done.text == alone.text


async def test_temperature_zero_always_says_the_same() -> None:
    assert len(set(await texts([1, 2, 3], temperature=0))) == 1


async def test_the_smallest_nucleus_is_the_most_probable_word() -> None:
    assert await texts([1], top_p=0) == await texts([2], temperature=0)


async def test_a_seed_makes_an_answer_repeatable() -> None:
    first, again, other = await texts([7, 7, 8], max_output_tokens=40)
    assert first == again != other


async def test_without_a_seed_answers_differ() -> None:
    assert len({(await ask(max_output_tokens=40)).text for _ in range(4)}) > 1


@pytest.mark.parametrize("limit", [1, 2, 17])
async def test_the_token_limit_is_exact(limit: int) -> None:
    answers = [await ask(seed=seed, max_output_tokens=limit) for seed in range(8)]
    assert all(answer.usage and answer.usage.output_tokens == limit for answer in answers if answer.state == "cut")
    assert any(answer.state == "cut" and answer.stop_reason == "length" for answer in answers)
    assert all(len(list(ngram.tokens(answer.text))) <= limit for answer in answers)


async def test_an_answer_ends_at_a_learnt_end_or_at_the_default_limit() -> None:
    answers = [await ask(seed=seed, model="ngram-2") for seed in range(20)]
    assert {answer.stop_reason for answer in answers} >= {"end"}
    assert max(answer.usage.output_tokens or 0 for answer in answers if answer.usage) <= DEFAULT_TOKENS
    assert not any(ngram.END in answer.text for answer in answers)


async def test_a_stop_string_is_obeyed_across_words_and_never_shown() -> None:
    whole = await ask(seed=11, max_output_tokens=40)
    between = whole.text.index(" ", len(whole.text) // 2)  # what it says is from the documents of this Python
    stop = whole.text[between - 4 : between + 5]
    done = await ask(seed=11, max_output_tokens=40, stop=("never said", stop))
    assert (done.state, done.stop_reason) == ("complete", "stop")
    assert done.text == whole.text[: whole.text.index(stop)]


async def test_what_was_held_back_is_shown_in_the_end() -> None:
    whole = await ask(seed=11, max_output_tokens=12)
    done = await ask(seed=11, max_output_tokens=12, stop=(f"{whole.text[-4:]}, and then",))
    assert done.text == whole.text


async def test_cancelling_keeps_the_text_so_far() -> None:
    begun = asyncio.Event()
    request = Request.ask("ngram-2", PROMPT, Settings(temperature=0, max_output_tokens=1_000_000))
    task = asyncio.create_task(
        measure.complete(builtin(), request, price=lambda *_: Cost("local"), on_delta=lambda _: begun.set())
    )
    await begun.wait()
    task.cancel()
    done = await task
    assert done.state == "cancelled"
    assert done.text


async def test_two_answers_take_turns() -> None:
    order: list[int] = []

    async def run(number: int) -> None:
        async for _ in builtin().stream(Request.ask("ngram-2", PROMPT, Settings(temperature=0, max_output_tokens=20))):
            order.append(number)

    await asyncio.to_thread(ngram.trained, 2)
    await asyncio.gather(run(1), run(2))
    changes = sum(a != b for a, b in pairwise(order))
    assert changes > 10


async def test_a_long_prompt_does_not_hold_up_the_loop() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    provider, request = builtin(), Request.ask("ngram-2", "word " * 50_000, Settings(max_output_tokens=1))
    await provider.prepare(request)
    task = asyncio.create_task(others())
    events = [event async for event in provider.stream(request)]
    task.cancel()
    assert len(events) == 2
    assert turns >= 100


@pytest.mark.parametrize(
    ("settings", "parameter"),
    [
        (Settings(temperature=-0.1), "temperature"),
        (Settings(temperature=float("nan")), "temperature"),
        (Settings(temperature=float("inf")), "temperature"),
        (Settings(top_p=1.1), "top_p"),
        (Settings(top_p=float("nan")), "top_p"),
        (Settings(max_output_tokens=0), "max_output_tokens"),
        (Settings(stop=("a", "")), "stop"),
    ],
)
async def test_an_impossible_setting_is_refused_by_name(settings: Settings, parameter: str) -> None:
    done = await measure.complete(
        builtin(), Request.ask("ngram-2", PROMPT, settings), price=lambda *_: Cost("unknown", reason="failed")
    )
    assert done.state == "failed"
    assert done.error is not None
    assert (done.error.kind, done.error.parameter) == ("bad_request", parameter)


async def test_an_unknown_model_is_not_found() -> None:
    done = await ask(model="ngram-9")
    assert done.error is not None
    assert done.error.kind == "not_found"
    assert "ngram-2, ngram-3, ngram-4" in done.error.message


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request.ask("ngram-2", "a"), {}),
        (Request.ask("ngram-2", "a", Settings(max_output_tokens=5, effort="none", seed=1, stop=("x",))), {}),
        (Request.ask("ngram-2", "a", Settings(max_output_tokens=5, effort="high")), {"effort": None}),
        (
            Request(
                "ngram-2",
                (Message("user", "a", (Attachment("a.png", "image/png", b""),)),),
                Settings(max_output_tokens=5),
            ),
            {"attachments": None},
        ),
    ],
)
def test_what_cannot_be_taken_is_said_before_the_run(request_: Request, expected: dict[str, str | None]) -> None:
    assert {a.setting: a.sent for a in builtin().adjustments(request_)} == expected


async def test_every_model_says_what_it_is() -> None:
    found = await builtin().models()
    assert [model.id for model in found] == list(MODELS)
    assert all(model.label and "built-in n-gram, for trying the dashboard" in model.label for model in found)


async def test_next_words_are_those_the_stream_draws() -> None:
    done = await ask(temperature=0, max_output_tokens=12)
    answer = ""
    for token in ngram.tokens(done.text):
        likeliest, *_ = next_words("ngram-3", PROMPT, 3, answer=answer)
        assert likeliest.word == token
        answer = f"{answer} {token}"


def test_next_words_fall_and_follow_the_settings() -> None:
    plain = next_words("ngram-3", PROMPT, 10)
    sharp = next_words("ngram-3", PROMPT, 10, Settings(temperature=0.5))
    assert [p.probability for p in plain] == sorted((p.probability for p in plain), reverse=True)
    assert sharp[0].word == plain[0].word
    assert sharp[0].probability > plain[0].probability
    assert [p.probability for p in next_words("ngram-3", PROMPT, 10, Settings(temperature=0))] == [1.0]
    with pytest.raises(ProviderError):
        next_words("ngram-1", PROMPT, 10)
