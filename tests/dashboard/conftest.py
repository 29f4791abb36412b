"""The dashboard in process, a host that it may ask, and answers with outcomes for the tests of what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard import engine, loop_thread
from dashboard.experiments.drafts import drafts
from dashboard.experiments.kept_drafts import KeptDrafts
from prompts.core.answer import Answer
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State, Timings
from providers.errors import Failure
from providers.interface import Settings, Usage
from tests.dashboard.pages import session
from tests.patience import PATIENCE_S, wait_until
from tests.runs import answer_of
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer

MakeAnswer = Callable[..., Answer]


@pytest.fixture(autouse=True)
def whole_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends leaves behind what is slow to; a test does not."""
    monkeypatch.setattr(loop_thread, "THREAD_S", PATIENCE_S)
    monkeypatch.setattr(engine, "END_S", PATIENCE_S)


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Streamlit reads what every installed package says of itself for each session; nothing is installed meanwhile."""
    found = tuple(manifest_scanner.scan_component_manifests())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: list(found))
        yield


@pytest.fixture
def own_engine(home: Path) -> Iterator[None]:
    """As in a process that has just started: no engine yet, and no draft. Closes the engine that the test makes."""
    engine.engine.cache_clear()
    drafts.cache_clear()
    yield
    if isinstance(keeper := drafts().keeper, KeptDrafts):
        wait_until(keeper.written)  # one that is saved later would open the record anew
    engine.engine().close()
    engine.engine.cache_clear()


@pytest.fixture
def app(own_engine: None) -> AppTest:
    """The first browser session, nothing of it drawn yet."""
    return session()


@pytest.fixture
def far(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """The provider `far` with a model `m`: a host that does not count as local, though it is this machine.

    Prices of it are not known. It is to outlive the engine that asks it: name it before `app`.
    """

    async def script(reply: Reply) -> None:
        asked = [m["content"] for m in reply.received.json["messages"] if m["role"] == "user"]
        await reply.stream(chat_answer([f"heard {len(asked)}: {asked[-1]}"]))

    with WireServer(script) as server:
        server.routes["/models"] = listing("m")
        (home / "collate.toml").write_text(
            f'[providers.far]\nbase_url = "{server.url}/v1"\nlabel = "Far"\nlocal = false\n'
            'key_variable = "COLLATE_FAR_KEY"\n'
        )
        monkeypatch.setenv("COLLATE_FAR_KEY", "planted-0123456789")
        yield server


@pytest.fixture
def answer() -> MakeAnswer:
    """Make an answer with an outcome; times in seconds, money in dollars."""

    def make(
        model: str = "gpt-4o", provider: str = "openai", *, position: int = 0, state: State = "complete",
        first: float | None = 0.2, duration: float | None = 1.5, rate: float | None = 50.0, usage: Usage | None = None,
        cost: Cost | None = None, text: str = "Hello.", error: Failure | None = None, settings: Settings = Settings(),
    ) -> Answer:  # fmt: skip
        done = Completion(
            provider=provider, model=model, endpoint="https://api.example.com/v1", state=state, text=text, thinking="",
            started_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC), error=error,
            timings=Timings(time_to_first_token_s=first, duration_s=duration, output_tokens_per_s=rate),
            cost=cost or Cost("amount", Decimal("0.0021")), usage=usage or Usage(10, 20, 5, None, 4),
        )  # fmt: skip
        return answer_of(Target(provider, model, settings), position, position, done=done, text_parts=[text], attempt=1)

    return make
