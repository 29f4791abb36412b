"""A real language model on this computer: real llama.cpp, a real file, each figure over HTTP.

Left out where the extra `embedded` is not installed, which `make test` tries to do.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from providers.adapters import token_alternatives
from providers.builtin import gguf
from providers.builtin.builtin import Builtin
from providers.builtin.gguf import ModelProcess
from providers.completion import Completion, Cost
from providers.config.configuration import load
from providers.config.connections import PRESETS, Connection
from providers.errors import ProviderError
from providers.interface import Adjustment, Delta, Request, Settings
from providers.measuring.measure import complete

MODEL = gguf.SHIPPED
QUESTION = "What is the capital of France? Answer in one sentence."
EXACT = Settings(temperature=0, max_output_tokens=12)

pytestmark = pytest.mark.skipif(gguf.shipped() is None, reason="the extra 'embedded' is not installed")


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gguf.SWITCH, "1")


@pytest.fixture
async def provider(offered: None) -> AsyncIterator[Builtin]:
    provider = Builtin(PRESETS["builtin"])
    yield provider
    await provider.aclose()


async def asked(provider: Builtin, request: Request, on_delta=lambda _: None) -> Completion:
    return await complete(provider, request, price=lambda _: Cost("local"), on_delta=on_delta)


def process_of(provider: Builtin, model: str = MODEL) -> ModelProcess:
    return provider._files[model].process


async def test_it_answers_in_a_sentence_and_every_figure_is_measured(provider: Builtin) -> None:
    pieces: list[Delta] = []
    done = await asked(provider, Request.ask(MODEL, QUESTION, EXACT), pieces.append)
    assert done.state == "complete", done.error
    assert done.text == "The capital of France is Paris." == "".join(piece.text for piece in pieces)
    assert done.usage is not None
    assert (done.usage.output_tokens or 0) > 3
    assert done.response_model == MODEL
    assert "cold_load" in done.conditions
    assert done.timings.time_to_first_token_s is not None
    assert done.versions["xllamacpp"]


async def test_where_nothing_is_set_it_chooses_as_its_card_does(provider: Builtin) -> None:
    story = "Tell me a story of a fox."
    usual = await asked(provider, Request.ask(MODEL, story, Settings(seed=1, max_output_tokens=48)))
    as_told = Settings(seed=1, max_output_tokens=48, temperature=gguf.SAMPLING["temp"], top_p=gguf.SAMPLING["top_p"])
    told = await asked(provider, Request.ask(MODEL, story, as_told))
    assert usual.text == told.text
    warm = await asked(provider, Request.ask(MODEL, story, replace(as_told, temperature=0.8, top_p=0.95)))
    assert warm.text != told.text  # so a server that keeps its own would be noticed


async def test_once_loaded_it_stays(provider: Builtin) -> None:
    await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    again = await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    assert "cold_load" not in again.conditions


async def test_after_a_crash_it_is_loaded_again(provider: Builtin) -> None:
    await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    process = process_of(provider)._process
    assert process is not None
    process.kill()
    await process.wait()
    again = await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    assert again.state == "complete", again.error
    assert "cold_load" in again.conditions


async def test_a_crash_in_the_middle_is_a_failure_that_says_so(provider: Builtin) -> None:
    def crash(_: Delta) -> None:
        process = process_of(provider)._process
        if process is not None and process.returncode is None:
            process.kill()

    done = await asked(provider, Request.ask(MODEL, "Tell a long story.", Settings(max_output_tokens=400)), crash)
    assert done.state in ("failed", "incomplete")
    assert done.error is not None
    assert done.text


async def test_stop_frees_it_at_once(provider: Builtin) -> None:
    begun = asyncio.Event()
    request = Request.ask(MODEL, "Tell a very long story.", Settings(max_output_tokens=4000))
    task = asyncio.create_task(asked(provider, request, lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    assert (await task).state == "cancelled"
    after = await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    assert after.state == "complete"  # it would wait for thousands of tokens else


async def test_when_idle_it_gives_its_memory_back(provider: Builtin) -> None:
    await asked(provider, Request.ask(MODEL, QUESTION, EXACT))
    process = process_of(provider)
    held = process._process
    assert held is not None
    process.idle_s = 0.0
    process.used()
    await held.wait()
    assert not process.running


def test_it_ends_however_collate_ends(tmp_path: Path) -> None:
    """The parent is killed outright; the pipe that closes is the only word the model's process gets."""
    script = (
        "import asyncio, sys\n"
        "from providers.builtin.gguf import ModelProcess, shipped\n"
        "async def main():\n"
        "    process = ModelProcess('m', shipped())\n"
        "    await process.started()\n"
        "    print(process._process.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-P", "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent, parent.stdout:
        model = int(parent.stdout.readline())
        watch = os.pidfd_open(model) if hasattr(os, "pidfd_open") else None
        parent.kill()
        parent.wait()
        if watch is None:
            pytest.skip("this system has no way to wait for another's process")
        import select

        ended, _, _ = select.select([watch], [], [], 60)
        os.close(watch)
        if not ended:
            os.kill(model, signal.SIGKILL)
        assert ended


async def test_nobody_without_the_key_is_answered(provider: Builtin) -> None:
    import httpx2

    await provider.prepare(Request.ask(MODEL, "x"))
    process = process_of(provider)
    assert process.address.startswith("http://127.0.0.1:")
    async with httpx2.AsyncClient(trust_env=False) as client:
        refused = await client.post(f"{process.address}/v1/chat/completions", json={"messages": []})
    assert refused.status_code == 401


async def test_real_probabilities_of_the_next_token(provider: Builtin) -> None:
    told = await token_alternatives.ask(
        provider, Request.ask(MODEL, QUESTION), 5, price=lambda _: Cost("local")
    )  # fmt: skip
    assert isinstance(told, token_alternatives.Told)
    assert told.candidates[0].token == "The"
    assert 0.5 < told.candidates[0].probability < 1


async def test_a_damaged_or_absent_file_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "x.gguf"
    wrong.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ProviderError, match=r"x\.gguf could not be loaded"):
        await ModelProcess("x", wrong).started()
    wrong.write_bytes(b"PK..")
    with pytest.raises(ProviderError, match="not a GGUF model file"):
        await ModelProcess("x", wrong).started()
    with pytest.raises(ProviderError, match="cannot be read: No such file"):
        await ModelProcess("y", tmp_path / "y.gguf").started()


async def test_a_persons_own_file_is_one_row_of_configuration(home: Path) -> None:
    (home / "collate.toml").write_text(f'[providers.builtin.models]\nmine = "{gguf.shipped()}"\n')
    connection = load({"COLLATE_CONFIG": str(home / "collate.toml")}, {}).connections["builtin"]
    provider = Builtin(connection)
    try:
        assert [model.id for model in await provider.models()][:2] == [MODEL, "mine"]
        done = await asked(provider, Request.ask("mine", QUESTION, EXACT))
        assert (done.state, done.response_model) == ("complete", "mine")
    finally:
        await provider.aclose()


def test_what_it_cannot_take_is_said_before() -> None:
    provider = Builtin(PRESETS["builtin"])
    said = provider.adjustments(Request.ask(MODEL, "x", Settings(effort="high")))
    assert [each.setting for each in said] == ["effort", "max_output_tokens"]
    assert provider.adjustments(Request.ask(MODEL, "x", Settings(max_output_tokens=5))) == ()
    assert isinstance(said[1], Adjustment)
    assert said[1].sent == "512"


def test_without_llama_cpp_only_n_grams_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gguf.SWITCH, "0")
    assert gguf.files((("mine", "x"),)) == {}
    assert isinstance(PRESETS["builtin"], Connection)
