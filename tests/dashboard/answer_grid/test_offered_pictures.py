"""Pictures that a page offers outside of the answer grid: what is made of them, and for whom they open."""

from __future__ import annotations

import io
from collections.abc import Callable

import httpx
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.admission import IN_SCOPE, Visitor
from dashboard.answer_grid import offered_pictures as module
from dashboard.answer_grid.offered_pictures import OfferedPictures
from tests.pictures import picture

PNG = picture("PNG", (400, 200), camera="Secret Camera")
DIGEST = "a" * 64
Stored = Callable[[str], bytes | None]


def client(offered: OfferedPictures, stored: Stored, who: str = "") -> httpx.AsyncClient:
    async def serve(request: Request) -> Response:
        return await offered.serve(request, stored)

    app = Starlette(routes=[Route("/api/v1/pictures/{name}", serve)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(_as(who, app)), base_url="http://test")


def _as(who: str, app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        scope[IN_SCOPE] = Visitor(who, lambda: True)
        await app(scope, receive, send)

    return call


async def test_a_picture_comes_small_as_webp_and_without_what_was_said_beside_it() -> None:
    offered = OfferedPictures()
    async with client(offered, {DIGEST: PNG}.get) as http:
        response = await http.get(offered.offer(DIGEST, "small"))
    assert (response.headers["content-type"], response.headers["x-content-type-options"]) == ("image/webp", "nosniff")
    assert response.headers["cache-control"] == "no-store"
    assert b"Secret Camera" not in response.content
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("WEBP", (128, 64))


async def test_a_small_one_is_made_once() -> None:
    offered, asked = OfferedPictures(), list[str]()

    def stored(digest: str) -> bytes:
        asked.append(digest)
        return PNG

    async with client(offered, stored) as http:
        first, second = [await http.get(offered.offer(DIGEST, "small")) for _ in range(2)]
    assert first.content == second.content
    assert asked == [DIGEST]


def test_an_address_tells_neither_the_picture_nor_another_place_of_it() -> None:
    offered = OfferedPictures()
    one, other = offered.offer(DIGEST, "small"), offered.offer(DIGEST, "even")
    assert DIGEST[:6] not in one
    assert len({one, other, offered.offer(DIGEST, "small", "ann"), OfferedPictures().offer(DIGEST, "small")}) == 4
    assert offered.offer(DIGEST, "small") == one, "a list that is drawn again stays the same"


async def test_only_the_login_that_it_was_offered_to_gets_it() -> None:
    offered = OfferedPictures()
    address = offered.offer(DIGEST, "small", "ann")
    for who, status in (("ann", 200), ("bob", 404), ("", 404)):
        async with client(offered, {DIGEST: PNG}.get, who) as http:
            assert (await http.get(address)).status_code == status


async def test_what_was_not_offered_is_gone_or_is_no_picture_is_not_there() -> None:
    offered = OfferedPictures()
    async with client(offered, {DIGEST: b"<svg/>"}.get) as http:
        for address in (f"api/v1/pictures/{DIGEST}", offered.offer(DIGEST, "small"), offered.offer("b" * 64, "even")):
            assert (await http.get(address)).status_code == 404


def test_old_offers_give_way(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(module, "KEPT_OFFERS", 3)
    offered = OfferedPictures()
    for number in range(9):
        offered.offer(f"{number}", "small")
    assert len(offered._offers) == 3
