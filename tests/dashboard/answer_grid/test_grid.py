"""The component as Streamlit sees it, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.answer_grid.grid import _column
from tests.patience import PATIENCE_S


def page() -> None:
    from dashboard.answer_grid.grid import answer_grid

    answer_grid(key="grid", url="api/v1/runs/r/events", token="t", titles=["A", "B"], live=False, on_stop=print)


def test_the_grid_mounts_from_files_under_any_runtime() -> None:
    for _ in range(2):  # each AppTest has its own component manager
        at = AppTest.from_function(page, default_timeout=PATIENCE_S).run()
        assert not at.exception
        proto = at.get_by_key("grid").proto
        assert proto.component_name == "collate.answer_grid"
        assert proto.js_source_path == "index.js"
        assert proto.css_source_path == "style.css"
        assert not proto.js_content


@pytest.mark.parametrize(
    ("value", "column"),
    [(0, 0), (1, 1), (1.0, 1), (2, None), (-1, None), (0.5, None), ("0", None), (None, None), (float("nan"), None),
     (float("inf"), None)],
)  # fmt: skip
def test_only_a_column_that_exists_is_passed_on(value: object, column: int | None) -> None:
    assert _column(value, 2) == column
