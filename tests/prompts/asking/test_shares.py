"""Fair shares: nobody waits behind all that somebody else has asked for, and nobody has more under way than may be."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from prompts.asking.shares import Asker, Places, Turns
from prompts.core.targets import Target
from prompts.record import leases
from prompts.record.recorder import Recorder
from providers.config.team_rules import TeamRules
from tests.patience import patiently, until
from tests.prompts.asking.asked import Crowd, at, go, running
from tests.runs import started
from tests.wire.server import WireServer


async def all_of(*work: Coroutine[Any, Any, object]) -> None:
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)
            await asyncio.sleep(0)  # each stands in line before the next comes


async def order_of(who: str, most: int = 1) -> str:
    """Who has their turn when, if all of them come in this order while somebody has it."""
    turns, served = Turns(most), list[str]()

    async def ask(each: str) -> None:
        async with turns.turn(each):
            served.append(each)
            await asyncio.sleep(0)

    async with turns.turn("somebody"):
        waiting = []
        for each in who:
            waiting.append(asyncio.create_task(ask(each)))
            await asyncio.sleep(0)
    await asyncio.wait(waiting)
    assert not turns.busy
    return "".join(served)


@pytest.mark.parametrize(
    ("came", "served"), [("aaaaab", "abaaaa"), ("aaabbbccc", "abcabcabc"), ("aaa", "aaa"), ("baaab", "babaa")]
)
async def test_people_take_turns_however_much_one_has_asked_for(came: str, served: str) -> None:
    assert await order_of(came) == served


async def test_whoever_no_longer_waits_holds_nobody_up() -> None:
    turns, served = Turns(), list[str]()

    async def ask(each: str) -> None:
        async with turns.turn(each):
            served.append(each)

    async with turns.turn("first"):
        waiting = [asyncio.create_task(ask(each)) for each in "abc"]
        await until(lambda: len(turns._waiting) == 3)
        waiting[1].cancel()
    await asyncio.wait(waiting)
    assert served == ["a", "c"]
    assert not turns.busy


async def test_a_turn_that_was_handed_to_somebody_who_leaves_goes_on() -> None:
    turns = Turns()
    async with turns.turn("first"):
        leaving = asyncio.create_task(turns._begin("a"))
        staying = asyncio.create_task(turns._begin("b"))
        await until(lambda: len(turns._waiting) == 2)
    leaving.cancel()  # after the turn was handed over, before it took it
    await asyncio.wait([leaving, staying])
    assert leaving.cancelled()
    assert not staying.cancelled()
    turns._end()
    assert not turns.busy


async def most_at_once(places: Places, askers: list[Asker]) -> dict[str, int]:
    """How many calls each person had under way at most."""
    now, most = dict[str, int](), dict[str, int]()

    async def ask(asker: Asker) -> None:
        async with places.place(asker):
            now[asker.person] = now.get(asker.person, 0) + 1
            most[asker.person] = max(most.get(asker.person, 0), now[asker.person])
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            now[asker.person] -= 1

    await all_of(*map(ask, askers))
    return most


async def test_a_person_and_a_session_have_no_more_under_way_than_may_be() -> None:
    ada, tab, bob = Asker("ada", "1"), Asker("ada", "2"), Asker("bob", "3")
    everybody = [ada, tab, ada, tab, bob, ada, tab, bob, bob]
    assert await most_at_once(Places(TeamRules(calls_per_person=2)), everybody) == {"ada": 2, "bob": 2}
    assert await most_at_once(Places(TeamRules(calls_per_session=1)), everybody) == {"ada": 2, "bob": 1}
    rules = TeamRules(calls_per_person=1, calls_per_session=2)
    assert await most_at_once(Places(rules), everybody) == {"ada": 1, "bob": 1}


@pytest.mark.parametrize("asker", [Asker(), Asker("", "a session")])
async def test_no_limit_holds_where_nobody_logs_in(asker: Asker) -> None:
    places = Places(TeamRules(calls_per_person=1, calls_per_session=1))
    async with places.place(asker), places.place(asker), places.place(asker):
        assert not places._people


async def test_who_waits_is_told_why() -> None:
    places, said = Places(TeamRules(calls_per_person=1)), list[str]()
    async with places.place(Asker("ada"), said.append):
        assert said == []
        waiting = asyncio.create_task(places.place(Asker("ada"), said.append).__aenter__())
        await until(lambda: said)
        waiting.cancel()
        await asyncio.wait([waiting])
    assert said == ["At most 1 at a time for one person: this call waits for an earlier one of yours."]


async def test_a_person_has_no_more_under_way_over_several_processes(tmp_path: Path) -> None:
    """What one holds the other waits for, says why, and what a dead one held is free."""
    url, said = f"sqlite:///{tmp_path}/collate.db", list[str]()
    here, there = await Recorder.open(url), await Recorder.open(url)
    rules, ada = TeamRules(calls_per_person=2), Asker("ada")
    one, other = Places(rules, here), Places(rules, there)
    async with one.place(ada), AsyncExitStack() as held:
        async with other.place(ada):
            waiting = asyncio.create_task(held.enter_async_context(other.place(ada, said.append)))
            await until(lambda: said)
            async with other.place(Asker("bob")):  # each has places of their own
                assert not waiting.done()
        await patiently(waiting)
        held.push_async_callback(there.close)
        assert "of yours on another server" in said[0]
        with closing(sqlite3.connect(tmp_path / "collate.db")) as record:
            assert record.execute("SELECT count(*) FROM places").fetchone() == (2,)
        await there.write(lambda c: leases.strike_off(c, [here.me]))  # as if it had died
        async with other.place(ada):
            assert len(said) >= 1
    await here.close()


async def test_the_runs_of_a_person_share_their_calls() -> None:
    crowd, targets = Crowd(), [Target("groq", model) for model in "abcd"]
    with WireServer(crowd) as server:
        connections = at(server)
        async with running(connections) as runner:
            runner.places = Places(TeamRules(calls_per_person=2))
            await all_of(*(go(runner, started("Say hello.", targets, person="ada"), connections) for _ in range(2)))
    assert crowd.most["all"] == 2
    assert len(server.calls("/chat/completions")) == 8
