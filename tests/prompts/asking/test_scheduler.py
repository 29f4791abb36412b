"""A fair race, and prompts that must not leave: who is asked when, with what, and who is not asked at all."""

from pathlib import Path

import pytest

from prompts.asking.runner import NotLocalError
from prompts.core.plan import WARM_UP
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from prompts.record.restore import from_record
from providers.config.connections import PRESETS
from providers.interface import Settings
from tests.prompts.asking.test_runner import CHAT, Crowd, at, go, running
from tests.runs import started
from tests.wire.server import Reply, WireServer


def race(*targets: str, repeats: int = 2, settings: Settings = Settings(), local_only: bool = False) -> Run:
    chosen = [Target(*text.split(":"), settings) for text in targets]
    return started("Say hello.", chosen, repeats=repeats, fair=True, settings=settings, local_only=local_only)


async def test_a_fair_race_warms_up_once_and_counts_the_rest() -> None:
    crowd = Crowd()
    with WireServer(crowd) as server:
        run, connections = race("groq:a", "mistral:b"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.repeat for answer in run.answers] == [WARM_UP] * 2 + [0, 0, 1, 1]
    assert [answer.counts for answer in run.answers] == [False, False, True, True, True, True]
    assert all(answer.state == "complete" for answer in run.answers)
    assert run.repeats == 2
    assert crowd.most["a"] == crowd.most["b"] == 1


async def test_no_two_requests_of_a_fair_race_begin_alike() -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Hel", "lo"], ()))

    with WireServer(script) as server:
        run, connections = race("groq:a", repeats=3), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
        asked = [call.json["messages"][0]["content"] for call in server.calls("/chat/completions")]
    marks = [text.removesuffix("\n\nSay hello.") for text in asked]
    assert len(set(marks)) == 4
    assert all(mark.startswith("[") and mark != text for mark, text in zip(marks, asked, strict=True))


def test_the_mark_stands_before_everything_that_a_cache_could_hold() -> None:
    run = race("groq:a", settings=Settings(system="Be brief."))
    first, second = (run.request(cell) for cell in run.cells[:2])
    assert first.settings.system != second.settings.system
    assert first.settings.system is not None
    assert first.settings.system.endswith("\n\nBe brief.")
    assert first.messages == second.messages


def test_an_ordinary_run_is_asked_as_it_was_typed() -> None:
    run = started("Say hello.", [Target("groq", "a")])
    assert run.request(run.cells[0]).messages[0].text == "Say hello."


async def test_in_a_fair_race_local_models_wait_for_the_hosted_and_run_alone() -> None:
    crowd = Crowd()
    with WireServer(crowd) as server:
        run, connections = race("vllm:x", "groq:a", "vllm:y", repeats=1), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert crowd.order[:2] == ["a", "a"]
    assert sorted(crowd.order[2:4]) == ["x", "y"]
    assert crowd.most["all"] == 1


async def test_what_is_local_only_never_reaches_a_distant_host(tmp_path: Path) -> None:
    async def script(reply: Reply) -> None:
        raise AssertionError("asked")

    recorder = await Recorder.open(f"sqlite:///{tmp_path}/collate.db")
    with WireServer(script) as server:
        run, connections = race("vllm:x", "groq:a", local_only=True), at(server)
        async with running(connections, recorder) as runner:
            with pytest.raises(NotLocalError, match="groq:a is not on this machine"):
                await runner.begin(run, connections)
            with pytest.raises(NotLocalError):
                await runner.ask(run, connections)
            with pytest.raises(NotLocalError):
                await runner.retry(run, run.live[1], connections)
        assert server.calls("/chat/completions") == []
    assert recorder.load_run(run.id) is None
    await recorder.close()


async def test_the_manner_of_a_run_is_on_record(tmp_path: Path) -> None:
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/collate.db")
    run = race("vllm:x", local_only=True)
    run.live[0].begin()
    await recorder.begin_run(run)
    await recorder.begin_attempt(run.answers[0].id, 1, endpoint="", target=run.answers[0].target)
    stored = recorder.load_run(run.id)
    assert stored is not None
    again = from_record(stored)
    assert (again.fair, again.local_only, again.repeats) == (True, True, 2)
    assert again.request(again.cells[0]) == run.request(run.cells[0])
    await recorder.close()


async def test_a_model_that_ollama_passes_on_is_not_local_either() -> None:
    connections = {"ollama": PRESETS["ollama"]}
    run = started("Stay.", [Target("ollama", "gpt-oss:120b-cloud")], local_only=True)
    async with running(connections) as runner:
        with pytest.raises(NotLocalError, match="120b-cloud is not on this machine"):
            await runner.begin(run, connections)
