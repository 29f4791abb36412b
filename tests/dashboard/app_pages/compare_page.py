"""What the tests of Compare share: a filled form, a run that is over, and what a far host received."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from prompts.core.run import Run
from tests.dashboard.pages import run_id_of
from tests.dashboard.test_engine import wait_until_finished
from tests.wire.server import WireServer

KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"

TWO, THREE = "builtin:ngram-2", "builtin:ngram-3"

FAR = "far:m"


def compose(app: AppTest, prompt: str, *targets: str) -> AppTest:
    app.run()
    app.multiselect(key="targets").set_value(list(targets))
    return app.text_area(key="prompt").set_value(prompt).run()


def send(app: AppTest, button: str = "run") -> Run:
    """Press it and wait for all answers."""
    app.button(key=button).click().run()
    assert not app.exception
    run = engine().find(run_id_of(app))
    assert run is not None
    wait_until_finished(engine(), run)
    app.run()
    return run


def sent(far: WireServer) -> list[str]:
    """The last messages of all calls so far."""
    return [call.json["messages"][-1]["content"] for call in far.calls("/chat/completions")]
