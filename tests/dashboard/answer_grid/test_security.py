"""What every response allows a page to do."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.answer_grid.security import SecurityHeaders, policy


def test_every_response_carries_the_security_headers_once() -> None:
    with TestClient(Starlette(middleware=[Middleware(SecurityHeaders)])) as client:
        response = client.get("/nowhere", headers={"Host": "localhost:8501"})
    assert response.headers.get_list("content-security-policy") == [policy("localhost:8501")]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_scripts_come_from_here_and_frames_are_ours() -> None:
    # Streamlit's one inline script and our line beside it are allowed by what they are; nothing else is.
    assert re.search(r"script-src 'self'( 'sha256-[\w+/=]+'){1,2};", policy("localhost"))
    assert "frame-ancestors 'self'" in policy("localhost")


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:1", "[::1]:8501", "collate.example.com"])
def test_a_page_speaks_to_the_server_that_it_came_from_only(host: str) -> None:
    assert f"connect-src 'self' ws://{host} wss://{host};" in policy(host)


@pytest.mark.parametrize("host", ["", "*", "a.example; script-src *", "a.example evil.example", "a@b", "a.example:1:2"])
def test_a_name_that_is_none_adds_nothing_to_the_policy(host: str) -> None:
    assert "connect-src 'self';" in policy(host)
    assert "evil" not in policy(host)
