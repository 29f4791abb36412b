"""All that pages can change stands in one table, by the rule that it goes by; what is not there yet is found."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import dashboard
from dashboard.engine import Engine
from dashboard.local_models.pulls import Pulls
from prompts.experiments.experiments import Experiments
from prompts.experiments.library.library import Library
from prompts.history.archive import Archive
from prompts.record.rights import RULES, Act
from prompts.votes.on_record import Votes
from tests.dashboard.role_rows import ROWS

ASK: Act = "ask, compare, vote and export"
SAY: Act = "rate and note, in one's own name"
SORT: Act = "tag runs and group them"

EVERYBODY: dict[str, Act] = {
    "Engine.start": ASK, "Experiments.start": ASK, "Votes.add": ASK, "Votes.cast": ASK, "Votes.give_reason": ASK,
    "Votes.take_back": ASK, "Votes.reveal": ASK, "Votes.finish": ASK, "decision_store.add": ASK,
    "Library.create": ASK, "Library.duplicate": ASK, "Archive.mark": SAY, "Archive.describe": SAY,
    "Archive.tag": SORT, "Archive.untag": SORT, "Archive.experiment": SORT, "Archive.put_under": SORT,
    "importing.take_in": "import a file", "taking_in.take_in": "import a file",
}  # fmt: skip
"""What every member may do. It is written in the name of whoever has logged in."""
ONES_OWN = {
    "Archive.save_choice", "Archive.drop_choice", "Engine.save_choice", "Engine.drop_choice", "draft_store.save",
    "draft_store.drop", "Library.undelete",
}  # fmt: skip
"""What is found by the person alone, or by a receipt that only they were handed: there is no way to another's."""
NO_CHANGE = {"Archive.write", "Engine.choices", "Votes.open_to", "ranking.ranking", "functools.partial"}
BY_ITSELF = {"leases.recover", "trail.note", "Engine.note", "work"}
"""What Collate does without a person, or notes of what is in the table."""

FACADES = (Engine, Archive, Experiments, Library, Votes, Pulls)


def of_facades() -> Iterator[str]:
    """Methods that write, or want to know for whom they work."""
    for facade in FACADES:
        for name, method in inspect.getmembers(facade, inspect.isfunction):
            asked, text = inspect.signature(method).parameters, inspect.getsource(method)
            writes = "write(" in text or "by" in asked or ("person" in asked and "read(" not in text)
            if writes and not name.startswith("_"):
                yield f"{facade.__name__}.{name}"


def of_pages() -> Iterator[str]:
    """What pages hand to the record to be done in it, and what else they call and tell for whom."""
    root = Path(dashboard.__file__).parent
    for file in sorted(root.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        homes = {
            alias.name: node.module.rpartition(".")[2]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if re.search(r"\barchive\.write$|^Archive\(.*\)\.write$", ast.unparse(call.func)):
                yield _done(call.args[0])
            elif ast.unparse(call.func) == "_write":
                yield from (_done(each) for each in call.args if isinstance(each, ast.Lambda))
            if isinstance(call.func, ast.Name) and any(each.arg == "by" for each in call.keywords):
                yield f"{homes.get(call.func.id, file.stem)}.{call.func.id}"


def _done(work: ast.expr) -> str:
    """`store.do` of `lambda c: store.do(c, …)`."""
    if isinstance(work, ast.Lambda) and isinstance(work.body, ast.Call):
        return ast.unparse(work.body.func)
    return ast.unparse(work)


def test_all_that_pages_can_change_stands_in_the_table() -> None:
    found = {*of_facades(), *of_pages()}
    known = {*EVERYBODY, *ROWS, *ONES_OWN, *NO_CHANGE, *BY_ITSELF}
    assert found - known == set(), "say by which rule it goes"
    assert known - found == set(), "no page can do this any more"


def test_each_stands_under_the_rule_that_it_is_tried_by() -> None:
    assert {act for act, rule in RULES.items() if rule != "everybody"} == {row.act for row in ROWS.values()}
    assert {act for act, rule in RULES.items() if rule == "everybody"} == set(EVERYBODY.values())
