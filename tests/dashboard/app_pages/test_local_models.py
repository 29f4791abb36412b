"""The Local models page in process, against a host that speaks Ollama's formats."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import wait

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from dashboard.local_models.pulls import pulls_of
from tests.dashboard.pages import session
from tests.patience import PATIENCE_S
from tests.wire import ollama as wire
from tests.wire.ollama_host import GB, OllamaHost
from tests.wire.server import Reply, WireServer

NEWEST = {"modified_at": "2026-11-21T00:00:00Z"}


@pytest.fixture
def host() -> OllamaHost:
    host = OllamaHost(gap_s=0, disk={"llama3.2:latest": {"size": 2 * GB, **NEWEST}, "bert-embed:latest": {"size": GB}})
    host.load("llama3.2:latest", 3 * GB, GB)
    return host


@pytest.fixture
def server(host: OllamaHost) -> Iterator[WireServer]:
    with host.server() as server:
        yield server


@pytest.fixture
def app(server: WireServer, app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """At the page, with Ollama on this computer."""
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    return app.switch_page("app_pages/local_models.py")


def texts(app: AppTest) -> str:
    kinds = ("caption", "error", "warning", "markdown", "info", "success", "metric", "subheader")
    return " ".join(str(element.value) for kind in kinds for element in app.get(kind)).replace("\\", "")


def select(app: AppTest, *rows: int) -> None:
    (table,) = app.dataframe
    app.session_state[table.key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    app.run()


def test_what_is_loaded_and_what_is_there(app: AppTest) -> None:
    app.run()
    assert not app.exception
    said = texts(app)
    assert "llama3.2:latest" in said
    assert "Answers begin at once, until" in said
    assert [metric.value for metric in app.metric] == ["3.0 GB", "33 %", "4,096"]
    assert list(app.dataframe[0].value["Warm or cold"]) == ["warm", "cold"]
    assert app.button(key="delete-these").disabled


def test_a_selected_row_tells_its_sum(app: AppTest) -> None:
    app.run()
    select(app, 1)
    assert "bert-embed:latest" in texts(app)
    assert "1.0 GB of weights +" in texts(app)
    assert app.button(key="compare-these").disabled, "an embedding model cannot be asked"
    assert app.button(key="unload-these").disabled, "it is not loaded"


def test_unload_frees_the_memory_and_says_so(app: AppTest, host: OllamaHost) -> None:
    app.run()
    app.button(key="unload-llama3.2:latest").click().run()
    assert not app.exception
    assert host.memory == {}
    assert "llama3.2:latest is unloaded." in texts(app)
    assert "Nothing is loaded." in texts(app)


def test_delete_is_asked_about_by_name_first(app: AppTest, host: OllamaHost) -> None:
    app.run()
    select(app, 0)
    app.button(key="delete-these").click().run()
    assert not app.exception
    assert "llama3.2:latest**, 2.0 GB, in memory now" in texts(app)
    assert "llama3.2:latest" in host.disk


def test_an_order_that_is_refused_is_a_sentence(app: AppTest, server: WireServer) -> None:
    app.run()

    async def refuse(reply: Reply) -> None:
        await reply.json(wire.error("model 'llama3.2:latest' not found"), status=404)

    server.routes["/api/generate"] = refuse
    app.button(key="unload-llama3.2:latest").click().run()
    assert not app.exception
    assert "llama3.2:latest: model 'llama3.2:latest' not found. Check the name" in texts(app)


def test_with_nothing_on_disk_the_page_teaches(app: AppTest, host: OllamaHost) -> None:
    host.disk.clear()
    app.run()
    assert not app.exception
    assert "No model is here yet." in texts(app)


def test_the_selected_are_taken_to_compare(app: AppTest) -> None:
    app.run()
    select(app, 0, 1)
    app.button(key="compare-these").click().run()
    assert app.session_state["targets"] == ["ollama:llama3.2:latest"]


def test_a_model_is_pulled_and_then_there(app: AppTest, host: OllamaHost) -> None:
    app.session_state["local-wanted"] = "ollama pull qwen3:8b"
    app.run()
    app.button(key="pull").click().run()
    (pull,) = pulls_of(engine()).of(engine().configuration.connections["ollama"])
    assert pull.task is not None
    assert not wait([pull.task], PATIENCE_S).not_done
    app.run()
    assert not app.exception
    assert "qwen3:8b" in host.disk
    assert "qwen3:8b" in list(app.dataframe[0].value["Model"])
    assert "2.0 GB on disk, checked by Ollama" in texts(app)
    app.button(key="dismiss-qwen3:8b").click().run()
    assert "checked by Ollama" not in texts(app)


def test_a_pull_that_fails_says_why_and_can_be_tried_again(app: AppTest, host: OllamaHost) -> None:
    host.refusal = "pull model manifest: file does not exist"
    app.session_state["local-wanted"] = "no-such-model"
    app.run()
    app.button(key="pull").click().run()
    (pull,) = pulls_of(engine()).of(engine().configuration.connections["ollama"])
    assert pull.task is not None
    wait([pull.task], PATIENCE_S)
    app.run()
    assert not app.exception
    assert "file does not exist. Check the name and its tag" in texts(app)
    assert app.button(key="again-no-such-model")


def test_a_name_that_is_none_is_refused_and_nothing_is_sent(app: AppTest, server: WireServer) -> None:
    app.session_state["local-wanted"] = "two words"
    app.run()
    app.button(key="pull").click().run()
    assert "'two words' is not the name of a model" in texts(app)
    assert server.calls("/api/pull") == []


@pytest.mark.usefixtures("own_engine")
def test_without_ollama_the_page_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    app = session().switch_page("app_pages/local_models.py").run()
    assert not app.exception
    assert "does not answer at http:" in texts(app)
    assert "ollama serve" in texts(app)
    assert "Ollama is a free program" in texts(app)


@pytest.mark.usefixtures("own_engine")
def test_the_cloud_is_not_managed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "https://ollama.com")
    app = session().switch_page("app_pages/local_models.py").run()
    assert not app.exception
    assert "is not one of your own servers" in texts(app)


def test_deleting_a_copy_says_that_its_weights_stay(app: AppTest, host: OllamaHost) -> None:
    host.disk |= {"bert-embed:latest": {"size": GB, "digest": "other"}, "mine:latest": {"size": 2 * GB}}
    app.run()
    select(app, list(app.dataframe[0].value["Model"]).index("mine:latest"))
    app.button(key="delete-these").click().run()
    assert not app.exception
    assert "mine:latest is a copy of llama3.2:latest: only the name is deleted" in texts(app)
