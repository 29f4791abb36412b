"""What goes over a network is packed, what stays on this computer is not."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.packing import Packing

TEXT = "a script of Streamlit " * 200


@pytest.mark.parametrize(
    ("sender", "headers", "encoding"),
    [
        ("127.0.0.1", {}, "identity"),
        ("::1", {}, "identity"),
        ("192.0.2.7", {}, "gzip"),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, "gzip"),
        ("127.0.0.1", {"Via": "1.1 a-proxy"}, "gzip"),
        ("a-socket", {}, "gzip"),
    ],
)
def test_only_what_goes_over_a_network_is_packed(sender: str, headers: dict[str, str], encoding: str) -> None:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse(TEXT))], middleware=[Middleware(Packing)])
    answer = TestClient(app, client=(sender, 50_000)).get("/", headers=headers)
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.text == TEXT
