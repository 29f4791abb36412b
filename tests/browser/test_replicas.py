"""Two dashboards on one PostgreSQL behind a proxy, each with its own asking process: one dies, and no run is lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from prompts.record.database import open_database
from tests.browser.conftest import ROOT, Server, Somebody, began, free_port
from tests.browser.test_compare import choose
from tests.browser.test_team import ADA, BOB, log_in
from tests.patience import wait_until
from tests.postgres import PostgresServer, serving
from tests.proxy import Proxy, proxying
from tests.wire.oidc import LoginService
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"


@dataclass(frozen=True)
class Replica:
    """One machine of several, as far as this one can be two."""

    process: Server
    port: int
    folder: Path

    def die(self) -> None:
        """With whoever asks for it."""
        noted = [json.loads(file.read_text()) for file in self.folder.rglob("asking/*.json")]
        for pid in (self.process.pid, *(note["process"] for note in noted)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@dataclass(frozen=True)
class Team:
    """What stands behind the proxy, and who logs in there."""

    proxy: Proxy
    replicas: tuple[Replica, Replica]
    service: LoginService
    postgres: PostgresServer


async def half(reply: Reply) -> None:
    """The one model answers, the other begins and never ends."""
    pieces = answer(["Once ", "upon ", "a time"])
    if reply.received.json["model"] == "whole":
        await reply.stream(pieces)
    else:
        await reply.stream(pieces[:3], end=False)
        await reply.stall()


@pytest.fixture
def team(nest: str | None, tmp_path: Path) -> Iterator[Team]:
    with ExitStack() as stack:
        postgres, host = stack.enter_context(serving()), stack.enter_context(WireServer(half))
        service, proxy = stack.enter_context(LoginService(ADA)), stack.enter_context(proxying())
        host.routes["/models"] = listing("whole", "half")
        postgres.say("CREATE DATABASE team")
        open_database(postgres.url("team")).dispose()
        (tmp_path / ".streamlit").mkdir()
        secrets = service.secrets.replace("http://127.0.0.1:{port}", proxy.url)
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets)
        environment = {
            **os.environ, "HOME": str(tmp_path), "COLLATE_DATABASE_URL": postgres.url("team"),
            "COLLATE_CONFIG": str(tmp_path / "collate.toml"), "OPENAI_API_KEY": "sk-0123456789",
            "OPENAI_BASE_URL": f"{host.url}/v1",
        }  # fmt: skip
        replicas: list[Replica] = []
        for name in ("one", "two"):
            folder, port = tmp_path / name, free_port()
            process = began(APP, port, {**environment, "XDG_DATA_HOME": str(folder)}, nest)
            replicas.append(Replica(process, port, folder))
            stack.callback(replicas[-1].die)
        one, two = replicas
        yield Team(proxy, (one, two), service, postgres)


def enter(page: Page, team: Team) -> None:
    """Ada, with two models chosen."""
    page.goto(team.proxy.url)
    log_in(page)
    choose(page, "openai:whole", "openai:half")


def test_a_run_is_still_its_owner_s_when_the_machine_that_asked_it_has_died(
    team: Team, page: Page, somebody: Somebody
) -> None:
    """The other one takes the open page over, shows what had come, and offers her what is missing, but nobody else."""
    one, two = team.replicas
    team.proxy.behind[:] = [one.port]
    enter(page, team)
    page.locator(".st-key-prompt textarea").fill("What becomes of this?")
    page.locator(".st-key-run button").click()
    page.wait_for_url("**/?run=*")
    run = page.url
    expect(page.locator(".column").nth(1)).to_contain_text("Once upon")
    wait_until(lambda: "Once upon" in begun(team))  # on record within a second, which is no time to test
    team.proxy.behind[:] = [two.port]
    one.die()
    expect(page.locator(".column").first).to_contain_text("Once upon a time")
    expect(page.locator(".column").nth(1)).to_contain_text("Unknown")  # within a minute or two, and without a click
    expect(page.locator(".st-key-sent-missing button").first).to_be_visible()
    expect(page.locator(".column").nth(1)).to_contain_text("Once upon")
    with somebody() as his:
        bob = his.new_page()
        team.service.who = BOB
        bob.goto(team.proxy.url)
        log_in(bob)
        bob.goto(run)
        expect(bob.locator(".column").first).to_contain_text("Once upon a time")
        expect(bob.get_by_text("1 of 2 answers is missing.")).to_be_visible()
        expect(bob.get_by_text("only they or an administrator may")).to_be_visible()
        expect(bob.get_by_role("button", name="Keep as it is")).to_have_count(0)
    assert asked(team) == [("ada@example.com", "complete", 1), ("ada@example.com", "unknown", 1)]


def test_without_sticky_sessions_no_run_is_lost_or_asked_twice(team: Team, page: Page) -> None:
    """Answers may not be seen to come; they are on record once, and there on the next look."""
    team.proxy.behind[:] = [replica.port for replica in team.replicas]
    page.goto(team.proxy.url)
    log_in(page)
    choose(page, "openai:whole", "builtin:ngram-3")
    page.locator(".st-key-prompt textarea").fill("Where does this go?")
    page.locator(".st-key-run button").click()
    page.wait_for_url("**/?run=*")
    wait_until(lambda: asked(team) == [("ada@example.com", "complete", 1)] * 2)
    run = page.url
    for replica in team.replicas:
        team.proxy.behind[:] = [replica.port]
        page.goto(run)
        expect(page.locator(".column").first).to_contain_text("Once upon a time")


def begun(team: Team) -> str:
    """What is on record of answers that go on."""
    with psycopg.connect(team.postgres.url("team"), autocommit=True) as connection:
        found = connection.execute("SELECT text FROM completions WHERE state = 'streaming'").fetchall()
    return "\n".join(text or "" for (text,) in found)


def asked(team: Team) -> list[tuple[object, ...]]:
    """Whose each answer is, what became of it, and how often it was asked for."""
    with psycopg.connect(team.postgres.url("team"), autocommit=True) as connection:
        return connection.execute(
            "SELECT person, completions.state, count(attempts.id) FROM runs JOIN completions ON run_id = runs.id "
            "LEFT JOIN attempts ON completion_id = completions.id GROUP BY completions.id, 1, 2 ORDER BY 2"
        ).fetchall()
