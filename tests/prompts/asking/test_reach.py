"""What else is asked of providers: off the record only near by, and never beside what is being measured there."""

from __future__ import annotations

import asyncio

import pytest

from prompts.asking.reach import Reach
from prompts.asking.runner import NotLocalError
from providers.adapters.token_alternatives import NotExposed
from providers.interface import Request
from tests.patience import patiently, until
from tests.prompts.asking.test_runner import at, running
from tests.wire.server import Reply, WireServer


async def test_what_is_paid_for_is_never_off_the_record() -> None:
    with WireServer(_silent) as server:
        async with running(at(server)) as runner:
            with pytest.raises(NotLocalError, match="not on this computer"):
                await Reach(runner).off_record(runner.configuration.connections["groq"], Request.ask("m", "Hello"))
        assert server.calls() == []


async def test_a_question_of_a_page_waits_until_a_measured_answer_of_that_machine_is_over() -> None:
    with WireServer(_silent) as server:
        async with running(at(server)) as runner:
            reach, home = Reach(runner), runner.configuration.connections["vllm"]
            machine = runner._queues.at(home.endpoint)
            async with machine.turn():
                asked = asyncio.create_task(reach.next_words(home, Request.ask("m", "Hello"), 5))
                await until(lambda: machine._waiting)
                assert server.calls("/chat/completions") == []
            assert isinstance(await patiently(asked), NotExposed)
            assert len(server.calls("/chat/completions")) == 1


async def _silent(reply: Reply) -> None:
    await reply.json({"choices": [{"index": 0, "message": {"role": "assistant", "content": "A"}}]})
