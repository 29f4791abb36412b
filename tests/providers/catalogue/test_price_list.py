"""A newer list of prices comes when it is asked for, and only then."""

import json
from collections.abc import Iterator

import pytest
from genai_prices import data_snapshot

from providers.catalogue import price_list
from providers.catalogue.price_list import PriceListError, fetch_newer, name
from tests.wire.server import Reply, WireServer


@pytest.fixture(autouse=True)
def shipped_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(price_list, "_fetched_at", None)
    yield
    data_snapshot.set_custom_snapshot(None)


def serving(body: str, status: int = 200) -> WireServer:
    async def script(reply: Reply) -> None:
        raise AssertionError("asked for an answer")

    async def listed(reply: Reply) -> None:
        await reply.json(json.loads(body), status=status)

    server = WireServer(script)
    server.routes["/prices"] = listed
    return server


def test_the_shipped_list_has_its_version_for_a_name() -> None:
    assert name().startswith("list prices of genai-prices 0.")
    assert "fetched" not in name()


def test_a_fetched_list_says_when() -> None:
    with serving("[]") as server:
        fetch_newer(f"{server.url}/prices")
    assert "fetched 20" in name()


@pytest.mark.parametrize(("body", "status"), [("{}", 200), ("[]", 500), ('[{"id": 3}]', 200)])
def test_a_list_that_cannot_be_read_leaves_the_present_one(body: str, status: int) -> None:
    with serving(body, status) as server, pytest.raises(PriceListError, match="present one stays"):
        fetch_newer(f"{server.url}/prices")
    assert "fetched" not in name()
