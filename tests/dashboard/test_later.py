"""Our own addresses lead to our own routes, also before these are there."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.routing import Match
from starlette.testclient import TestClient

from dashboard import later, preparing, routes


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=later.routes()))


@pytest.mark.parametrize("path", [route.path_format for route in routes.routes()])
def test_every_route_is_reached(path: str) -> None:
    scope = {"type": "http", "path": path, "method": "GET"}
    assert any(route.matches(scope)[0] is Match.FULL for route in later.routes())


def test_a_request_is_answered_by_the_route_of_its_address(own_engine: None, client: TestClient) -> None:
    assert "no longer offered" in client.get("/api/v1/exports/unknown").text
    assert client.get("/health/live").json() == {"status": "alive"}


def test_a_request_that_would_wait_too_long_is_told_to_come_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_timeout_s: float) -> None:
        raise TimeoutError

    monkeypatch.setattr(preparing, "wait", late)
    monkeypatch.setattr(later.later, "_router", None)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "Try again" in answer.text
