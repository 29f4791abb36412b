"""Logging in, keeping less, and deleting for good, in a real browser against the real app."""

from __future__ import annotations

import re
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import ROOT, Serve, Somebody
from tests.wire.oidc import LoginService

APP = ROOT / "dashboard" / "app.py"
ADA = {"sub": "s-1", "email": "ada@example.com", "email_verified": True}
BOB = {"sub": "s-2", "email": "bob@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def service() -> Iterator[LoginService]:
    with LoginService(ADA) as service:
        yield service


@pytest.fixture(scope="module")
def team(serve: Serve, service: LoginService, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The app where people log in, and the folder of its record."""
    folder = tmp_path_factory.mktemp("team")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(service.secrets)
    return serve(APP, {**_record(folder), "HOME": str(folder)}), folder


@pytest.fixture(scope="module")
def alone(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The app where nobody logs in, and the folder of its record."""
    folder = tmp_path_factory.mktemp("alone")
    return serve(APP, _record(folder)), folder


def _record(folder: Path) -> dict[str, str]:
    return {
        "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml"),
    }  # fmt: skip


def ask(page: Page, prompt: str) -> str:
    """Ask the built-in models; the address of the run."""
    page.locator(".st-key-prompt textarea").fill(prompt)
    page.locator(".st-key-run button").click()
    page.wait_for_url("**/?run=*")
    expect(page.locator(".column[data-status=complete], .column .badge", has_text="Complete").first).to_be_visible()
    expect(page.locator(".column[aria-busy=true]")).to_have_count(0)
    return page.url


def save_table(page: Page) -> None:
    """Press its link in one step: a page that is drawn anew between press and release takes both from the link."""
    page.locator(".st-key-csv-all a").first.dispatch_event("click")


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "collate.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("collate.db*"))


def log_in(page: Page) -> None:
    page.locator(".st-key-log-in-default button").click()
    page.locator(".st-key-run button").wait_for()


def test_everybody_logs_in_first_and_then_sees_what_all_asked(
    team: tuple[str, Path], service: LoginService, somebody: Somebody, page: Page
) -> None:
    address, folder = team
    page.goto(address)
    expect(page.get_by_text("Log in to compare them")).to_be_visible()
    expect(page.locator(".st-key-prompt")).to_have_count(0)
    service.who = ADA
    log_in(page)
    run = ask(page, "What did Ada ask?")
    assert rows(folder, "SELECT person FROM runs") == [("ada@example.com",)]
    assert {person for (person,) in rows(folder, "SELECT person FROM choices")} == {"ada@example.com"}

    with somebody() as other:
        bob = other.new_page()
        bob.goto(run)
        expect(bob.get_by_text("Open it once more after you have logged in")).to_be_visible()
        expect(bob.get_by_text("What did Ada ask?")).to_have_count(0)
        service.who = BOB
        log_in(bob)
        bob.goto(run)
        expect(bob.locator(".st-key-prompt textarea")).to_have_value("What did Ada ask?")

    page.reload()  # still Ada, whoever came after her
    page.get_by_role("link", name="Settings").click()
    expect(page.locator(".st-key-person")).to_contain_text("ada")
    cookies = page.context.cookies()
    page.locator(".st-key-log-out button").click()
    expect(page.get_by_text("Log in to compare them")).to_be_visible()

    with somebody() as thief:  # a copy of the cookie, made before
        thief.add_cookies([{**cookie} for cookie in cookies])
        stranger = thief.new_page()
        stranger.goto(run)
        expect(stranger.get_by_text("Open it once more after you have logged in")).to_be_visible()
        expect(stranger.get_by_text("What did Ada ask?")).to_have_count(0)


def test_without_the_token_of_a_page_no_answer_is_served(
    team: tuple[str, Path], service: LoginService, page: Page
) -> None:
    address, _ = team
    service.who = ADA
    page.goto(address)
    log_in(page)
    run_id = ask(page, "What is behind the token?").partition("run=")[2]
    for path in (
        f"runs/{run_id}/events",
        f"runs/{run_id}/text/0",
        f"runs/{run_id}/text/0?t=guessed",
        f"runs/{run_id}/difference/0/1",
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/api/v1/{path}")  # noqa: S310
        assert refused.value.code == 404
        refused.value.close()


def test_the_address_of_a_stream_is_worth_nothing_without_its_page(
    team: tuple[str, Path], service: LoginService, page: Page
) -> None:
    address, _ = team
    service.who = ADA
    page.goto(address)
    log_in(page)
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request) if request.url.endswith("/events") else None)
    ask(page, "Who else can read along?")
    stream = seen[0]
    assert stream.headers["x-collate-token"]
    assert not re.search(r"[?&](t|token)=", stream.url)
    for headers in ({}, {"x-collate-token": "1.guessed"}):
        again = page.context.request.get(stream.url, headers=headers)  # with her own cookie
        assert again.status == 404
    assert page.context.request.get(stream.url, headers=stream.headers).status == 200
    hers = [*page.context.cookies()]
    page.goto(f"{address}/settings")
    page.locator(".st-key-log-out button").click()
    expect(page.get_by_text("Log in to compare them")).to_be_visible()
    page.context.add_cookies([{**cookie} for cookie in hers])
    assert page.context.request.get(stream.url, headers=stream.headers).status == 404


FORGED = {
    "another audience": {"aud": "another-client"}, "another nonce": {"nonce": "of another login"},
    "another issuer": {"iss": "https://evil.example"}, "expired": {"iat": 1_000_000, "exp": 1_000_600},
}  # fmt: skip


def test_no_forged_or_replayed_token_logs_anybody_in(
    team: tuple[str, Path], service: LoginService, somebody: Somebody
) -> None:
    address, _ = team
    service.who = ADA
    try:
        for forged, own_key in [*((claims, True) for claims in FORGED.values()), ({}, False)]:
            service.forged, service.own_key = forged, own_key
            with somebody() as context:
                _attempt_to_log_in(context, address)
    finally:
        service.forged, service.own_key = {}, True
    with somebody() as hers, somebody() as thief:
        page, stranger, back = hers.new_page(), thief.new_page(), list[str]()
        page.on("request", lambda request: back.append(request.url) if "oauth2callback" in request.url else None)
        page.goto(address)
        log_in(page)
        for replayed in (stranger, page):
            replayed.goto(back[0])  # the code and the state were good once
        expect(page.locator(".st-key-run button")).to_be_visible()  # she has logged in all the same
        stranger.goto(address)
        expect(stranger.get_by_text("Log in to compare them")).to_be_visible()


def _attempt_to_log_in(context: BrowserContext, address: str) -> None:
    """Nothing is shown after a token that does not hold."""
    page = context.new_page()
    page.goto(address)
    with page.expect_response(lambda response: "oauth2callback" in response.url):
        page.locator(".st-key-log-in-default button").click()
    expect(page.get_by_text("Log in to compare them")).to_be_visible()
    expect(page.locator(".st-key-prompt")).to_have_count(0)
    assert not [cookie for cookie in context.cookies() if cookie.get("name") == "_streamlit_user"]


def test_two_people_who_try_each_others_addresses(
    team: tuple[str, Path], service: LoginService, somebody: Somebody, page: Page
) -> None:
    """What is bound to a login opens for nobody else's; what all may see, they may not change."""
    address, folder = team
    service.who = ADA
    page.goto(address)
    log_in(page)
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request) if "/api/v1/" in request.url else None)
    run = ask(page, "Is this mine alone?")
    run_id = run.partition("run=")[2]
    events = next(request for request in seen if request.url.endswith("/events"))
    with page.expect_download() as saved:
        save_table(page)
    table = saved.value.url
    page.goto(f"{address}/history")
    page.locator(".st-key-export-all button:visible").click()
    link = page.locator("a.export-link")
    export = f"{address}/{link.get_attribute('href')}"

    with somebody() as theirs, somebody() as nobody:
        bob = theirs.new_page()
        service.who = BOB
        bob.goto(address)
        log_in(bob)
        hers = events.headers
        for path in ("events", "text/0", "difference/0/1"):
            url = events.url.replace("/events", f"/{path}")
            assert theirs.request.get(url, headers={"x-collate-token": hers["x-collate-token"]}).status == 404, path
            assert nobody.request.get(url, headers={"x-collate-token": hers["x-collate-token"]}).status == 404, path
        for file in (export, table):
            assert theirs.request.get(file).status == 404, file
            assert nobody.request.get(file).status == 404, file
        for path in (f"?run={run_id}", f"history?q={run_id}", "experiments?experiment=x", "vote?ballot=x", "prompts"):
            stranger = nobody.new_page()
            stranger.goto(f"{address}/{path}")
            expect(stranger.get_by_text("Log in to compare them")).to_be_visible()
            stranger.close()

        bob.goto(run)  # everybody sees every run
        expect(bob.locator(".st-key-prompt textarea")).to_have_value("Is this mine alone?")
        bob.goto(f"{address}/history?show=everyone")
    assert ("ada@example.com",) in rows(folder, "SELECT person FROM runs WHERE prompt = 'Is this mine alone?'")
    assert page.context.request.get(export).status == 200


def test_figures_only_leaves_no_word_in_the_record(alone: tuple[str, Path], page: Page) -> None:
    address, folder = alone
    page.goto(address)
    page.locator(".st-key-more button:visible").first.click()
    page.get_by_text("Save figures only").click()
    expect(page.get_by_text("Only figures are recorded on this computer")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "plantedword in a prompt")
    expect(page.get_by_text("The text of this run was not saved.")).to_be_visible()
    assert rows(folder, "SELECT prompt, kept FROM runs WHERE kept IS NOT NULL") == [("", "figures")]
    assert b"plantedword" not in on_disk(folder)


def test_what_is_too_old_goes_for_good_and_an_open_tab_says_so(
    alone: tuple[str, Path], context: BrowserContext, page: Page
) -> None:
    address, folder = alone
    page.goto(address)
    run = ask(page, "oldplantedword in a prompt")
    connection = sqlite3.connect(folder / "collate.db")
    connection.execute("UPDATE runs SET created_at = '2020-01-01 00:00:00.000000' WHERE prompt LIKE 'oldplanted%'")
    connection.commit()
    connection.close()
    assert b"oldplantedword" in on_disk(folder)

    settings = context.new_page()
    settings.goto(f"{address}/settings")
    settings.get_by_role("tab", name="Record").click()
    settings.get_by_role("button", name="Delete 1 run…").click()
    expect(settings.get_by_role("dialog")).to_contain_text("1 run, everything older than 365 days")
    settings.locator(".st-key-delete-older-now button").click()
    expect(settings.get_by_text("1 run with 3 answers deleted.")).to_be_visible()
    expect(settings.get_by_role("button", name="Nothing is that old")).to_be_disabled()
    assert b"oldplantedword" not in on_disk(folder)

    page.locator(".st-key-follow_up textarea").fill("And then?")
    page.locator(".st-key-send-follow-up button").click()
    expect(page.get_by_text("It may have been deleted")).to_be_visible()
    page.goto(run)
    expect(page.get_by_text("It may have been deleted")).to_be_visible()
