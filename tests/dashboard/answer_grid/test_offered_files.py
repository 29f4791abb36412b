"""Files that a page offers: made when they are fetched, at one address, for one login, while the session lives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from dashboard.admission import IN_SCOPE, Visitor
from dashboard.answer_grid import offered_files as module
from dashboard.answer_grid.download import BrokenOffError
from dashboard.answer_grid.offered_files import offer, routes
from prompts.record.database import RecordError


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes())) as client:
        yield client


def test_a_file_is_made_when_it_is_fetched_as_it_is_then(client: TestClient) -> None:
    file = offer(lambda: "first", "a.csv", "text/csv")
    file.make = lambda: "as drawn last"
    response = client.get(f"/{file.url}")
    assert response.text == "as drawn last"
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''a.csv"
    assert response.headers["cache-control"] == "no-store"


def test_a_name_in_any_script_is_kept(client: TestClient) -> None:
    file = offer(lambda: b"x", 'Prüfung "1"; größe.toml', "application/toml")
    said = client.get(f"/{file.url}").headers["content-disposition"]
    assert said == "attachment; filename*=UTF-8''Pr%C3%BCfung%20%221%22%3B%20gr%C3%B6%C3%9Fe.toml"


def test_what_cannot_be_made_is_said_and_nothing_is_saved(client: TestClient) -> None:
    def make() -> str:
        raise RecordError("The record cannot be read.")

    file = offer(make, "a.csv", "text/csv")
    response = client.get(f"/{file.url}")
    assert (response.status_code, response.text) == (409, "The record cannot be read.")
    assert "content-disposition" not in response.headers


def test_a_file_may_come_in_pieces(client: TestClient) -> None:
    file = offer(lambda: iter((b"one ", b"two")), "a.zip", "application/zip")
    response = client.get(f"/{file.url}")
    assert (response.content, response.headers["content-type"]) == (b"one two", "application/zip")
    assert "content-length" not in response.headers


def test_what_cannot_be_made_in_pieces_is_said_before_the_first(client: TestClient) -> None:
    def make() -> Iterator[bytes]:
        yield from ()
        raise RecordError("The record cannot be read.")

    file = offer(make, "a.zip", "application/zip")
    assert client.get(f"/{file.url}").status_code == 409


def test_a_file_that_is_under_way_is_broken_off_when_the_login_ends() -> None:
    still = iter([True, False])
    sent = module._sent(iter((b"one ", b"two")), lambda: next(still))
    assert next(sent) == b"one "
    with pytest.raises(BrokenOffError):
        next(sent)


def test_a_file_whose_record_goes_away_is_broken_off() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one "
        raise RecordError("The record cannot be read.")

    with pytest.raises(BrokenOffError):
        list(module._sent(pieces(), lambda: True))


def test_a_file_ends_with_the_session_that_it_was_offered_in(client: TestClient) -> None:
    file = offer(lambda: "x", "a.csv", "text/csv")
    url = file.url
    del file
    assert client.get(f"/{url}").status_code == 404


@pytest.mark.parametrize(("who", "still", "status"), [("ada", True, 200), ("bob", True, 404), ("ada", False, 404)])
def test_a_file_opens_only_for_the_login_that_it_was_offered_to(who: str, still: bool, status: int) -> None:
    inner = Starlette(routes=routes())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await inner({**scope, IN_SCOPE: Visitor(who, lambda: still)}, receive, send)

    file = offer(lambda: "x", "a.csv", "text/csv", who="ada")
    assert TestClient(app).get(f"/{file.url}").status_code == status
