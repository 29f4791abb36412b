"""Pictures that a page shows outside the answer grid, each scaled for its place and fetched when it comes into view.

Owns the addresses: a name is made with a secret of this process, reveals neither the picture nor its model, and
opens only for the login that it was offered to. Refuses what no page has offered. Imports no Streamlit.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.admission import visitor_of
from providers.files.bare_picture import DamagedError
from providers.files.pictures import TooManyPixelsError
from providers.files.small_pictures import CARD, EVEN, even, small

Manner = Literal["small", "card", "large", "even"]
"""`large`: as wide as a dialog; `even`: the same size and format for all, so that nothing tells who drew it."""
_MAKE: Mapping[Manner, Callable[[bytes], bytes]] = {
    "small": small, "card": lambda data: small(data, CARD), "large": lambda data: small(data, EVEN), "even": even,
}  # fmt: skip
KEPT_OFFERS = 20_000
"""Offers remembered; a further one takes the place of the oldest."""
KEPT_SMALL = 500
"""Small pictures (about 5 kB each) kept in memory for whoever comes back to a list."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class _Offer:
    digest: str
    manner: Manner
    who: str


class OfferedPictures:
    """The pictures that are on offer, and the addresses at which they are."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()  # pages are drawn in threads, and pictures made in others
        self._offers: OrderedDict[str, _Offer] = OrderedDict()
        self._small: OrderedDict[str, bytes] = OrderedDict()

    def offer(self, digest: str, manner: Manner, who: str = "") -> str:
        """The address of a picture, relative to the app; the same one while this process lives.

        `who`: the login it is for, as `logins.visitor` gives it; empty where no login is configured.
        """
        told = json.dumps([digest, manner, who]).encode()
        name = hmac.new(self._secret, told, hashlib.sha256).hexdigest()[:40]
        with self._lock:
            self._offers[name] = _Offer(digest, manner, who)
            self._offers.move_to_end(name)
            while len(self._offers) > KEPT_OFFERS:
                self._offers.popitem(last=False)
        return f"api/v1/pictures/{name}"

    async def serve(self, request: Request, stored: Callable[[str], bytes | None]) -> Response:
        """The picture that was offered under this name, or 404. `stored` may read a database: it runs in a thread."""
        offer, visitor = self._offers.get(request.path_params["name"]), visitor_of(request)
        if offer is None or offer.who != visitor.who or not visitor.admitted():
            return _gone()
        made = self._small.get(offer.digest) if offer.manner == "small" else None
        made = made or await run_in_threadpool(self._made, offer, stored)
        return Response(made, media_type="image/webp", headers=_HEADERS) if made else _gone()

    def _made(self, offer: _Offer, stored: Callable[[str], bytes | None]) -> bytes | None:
        data = stored(offer.digest)
        if data is None:
            return None
        try:
            made = _MAKE[offer.manner](data)
        except (DamagedError, TooManyPixelsError):
            return None
        if offer.manner == "small":
            with self._lock:
                self._small[offer.digest] = made
                while len(self._small) > KEPT_SMALL:
                    self._small.popitem(last=False)
        return made


def _gone() -> Response:
    return PlainTextResponse("This picture is no longer offered. Reload the page.", 404)


offered_pictures = OfferedPictures()
"""The offers of this process."""


def routes(stored: Callable[[str], bytes | None]) -> list[Route]:
    """The route of these pictures, for the app. `stored` gives a recorded picture by its digest, `None` if unknown."""

    async def serve(request: Request) -> Response:
        return await offered_pictures.serve(request, stored)

    return [Route("/api/v1/pictures/{name}", serve)]
