"""Our components can be mounted under any key, whatever stands in the id or token that it is made of."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from dashboard.answer_grid.panel import panel

    panel("<p>One</p>", key="link-a__b_", label="One")
    panel("<p>Two</p>", key="link-_____", label="Two")


def test_a_key_may_hold_what_parts_the_ids_of_components() -> None:
    page = AppTest.from_function(_page).run()
    assert not page.exception
