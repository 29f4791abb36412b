"""The counts of a worker at a port of their own, and who may read them there."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from prompts.cli.main import main
from prompts.observing.counts_port import CountsPort
from providers.secrets import Secret
from tests.patience import PATIENCE_S

TOKEN = "a-token-of-the-test-0123456789"


@contextmanager
def served(token: str | None = None) -> Iterator[CountsPort]:
    with closing(CountsPort(lambda: "collate_calls_total 1.0\n", Secret(token) if token else None, 0)) as port:
        yield port


def told(port: CountsPort, path: str = "/metrics", **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port.port)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_programs_of_this_computer_read_them_and_pages_of_others_do_not() -> None:
    with served() as port:
        assert told(port) == (200, "collate_calls_total 1.0\n")
        assert told(port, Host=f"localhost:{port.port}")[0] == 200
        assert told(port, Host=f"evil.example:{port.port}")[0] == 401
        assert told(port, "/")[0] == 404
        assert port._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("said", ["", "Bearer ", TOKEN, f"Bearer {TOKEN[:-1]}", "Bearer \u00e9"])
def test_where_there_is_a_token_nothing_else_will_do(said: str) -> None:
    with served(TOKEN) as port:
        assert told(port, Authorization=said) == (401, "Send COLLATE_METRICS_TOKEN as a bearer token.\n")
        assert told(port, Authorization=f"Bearer {TOKEN}")[0] == 200
        assert told(port, Authorization=f"Bearer {TOKEN}", Host="worker-1:9464")[0] == 200


def test_whoever_is_being_answered_at_the_end_is_answered_whole() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def text() -> str:
        asked.set()
        go_on.wait(PATIENCE_S)
        return "collate_calls_total 1.0\n"

    port = CountsPort(text, None, 0)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(told, port)
        assert asked.wait(PATIENCE_S)
        closing_it = pool.submit(port.close)
        while port._thread.is_alive():
            port._thread.join(PATIENCE_S)
        assert not closing_it.done()
        go_on.set()
        closing_it.result(PATIENCE_S)
        assert answer.result(PATIENCE_S) == (200, "collate_calls_total 1.0\n")


@pytest.mark.parametrize("port", ["-1", "65536", "metrics"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["worker", "--metrics-port", port])
    assert "is not a port" in capsys.readouterr().err
