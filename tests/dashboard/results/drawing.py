"""A view of a finished run, drawn without a browser."""

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S


def page(module: str, show: str, run: str) -> None:
    from importlib import import_module

    from tests.browser import insights_runs

    getattr(import_module(f"dashboard.results.{module}"), show)(insights_runs.find(run))


def drawn(module: str, show: str, run: str) -> AppTest:
    """`show` of that module of the results, on a run of the harness `insights_runs`; fails if it raises."""
    at = AppTest.from_function(page, default_timeout=PATIENCE_S, args=(module, show, run)).run()
    assert not at.exception
    return at
