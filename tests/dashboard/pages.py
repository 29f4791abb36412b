"""A browser session of the whole dashboard, in process, and what its page says."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S

MAIN = str(Path(__file__).resolve().parents[2] / "dashboard" / "main.py")


def session(**query: str) -> AppTest:
    """A new browser session, nothing of it drawn yet; `query` stands in its address."""
    app = AppTest.from_file(MAIN, default_timeout=PATIENCE_S)
    app.query_params.update(query)
    return app


def texts(app: AppTest) -> str:
    """What the page says, in Markdown."""
    return " ".join(
        str(element.value) for kind in ("caption", "error", "warning", "markdown", "info") for element in app.get(kind)
    )


def said(app: AppTest) -> str:
    """What the page says, without what keeps foreign text from being Markdown."""
    return texts(app).replace("\\", "").replace("\u2060", "")


def html(app: AppTest, key: str) -> str:
    """What a panel shows."""
    return json.loads(app.get_by_key(key).proto.json)["html"]


def run_id_of(app: AppTest) -> str:
    """The run in the address."""
    value = app.query_params["run"]
    return value if isinstance(value, str) else value[0]
