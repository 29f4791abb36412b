"""The contract that keeps Streamlit out of modules that do not draw."""

from __future__ import annotations

import pytest
from grimp import ImportGraph

from tests.import_contracts.pure import PureModules


def kept(*imports: tuple[str, str], draws: tuple[str, ...] = ("page", "room.*"), pure: tuple[str, ...] = ("*.rows",)):
    graph = ImportGraph()
    for name in ("app", "app.page", "app.sums", "app.room", "app.room.list", "app.room.rows"):
        graph.add_module(name)
    graph.add_module("streamlit", is_squashed=True)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    options = {"package": "app", "knows_no": "streamlit", "draws": list(draws), "pure": list(pure)}
    return PureModules("Pure", {}, options).check(graph, verbose=False)


def test_a_module_that_draws_may_know_it():
    assert kept(("app.page", "streamlit"), ("app.room.list", "streamlit"), ("app.page", "app.sums")).kept


@pytest.mark.parametrize("module", ["app.sums", "app.room.rows"])
def test_a_module_that_nobody_named_or_that_is_named_pure_may_not(module):
    found = kept((module, "streamlit"))
    assert (found.kept, list(found.metadata["chains"])) == (False, [module])


def test_nor_may_it_by_way_of_another():
    found = kept(("app.sums", "app.page"), ("app.page", "streamlit"))
    assert found.metadata["chains"] == {"app.sums": ("app.sums", "app.page", "streamlit")}


def test_a_pattern_that_names_nothing_is_told():
    assert kept(draws=("page", "room.*", "gone")).metadata["unused"] == ["gone"]
