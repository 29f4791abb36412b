"""Compare in process, where no key is set yet: one is typed beside the models and saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.compose.add_key import DRAW
from dashboard.compose.pictures import IMAGES
from dashboard.engine import engine
from tests.dashboard.pages import said, session
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer


@pytest.mark.usefixtures("own_engine")
def test_a_key_that_is_refused_says_at_which_step_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(reply: Reply) -> None:
        await reply.json({"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}, status=401)

    with WireServer(refuse) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        page = session().run()
        page.text_input(key="key-openai").set_value("sk-planted-0123456789").run()
        shown = said(page)
        assert "**Host**" in shown
        assert "**Models**" in shown
        assert "Works" not in shown
        engine().close()


@pytest.mark.usefixtures("own_engine")
def test_without_any_key_one_can_be_added_checked_and_saved(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(chat_answer(["Yes."]))

    with WireServer(script) as server:
        server.routes["/models"] = listing("m")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("COLLATE_OPENAI_API", "chat")
        page = session().run()
        page.text_input(key="key-openai").set_value("sk-planted-0123456789").run()
        assert not page.exception
        assert "Works" in said(page)
        page.button(key="save-key-openai").click().run()
        assert 'OPENAI_API_KEY = "sk-planted-0123456789"' in (home / ".streamlit" / "secrets.toml").read_text()
        engine().close()


def test_for_pictures_only_those_who_draw_are_offered(app: AppTest) -> None:
    app.session_state[state.WANTED] = IMAGES
    app.run()
    offered = {each.key for each in app.text_input if str(each.key).startswith(state.KEY)}
    assert {state.KEY + name for name in DRAW} <= offered
    assert state.KEY + "anthropic" not in offered
