"""Two members and an administrator in three browsers: what each may see, change and take away of another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.conftest import ROOT, Serve, Somebody
from tests.browser.test_compare import choose
from tests.browser.test_marks import press
from tests.browser.test_pictures_journey import MODELS, PREVIEW, Painter, draw
from tests.browser.test_team import ADA, BOB, ask, log_in, rows, save_table
from tests.patience import wait_until
from tests.wire.oidc import LoginService
from tests.wire.openai_chat import listing
from tests.wire.server import WireServer

APP = ROOT / "dashboard" / "app.py"
EVE = {"sub": "s-3", "email": "eve@example.com", "email_verified": True}
BOUND, UPLOADS = "/api/v1/", "/_stcore/upload_file/"
"""What opens for one login only, and what is taken from one login only."""


@pytest.fixture(scope="module")
def service() -> Iterator[LoginService]:
    with LoginService(ADA) as service:
        yield service


@pytest.fixture(scope="module")
def team(serve: Serve, service: LoginService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The app where people log in, Eve as an administrator, with a host that draws; and the folder of its record."""
    folder, painter = tmp_path_factory.mktemp("team"), Painter()
    painter.finish.set()
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(service.secrets)
    (folder / "collate.toml").write_text('[team]\nadmins = ["eve@example.com"]\n')
    with WireServer(painter.script) as host:
        host.routes["/models"] = listing(*(model.partition(":")[2] for model in MODELS))
        environment = {
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db", "COLLATE_CONFIG": str(folder / "collate.toml"),
            "HOME": str(folder), "OPENAI_API_KEY": "sk-0123456789", "OPENAI_BASE_URL": f"{host.url}/v1",
        }  # fmt: skip
        yield serve(APP, environment), folder


def enter(context: BrowserContext, service: LoginService, who: dict[str, object], address: str) -> Page:
    """Whoever that is, with the page Compare before them."""
    page = context.new_page()
    service.who = who
    page.goto(address)
    log_in(page)
    return page


def heard(page: Page) -> dict[str, Request]:
    """Every address that pages ask for and that is not the same for everybody, from now on."""
    found: dict[str, Request] = {}

    def note(request: Request) -> None:
        if any(urlsplit(request.url).path.startswith(part) for part in (BOUND, UPLOADS)):
            found.setdefault(request.url, request)

    page.context.on("request", note)
    return found


def token(request: Request) -> str:
    return request.headers.get("x-collate-token", "")


def status(context: BrowserContext, url: str, shown: str) -> int:
    """What becomes of a request for that address, with that token, when they send it."""
    return context.request.get(url, headers={"x-collate-token": shown} if shown else {}).status


def kind(url: str) -> str:
    """The address without what is made for one run, one file, one picture."""
    parts = [part for part in urlsplit(url).path.split("/")[1:] if len(part) < 20]
    return "/".join(part for part in parts if part not in ("api", "v1", "_stcore") and "." not in part)


def test_no_address_of_one_person_s_pages_opens_for_another_login_or_for_none(
    team: tuple[str, Path], service: LoginService, somebody: Somebody, tmp_path: Path
) -> None:
    """Whatever her pages fetch: streams, texts, pictures whole and small, files to save, what she sends along."""
    address, _ = team
    (tmp_path / "facts.txt").write_text("A fact to send along.")
    (tmp_path / "drawn.png").write_bytes(PREVIEW)
    with somebody() as hers, somebody() as his, somebody() as nobodys:
        ada, _ = enter(hers, service, ADA, address), enter(his, service, BOB, address)
        found = heard(ada)
        choose(ada, "builtin:ngram-3", "builtin:ngram-2")
        ask(ada, "Is this mine alone?")
        with ada.expect_download() as table:
            save_table(ada)
        draw(ada, address, *MODELS)
        expect(ada.locator('figure[data-partial="false"] img')).to_have_count(2)
        drawn = [url for url in found if "/picture/" in url]
        kept = set({url.rpartition("/")[0]: url for url in drawn}.values())  # the last of each; others are previews
        ada.locator('figure[data-partial="false"]').first.hover()
        ada.locator(".st-key-upload button:visible").click()
        with ada.expect_response(lambda response: "/upload_file/" in response.url):
            ada.locator("input[type=file]").last.set_input_files(tmp_path / "drawn.png")
        expect(ada.get_by_text("drawn.png")).to_be_visible()
        ada.goto(f"{address}/history")
        expect(ada.locator("main img").first).to_be_visible()
        ada.locator(".st-key-export-all button:visible").click()
        with ada.expect_download() as export:
            ada.locator("a.export-link").click()

        addresses = {url: token(request) for url, request in found.items()}
        addresses |= {table.value.url: "", export.value.url: ""}
        for url, shown in dict(addresses).items():  # and what a click more would have fetched
            if url.endswith("/events"):
                addresses |= {url.replace("events", more): shown for more in ("text/0", "difference/0/1")}
            if "/picture/" in url and url in kept:
                addresses[f"{url}?save"] = shown
        assert {kind(url) for url in addresses} == {
            "runs/events", "runs/text/0", "runs/difference/0/1", "runs/picture/0", "runs/picture/1", "pictures",
            "exports", "files", "upload_file",
        }  # fmt: skip
        assert sum("?save" in url for url in addresses) == len(kept) == 2
        for url, shown in addresses.items():
            assert status(nobodys, url, shown) == 404, url
            assert status(his, url, shown) == 404, url
            if url in drawn and url not in kept:
                continue  # a preview is gone for everybody once the picture is there
            assert status(hers, url, shown) == 200, url  # it is the login that makes the difference


def test_the_page_on_which_people_log_in_lacks_nothing_of_its_own(team: tuple[str, Path], page: Page) -> None:
    """Its fonts and its symbols, which are the same for everybody."""
    refused: list[str] = []
    page.on("response", lambda response: refused.append(response.url) if response.status >= 400 else None)
    page.goto(team[0])
    expect(page.get_by_text("Log in to compare them")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    assert refused == []


def test_marks_are_each_person_s_own_and_an_administrator_removes_a_note_alone(
    team: tuple[str, Path], service: LoginService, somebody: Somebody
) -> None:
    address, folder = team
    with somebody() as hers, somebody() as his, somebody() as eves:
        ada, bob = enter(hers, service, ADA, address), enter(his, service, BOB, address)
        choose(ada, "builtin:ngram-3", "builtin:ngram-2")
        run = ask(ada, "Who may say what of it?")
        press(ada, 0, "Good answer")
        say(ada, "Hers, and unkind.")

        bob.goto(run)
        press(bob, 0, "Poor answer")
        say(bob, "His.")
        rated = "SELECT person, thumb FROM ratings ORDER BY person"
        wait_until(lambda: rows(folder, rated) == [("ada@example.com", 1), ("bob@example.com", -1)])
        expect(bob.get_by_text("only they or an administrator may stop, ask again or finish a run")).to_be_visible()
        expect(bob.get_by_role("button", name="Retry")).to_have_count(0)  # nothing is offered that would be refused
        press(bob, 0, "Rate and note")
        dialog = bob.get_by_role("dialog")
        expect(dialog.get_by_text("Hers, and unkind.")).to_be_visible()
        expect(dialog.get_by_text("Remove this note…")).to_have_count(0)

        eve = enter(eves, service, EVE, address)
        eve.goto(run)
        press(eve, 0, "Rate and note")
        dialog = eve.get_by_role("dialog")
        dialog.get_by_text("Remove this note…").first.click()
        eve.get_by_role("button", name="Remove it").click()
        expect(dialog.get_by_text("Hers, and unkind.")).to_have_count(0)
        assert rows(folder, "SELECT person, text FROM notes") == [("bob@example.com", "His.")]
        assert rows(folder, rated) == [("ada@example.com", 1), ("bob@example.com", -1)]
        told = rows(folder, "SELECT person, admin, what FROM trail WHERE act = 'removed a note'")
        assert [(person, admin) for person, admin, _ in told] == [("eve@example.com", 1)]
        assert "unkind" not in str(told)


def say(page: Page, note: str) -> None:
    press(page, 0, "Rate and note")
    page.get_by_role("dialog").get_by_placeholder("What is good about it").fill(note)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
