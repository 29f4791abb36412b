"""A ballot in real browsers: nothing that tells the model before the names are shown; two people, reveal, ranking."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, WebSocket, expect

from prompts.history import collections
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.votes.on_record import Votes
from prompts.votes.votes import Ballot
from tests.browser.conftest import ROOT, Serve, Somebody
from tests.browser.test_axe import Checked
from tests.prompts.votes.planted import AT, leaks, plant

BALLOTS = 6


@pytest.fixture(scope="module")
def served(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Ballot]]:
    """The app on a record of planted answers: ballots to vote on, and a collection to make one of."""
    folder: Path = tmp_path_factory.mktemp("votes")
    address = f"sqlite:///{folder}/collate.db"
    engine = open_database(address)
    archive = Archive(engine)
    store = Votes(archive)
    ballots = [archive.write(lambda c: plant(c, cases=3)) for _ in range(BALLOTS)]
    for ballot in ballots:
        store.add(ballot)
    collection = archive.write(lambda c: collections.experiment(c, "Poems of zebras", "", AT))
    archive.write(lambda c: plant(c, cases=3, under=collection))
    engine.dispose()
    environment = {"COLLATE_DATABASE_URL": address, "COLLATE_CONFIG": str(folder / "collate.toml")}
    return serve(ROOT / "dashboard" / "app.py", environment), ballots


def idle(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def enter(page: Page, address: str, name: str) -> None:
    """Open a ballot and say who votes."""
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    page.keyboard.press("Enter")
    page.locator(".vote-pair").wait_for()
    idle(page)


def votes_so_far(page: Page, own: int) -> None:
    expect(page.get_by_text(re.compile(rf"Your votes: {own}\."))).to_be_visible()
    idle(page)


def vote(page: Page, key: str, own: int) -> None:
    """Press a key, and wait until that many votes of one's own are counted."""
    page.keyboard.press(key)
    votes_so_far(page, own)


def finish(page: Page) -> None:
    page.locator(".st-key-vote-finish button").first.click()
    page.locator(".st-key-vote-reveal button").click()
    page.get_by_role("heading", name="Your votes").wait_for()
    idle(page)


def listen(page: Page) -> tuple[bytearray, list[Response]]:
    """Every byte of the websocket from now on, and every response that is not a file of the app itself."""
    frames, responses = bytearray(), list[Response]()

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: frames.extend(data.encode() if isinstance(data, str) else data))

    page.on("websocket", opened)
    page.on("response", lambda response: responses.append(response) if "/static/" not in response.url else None)
    return frames, responses


def all_bytes(page: Page, frames: bytearray, responses: list[Response]) -> bytes:
    """Since it was last asked for, with the page's source, its address and its headers."""
    parts = [bytes(frames), page.content().encode(), page.url.encode()]
    for response in responses:
        parts += [response.url.encode(), str(response.all_headers()).encode()]
        if response.ok and "/_stcore/bidi-components/" not in response.url:
            parts.append(response.body())
    frames.clear()
    responses.clear()  # a body is there until the page is left
    return b"\n".join(parts)


def test_no_byte_that_the_browser_receives_before_the_names_tells_a_model(
    page: Page, served: tuple[str, list[Ballot]]
) -> None:
    app, ballots = served
    frames, responses = listen(page)
    for ballot in ballots[1:]:
        enter(page, f"{app}/vote?ballot={ballot.id}", "Ana")
        vote(page, "1", 1)
        vote(page, "2", 2)
        page.keyboard.press("p")
        expect(page.locator(".vote-plain").first).to_be_visible()
        idle(page)
        vote(page, "3", 3)
        page.keyboard.press("u")
        votes_so_far(page, 2)
        assert leaks(all_bytes(page, frames, responses), ballot) == []
    finish(page)
    assert b"acme:zebra-7b-chat" in all_bytes(page, frames, responses)


def test_two_people_vote_on_one_ballot_in_two_browsers(
    page: Page, somebody: Somebody, served: tuple[str, list[Ballot]]
) -> None:
    app, _ = served
    page.goto(f"{app}/vote")
    page.locator(".st-key-votes-source input").click()
    page.get_by_role("option", name="Poems of zebras (collection)").click()
    page.locator(".st-key-votes-new button").click()
    page.get_by_label("Name", exact=True).fill("Which zebra writes best")
    page.get_by_label("Task", exact=True).fill("Zebra poems")
    page.keyboard.press("Tab")
    idle(page)
    page.locator(".st-key-ballot-make button").click()
    page.get_by_label("Your name").fill("Ana")
    page.keyboard.press("Enter")
    votes_so_far(page, 0)
    expect(page.get_by_text("Which zebra writes best")).to_be_visible()
    ballot = page.url
    vote(page, "1", 1)
    page.keyboard.press("m")
    expect(page.get_by_text("Before: left is better, more complete")).to_be_visible()
    idle(page)
    before = page.locator(".vote-side").all_text_contents()
    vote(page, "4", 2)
    page.keyboard.press("u")
    votes_so_far(page, 1)
    expect(page.locator(".vote-side")).to_have_text(before)
    vote(page, "2", 2)
    with somebody() as hers:
        other = hers.new_page()
        other.set_viewport_size({"width": 390, "height": 844})
        enter(other, ballot, "Ben")
        expect(other.get_by_text("Everybody’s: 2.")).to_be_visible()
        vote(other, "1", 1)
        other.locator(".st-key-vote-choices").get_by_text("Both are bad").click()
        votes_so_far(other, 2)
        finish(page)
        expect(page.get_by_text("Left is better, more complete")).to_be_visible()
        expect(page.get_by_text(re.compile("by 2 people"))).to_be_visible()
        vote(other, "3", 3)
        expect(other.get_by_text("acme:okapi-70b")).to_have_count(0)
        page.reload()
        page.get_by_label("Your name").fill("Ana")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Your votes").wait_for()
        expect(page.locator(".vote-choices")).to_have_count(0)
        other.goto(f"{app}/vote?show-votes=Ranking")
        expect(other.get_by_text(re.compile("Too few votes to distinguish")).first).to_be_visible()


def test_nothing_keeps_people_out_of_voting(page: Page, served: tuple[str, list[Ballot]]) -> None:
    app, ballots = served
    checked = Checked(page)
    page.goto(f"{app}/vote?ballot={ballots[0].id}")
    page.get_by_label("Your name").wait_for()
    checked.look("who votes")
    enter(page, page.url, "Ana")
    vote(page, "1", 1)
    checked.look("a pair")
    finish(page)
    checked.look("the names")
    page.goto(f"{app}/vote")
    page.locator(".st-key-votes-new").wait_for()
    checked.look("ballots")
    page.goto(f"{app}/vote?show-votes=Ranking")
    page.locator(".st-key-votes-task").wait_for()
    checked.look("the ranking")
    checked.done(5)
