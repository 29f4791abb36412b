"""Whatever an address says, a page is drawn: at most it says that it is not there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

NAMES = {
    "compare": ("run", "ask"), "history": ("words", "experiment", "since", "rating", "show"),
    "experiments": ("experiment", "rows", "find", "chart", "beside"), "vote": ("ballot", "votes-show"),
    "choose": ("decision", "task"), "prompts": ("prompt",),
}  # fmt: skip
ODD = (
    "\x00\x07",
    "\u202e<script>alert(1)</script>",
    "'; DROP TABLE runs; --",
    "x" * 20_000,
    "../../etc/passwd",
    "%00",
)


@pytest.mark.parametrize("value", ODD, ids=("no-characters", "markup", "sql", "long", "path", "encoded"))
@pytest.mark.parametrize("page", NAMES)
def test_an_address_that_means_nothing_opens_the_page(app: AppTest, page: str, value: str) -> None:
    app.switch_page(f"app_pages/{page}.py")
    for name in NAMES[page]:
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert len(app.main) > 0
