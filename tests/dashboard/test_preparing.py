"""The server listens before the first page can be drawn; who comes early waits for all of it."""

from __future__ import annotations

import gc
import subprocess
from threading import Event

import pytest

from dashboard import preparing, server
from prompts.core.child_process import python


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_done", None)
    monkeypatch.setattr(gc, "freeze", lambda: None)


def test_outside_of_a_server_nobody_waits() -> None:
    preparing.wait()
    assert preparing.is_ready(within_s=0)


def test_whoever_comes_early_waits_until_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Event()
    monkeypatch.setattr(preparing, "_prepare", there.wait)
    preparing.begin()
    assert not preparing.is_ready(within_s=0)
    there.set()
    preparing.wait()
    assert preparing.is_ready(within_s=0)
    assert gc.isenabled()


def test_a_defect_ends_the_server_and_is_told_to_whoever_waits(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError("a defect")

    ended = Event()
    monkeypatch.setattr(preparing, "_prepare", fail)
    monkeypatch.setattr(server, "end", ended.set)
    preparing.begin()
    with pytest.raises(LookupError):
        preparing.wait()
    ended.wait()
    assert "cannot start" in caplog.text
    assert gc.isenabled()


def test_the_first_page_waits_for_no_library_of_numbers() -> None:
    """Each takes a tenth of a second and more, and draws nothing that is seen first."""
    asked = (
        "import sys; from importlib import import_module; from dashboard import preparing\n"
        "for script in preparing.FIRST_PAGES:\n"
        "    for name in preparing.imported_by(script): import_module(name)\n"
        "print(*{'numpy', 'pandas', 'pyarrow'} & sys.modules.keys())"
    )
    done = subprocess.run(python("-c", asked), capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_the_first_pages_import_is_known_from_their_scripts() -> None:
    names = [name for script in preparing.FIRST_PAGES for name in preparing.imported_by(script)]
    assert {"dashboard.engine", "dashboard.compose.form", "prompts.core.combined_run"} <= set(names)
    assert "streamlit" not in names
