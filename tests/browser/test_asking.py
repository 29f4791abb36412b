"""Before and after a run: settings per column, repeats, what must not leave, sets, links, files and follow-ups."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOT, Serve
from tests.browser.test_compare import ask, choose, column, open_page, status
from tests.pictures import picture
from tests.wire.openai_chat import answer, listing
from tests.wire.server import Reply, WireServer

APP = ROOT / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def models() -> Iterator[WireServer]:
    """A host whose models say which of their questions this is."""

    async def script(reply: Reply) -> None:
        asked = [message["content"] for message in reply.received.json["messages"] if message["role"] == "user"]
        model = reply.received.json["model"]
        await reply.stream(answer([f"{model} ", f"heard {len(asked)}: ", asked[-1].split("\n")[-1]]), gap_s=0.01)

    with WireServer(script) as server:
        server.routes["/models"] = listing("red", "blue")
        yield server


@pytest.fixture(scope="module")
def app(serve: Serve, models: WireServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data")
    return serve(
        APP,
        {
            "OPENAI_API_KEY": "sk-planted-0123456789",
            "OPENAI_BASE_URL": f"{models.url}/v1",
            "COLLATE_DATABASE_URL": f"sqlite:///{folder}/collate.db",
            "COLLATE_CONFIG": str(folder / "collate.toml"),
        },
    )


def popover(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()


def more(page: Page, key: str) -> None:
    """Open a part of "More"."""
    popover(page, "more")
    page.locator(f".st-key-{key} summary").click()


def fill(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key}").locator("input, textarea").first
    field.fill(text)
    field.blur()


def calls(models: WireServer) -> int:
    return len(models.calls("/chat/completions"))


def test_a_copy_of_a_model_has_settings_of_its_own_and_is_marked(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:red")
    popover(page, "settings")
    page.locator(".st-key-separate label").first.click()
    row = page.locator(".st-key-own-settings")
    expect(row).to_be_visible()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Add a copy").locator("visible=true").click()
    expect(page.get_by_text(re.compile("^2 calls to "))).to_be_visible()
    row.get_by_role("button", name="Parameters").locator("visible=true").nth(1).click()
    fill(page, "temperature-openai-red-1", "0.3")
    page.keyboard.press("Escape")
    expect(row.get_by_text("differs: temperature 0.3")).to_be_visible()
    before = calls(models)
    ask(page, "Which?")
    status(page, 0, "complete")
    status(page, 1, "complete")
    expect(column(page, 1)).to_contain_text("differs: temperature 0.3")
    expect(column(page, 0)).not_to_contain_text("differs")
    sent = [call.json.get("temperature") for call in models.calls("/chat/completions")[before:]]
    assert sorted(sent, key=str) == [0.3, None]


def test_a_prompt_with_a_key_in_it_waits_for_a_second_thought(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:red")
    before = calls(models)
    ask(page, "Why does sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34 not work? Write to ada@gmail.com")
    expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
    assert calls(models) == before
    page.locator(".st-key-mask button").locator("visible=true").click()
    expect(page.locator(".st-key-prompt textarea")).to_have_value("Why does [key] not work? Write to [e-mail]")
    page.locator(".st-key-run button").locator("visible=true").click()
    status(page, 0, "complete")
    assert "sk-proj" not in str(models.calls("/chat/completions")[-1].json)


def test_local_only_makes_a_distant_model_impossible(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:red")
    popover(page, "more")
    page.locator(".st-key-local_only label").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("with “Local only” it cannot be asked")).to_be_visible()
    before = calls(models)
    ask(page, "Stay here")
    expect(page.get_by_text("this prompt is local only")).to_be_visible()
    assert calls(models) == before


def test_repeats_are_paged_through_and_put_together(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:red", "openai:blue")
    popover(page, "more")
    fill(page, "repeats", "3")
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("^6 calls to "))).to_be_visible()
    ask(page, "Again")
    status(page, 1, "complete")
    expect(page.get_by_text("Each model is asked 3 times.")).to_be_visible()
    page.locator(".st-key-repeats-shown").get_by_role("button", name="Page 3").click()
    expect(page.get_by_role("heading", name="red · repeat 3")).to_be_visible()
    page.get_by_text("Repeats", exact=True).last.click()
    expect(page.get_by_text("All 3 said the same").first).to_be_visible()


def test_a_follow_up_goes_to_every_column_with_its_own_history(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:red", "openai:blue")
    ask(page, "First")
    status(page, 1, "complete")
    first = page.url
    page.locator(".st-key-follow_up textarea").fill("Second")
    page.locator(".st-key-follow_up textarea").blur()
    page.locator(".st-key-send-follow-up button").locator("visible=true").click()
    expect(column(page, 1).locator(".answer > .closed")).to_contain_text("blue heard 2: Second")
    expect(page.get_by_text("Conversation of 2 turns")).to_be_visible()
    messages = models.calls("/chat/completions")[-1].json["messages"]
    assert [m["role"] for m in messages] == ["user", "assistant", "user"]
    assert page.url != first
    expect(column(page, 0)).to_contain_text("Earlier turn")
    page.get_by_role("button", name="1. First").locator("visible=true").click()
    expect(column(page, 0).locator(".answer > .closed")).to_contain_text("red heard 1: First")


def test_everyone_can_be_continued_from_one_answer(page: Page, app: str, models: WireServer) -> None:
    open_page(page, app)
    choose(page, "openai:red", "openai:blue")
    ask(page, "Begin")
    status(page, 0, "complete")
    status(page, 1, "complete")
    column(page, 0).get_by_role("button", name="Continue all from this").click()
    expect(page.get_by_text("Everyone will be sent the conversation and answer of openai:red")).to_be_visible()
    before = calls(models)
    page.locator(".st-key-follow_up textarea").fill("Go on")
    page.locator(".st-key-follow_up textarea").blur()
    page.locator(".st-key-send-follow-up button").locator("visible=true").click()
    expect(column(page, 1).locator(".answer > .closed")).to_contain_text("blue heard 2: Go on")
    said = [call.json["messages"][1]["content"] for call in models.calls("/chat/completions")[before:]]
    assert said == ["red heard 1: Begin"] * 2


def test_an_earlier_turn_is_asked_otherwise(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:red")
    ask(page, "One")
    status(page, 0, "complete")
    page.locator(".st-key-follow_up textarea").fill("Two")
    page.locator(".st-key-follow_up textarea").blur()
    page.locator(".st-key-send-follow-up button").locator("visible=true").click()
    expect(column(page, 0).locator(".answer > .closed")).to_contain_text("red heard 2: Two")
    page.locator(".st-key-turn-2").get_by_role("button", name="Edit and run again").locator("visible=true").click()
    page.get_by_role("textbox", name="Edit this turn").fill("Two, but shorter")
    page.get_by_role("textbox", name="Edit this turn").blur()
    page.get_by_role("button", name="Send this instead").locator("visible=true").click()
    expect(column(page, 0).locator(".answer > .closed")).to_contain_text("red heard 2: Two, but shorter")
    expect(page.get_by_text("(edited)")).to_be_visible()


def test_a_set_is_kept_and_used_again(page: Page, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:red", "builtin:ngram-2")
    more(page, "sets")
    fill(page, "set_name", "My two")
    page.get_by_role("button", name="Save", exact=True).locator("visible=true").click()
    expect(page.get_by_role("button", name="My two").locator("visible=true")).to_be_visible()
    page.keyboard.press("Escape")
    choose(page, "builtin:ngram-4")
    popover(page, "more")  # its part is open still
    page.get_by_role("button", name="My two").locator("visible=true").click()
    expect(page.get_by_text(re.compile("^2 calls to "))).to_be_visible()


def test_a_link_fills_the_page_of_somebody_else_and_sends_nothing(
    page: Page, context: BrowserContext, app: str, models: WireServer
) -> None:
    open_page(page, app)
    choose(page, "openai:red")
    page.locator(".st-key-prompt textarea").fill("Shared question")
    page.locator(".st-key-prompt textarea").blur()
    more(page, "share")
    link = page.locator(".st-key-share [data-testid='stCode'], [data-testid='stPopoverBody'] code").last
    expect(link).to_contain_text("?ask=")
    before = calls(models)
    other = context.new_page()
    other.goto(link.inner_text())
    expect(other.locator(".st-key-prompt textarea")).to_have_value("Shared question")
    expect(other.locator(".st-key-targets")).to_contain_text("openai:red")
    assert calls(models) == before
    assert "ask=" not in other.url


def test_a_run_is_saved_as_one_file_that_needs_nothing(page: Page, context: BrowserContext, app: str) -> None:
    open_page(page, app)
    choose(page, "openai:red", "openai:blue")
    ask(page, "Keep <b>this</b>")
    status(page, 1, "complete")
    more(page, "share")
    with page.expect_download() as saved:
        page.locator(".st-key-html a:visible").press("Enter")  # wherever it moves to while what opened takes its room
    path = Path(saved.value.path())
    text = path.read_text()
    assert "<script" not in text
    assert "sk-planted" not in text
    other = context.new_page()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    copy = path.with_suffix(".html")
    copy.write_text(text)
    other.goto(copy.as_uri())
    expect(other.get_by_role("heading", name="Keep <b>this</b>")).to_be_visible()
    expect(other.locator(".column")).to_have_count(2)
    assert len(asked) == 1


DROP = """(target, [name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], name));
    for (const kind of ["dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
}"""


def test_files_are_dropped_on_the_prompt_and_a_refused_one_says_why(page: Page, app: str) -> None:
    open_page(page, app)
    prompt = page.locator(".st-key-prompt textarea")
    prompt.fill("What is wrong here?")
    prompt.evaluate(DROP, ["notes.txt", base64.b64encode(b"The door is open.").decode()])
    expect(prompt).to_have_value("What is wrong here?\n\nnotes.txt:\n```\nThe door is open.\n```")
    prompt.evaluate(DROP, ["dot.png", base64.b64encode(picture("PNG")).decode()])
    expect(page.get_by_role("button", name="Attach (1)")).to_be_visible()
    prompt.evaluate(DROP, ["run.exe", base64.b64encode(b"MZ not a picture").decode()])
    expect(page.get_by_text("run.exe is not a PNG, JPEG, WebP or GIF picture and not a PDF")).to_be_visible()


def test_run_waits_for_a_record_that_is_away_and_comes_back_by_itself(serve: Serve, page: Page, tmp_path: Path) -> None:
    """Nobody has to reload the page, whose prompt is being written meanwhile."""
    place = tmp_path / "data"
    place.write_text("a file where the folder of the record should be")
    settings = {"COLLATE_DATABASE_URL": f"sqlite:///{place}/c.db", "COLLATE_CONFIG": str(tmp_path / "collate.toml")}
    page.goto(serve(APP, settings))
    expect(page.get_by_text("Nothing can be recorded, so nothing is sent")).to_be_visible()
    run = page.locator(".st-key-run button")
    expect(run).to_be_disabled()
    page.locator(".st-key-prompt textarea").fill("What is being written")
    place.unlink()
    expect(run).to_be_enabled()
    expect(page.get_by_text("Nothing can be recorded, so nothing is sent")).to_have_count(0)
    expect(page.locator(".st-key-prompt textarea")).to_have_value("What is being written")
