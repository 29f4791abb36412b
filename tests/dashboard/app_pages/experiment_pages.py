"""What the tests of the page Experiments share: a plan, and how its drafts are opened, pressed and followed."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard.engine import Engine, engine
from dashboard.experiments.drafts import Draft, drafts
from prompts.core.targets import Target
from prompts.experiments.asked import Experiment
from prompts.experiments.cases import made
from prompts.experiments.plan import Plan, Wording
from providers.interface import Settings
from tests.patience import wait_until

PAGE = "app_pages/experiments.py"
KEY = "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34"
NEAR = Target("builtin", "ngram-3", Settings(max_output_tokens=4))
FAR = Target("far", "m")
CASES = made(["text", "label"], [["A class is", "x"], ["A list is", "y"]])
PLAN = Plan("Words", (Wording("plain", "Say: {{text}}"),), CASES, (NEAR,))


def shown(app: AppTest) -> str:
    """The id in the address."""
    found = app.query_params["experiment"]
    return found if isinstance(found, str) else found[0]


def listed(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def written(app: AppTest, plan: Plan = PLAN, **more: Any) -> AppTest:
    """The builder with that plan in it."""
    listed(app)
    draft = Draft(plan, tuple(dict.fromkeys(map(str, plan.targets))), **more)
    app.query_params["experiment"] = drafts().new(draft, "")
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def typed(app: AppTest) -> Plan:
    """The plan of the draft that is shown."""
    held = drafts().find(shown(app))
    assert held is not None
    return held.draft.plan


def started(app: AppTest) -> Experiment:
    """The experiment that is shown, once it is over."""
    asked, here = experiments(), shown(app)

    def over() -> bool:
        found = asked.find(here)
        return found is not None and found.stage == "finished"

    wait_until(over)
    found = asked.find(here)
    assert found is not None
    return found


def experiments() -> Any:
    core: Engine = engine()
    assert core.experiments is not None
    return core.experiments
