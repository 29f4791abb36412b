"""`/metrics`: off by default, and open only to anybody with the token, or to this computer where nobody logs in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard import counts_page
from dashboard.admission import IN_SCOPE
from prompts.record.recorder import RecordError
from providers.config.configuration import Configuration
from providers.config.deadlines import Deadlines
from providers.config.telemetry import TelemetryRules
from providers.secrets import Secret

TOKEN = "a-token-of-the-test-0123456789"
HERE, THERE = ("127.0.0.1", 50000), ("192.0.2.7", 50000)


class Engine:
    """As far as the page needs one; on the loop of whoever asks."""

    def __init__(self, rules: TelemetryRules, text: str | None = "collate_calls_total 1.0\n") -> None:
        self.configuration = Configuration({}, Deadlines(), Path("x"), Path("y"), telemetry=rules)
        self.text, self.away = text, False

    @property
    def side(self) -> Any:
        return self

    async def counts(self) -> str | None:
        if self.away:
            raise RecordError("no process answers")
        return self.text

    def submit(self, work: Coroutine[Any, Any, str | None]) -> Future[str | None]:
        return asyncio.run_coroutine_threadsafe(work, asyncio.get_running_loop())


class LoggedIn:
    """As where people log in."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app({**scope, IN_SCOPE: lambda: True}, receive, send)


def ask(
    rules: TelemetryRules, client: tuple[str, int] = HERE, *, login: bool = False, engine: Engine | None = None,
    **headers: str,
) -> tuple[int, str]:  # fmt: skip
    made = engine or Engine(rules)
    app = Starlette(routes=counts_page.routes(lambda: made), middleware=[Middleware(LoggedIn)] if login else [])
    with TestClient(app, client=client) as browser:
        said = browser.get("/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return said.status_code, said.text


ON, GUARDED = TelemetryRules(metrics=True), TelemetryRules(metrics=True, token=Secret(TOKEN))


def test_it_is_off_unless_it_is_switched_on() -> None:
    assert ask(TelemetryRules())[0] == 404
    assert ask(TelemetryRules(token=Secret(TOKEN)), authorization=f"Bearer {TOKEN}")[0] == 404


def test_this_computer_may_read_it_and_no_other() -> None:
    assert ask(ON) == (200, "collate_calls_total 1.0\n")
    assert ask(ON, ("::1", 1))[0] == 200
    assert ask(ON, THERE)[0] == 401
    assert ask(ON, ("not an address", 1))[0] == 401


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_what_a_proxy_passes_on_is_not_from_this_computer(header: str) -> None:
    assert ask(ON, **{header: "192.0.2.7"})[0] == 401


def test_where_people_log_in_it_takes_the_token() -> None:
    assert ask(ON, login=True)[0] == 401
    assert ask(GUARDED, login=True, authorization=f"Bearer {TOKEN}")[0] == 200


@pytest.mark.parametrize("said", ["", TOKEN, "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"])
def test_where_there_is_a_token_nothing_else_will_do(said: str) -> None:
    status, text = ask(GUARDED, authorization=said)
    assert status == 401
    assert "collate_" not in text
    assert TOKEN not in text


def test_the_token_is_good_from_everywhere() -> None:
    assert ask(GUARDED, THERE, authorization=f"Bearer {TOKEN}", x_forwarded_for="192.0.2.7")[0] == 200


def test_while_the_process_that_asks_is_away_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(ON)
    engine.away = True
    assert ask(ON, engine=engine)[0] == 503
    assert ask(ON, engine=Engine(ON, None))[0] == 503
