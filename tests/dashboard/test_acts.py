"""No page acts without saying for whom: whatever the record lets only some people do is told who is at the page."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import dashboard
from dashboard.engine import Engine
from dashboard.local_models.pulls import Pulls
from prompts.decide import decision_store, watch_store
from prompts.exchange import importing
from prompts.experiments import worker_store
from prompts.experiments.experiments import Experiments
from prompts.experiments.library.library import Library
from prompts.experiments.report import taking_in
from prompts.history.archive import Archive
from prompts.votes.on_record import Votes

FACADES = (
    Engine, Archive, Experiments, Library, Votes, Pulls, decision_store, watch_store, worker_store, importing,
    taking_in,
)  # fmt: skip
FACADES_AS_CALLED = frozenset({
    "core", "engine()", "archive", "core.archive", "asked", "record", "core.experiments", "prompts", "store",
    "decision_store", "watch_store", "worker_store", "pulls_of(core)",
})  # fmt: skip
"""What pages call them, also where a method is handed on to be called later."""
ANOTHER_MEANING = frozenset({
    "st.stop", "self.stop", "offer.stop", "threading.Thread(target=self._work, name='drafts', daemon=True).start",
    "pulls_of(core).start", "models.delete", "models.unload", "self.models(connection).unload", "store.finish",
    "Thread(target=_fulfil, args=(_done,), name='preparing', daemon=True).start",
    "self._blocks.finish", "blocks.finish", "found.start", "opening.start",
    "drafts().put", "self.put", "self.keeper.save", "keeper.save", "draft_store.save", "says.restore",
    "fields.put", "welcome.cancel", "task.cancel", "pull.task.cancel",
    "samples.put", "self._thread.start", "self._queue.extend",
})  # fmt: skip
"""Calls of such a name on something else than what keeps the record."""


def acting() -> set[str]:
    """The names of functions that want to know who does it."""
    return {
        name
        for facade in FACADES
        for name, function in inspect.getmembers(facade, inspect.isfunction)
        if "by" in inspect.signature(function).parameters and not name.startswith("_")
    }


def silent_acts(names: set[str]) -> Iterator[str]:
    """Where pages call something of such a name, or hand it on to be called, and do not say who: file and what."""
    root = Path(dashboard.__file__).parent
    for file in sorted({*root.rglob("*.py")} - {root / "engine.py", root / "sides.py"}):  # those hand on what they get
        tree = ast.parse(file.read_text("utf-8"))
        said = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and any(each.arg == "by" for each in node.keywords)
            for part in (node.func, *node.args)
        }
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute) and node.attr in names and id(node) not in said
                and (id(node) in called or ast.unparse(node.value) in FACADES_AS_CALLED)
            ):  # fmt: skip
                yield f"{file.relative_to(root)}: {ast.unparse(node)}"


def test_every_act_of_a_page_says_who_does_it():
    found = [each for each in silent_acts(acting()) if each.rpartition(": ")[2] not in ANOTHER_MEANING]
    assert found == []


def test_who_does_it_is_whoever_has_logged_in():
    """No page makes up somebody: the one place that says who is here reads the login."""
    root = Path(dashboard.__file__).parent
    makers = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Actor", "rights.Actor")
    }
    assert makers == {"user.py"}


def test_what_is_looked_for_is_there():
    assert {"delete", "delete_older", "start", "stop", "retry", "finish", "extend", "rename", "restore"} <= acting()
