"""What we lean on of other libraries that they do not promise: found out at once when a new version moves it.

Each failure names the version that was seen, and the place of ours that has to follow.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import signal
from importlib.metadata import version
from inspect import signature

import pytest
import uvicorn
from google import genai
from streamlit import delta_generator
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard.kept_responses import RESPONSES
from providers.adapters import base
from providers.network import log_redaction


@pytest.mark.parametrize(
    ("sdk", "client", "variable", "ours"),
    [
        ("openai", "AsyncOpenAI", "OPENAI_CUSTOM_HEADERS", "providers/adapters/openai_client.py"),
        ("anthropic", "AsyncAnthropic", "ANTHROPIC_CUSTOM_HEADERS", "providers/adapters/anthropic.py"),
    ],
)
def test_an_sdk_keeps_headers_of_the_environment_where_we_take_them_away(
    sdk: str, client: str, variable: str, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "X-Seam: seen")
    made = getattr(importlib.import_module(sdk), client)(api_key="none")
    seen = f"{sdk} {version(sdk)} no longer keeps {variable} in _custom_headers: see {ours}"
    assert getattr(made, "_custom_headers", {}).get("X-Seam") == "seen", seen


def test_googles_client_sends_a_body_and_hands_on_the_documents_that_come() -> None:
    made = getattr(genai.Client(api_key="none"), "_api_client", None)
    seen = f"google-genai {version('google-genai')} asks otherwise: see providers/adapters/google.py"
    for name in ("async_request", "async_request_streamed"):
        told = list(signature(getattr(made, name)).parameters)
        assert told[:3] == ["http_method", "path", "request_dict"], seen


def test_the_server_is_found_as_the_handler_of_the_signal_that_ends_it() -> None:
    before = signal.getsignal(signal.SIGTERM)
    server = uvicorn.Server(uvicorn.Config("x:y"))
    seen = f"uvicorn {version('uvicorn')} handles SIGTERM otherwise: see dashboard/server.py"
    with server.capture_signals():
        assert getattr(signal.getsignal(signal.SIGTERM), "__self__", None) is server, seen
    assert signal.getsignal(signal.SIGTERM) is before
    assert {"should_exit", "force_exit"} <= set(vars(server)), seen
    assert hasattr(server.config, "timeout_graceful_shutdown"), seen


def test_streamlit_takes_the_manifest_of_a_component_by_hand() -> None:
    seen = f"streamlit {version('streamlit')} registers components otherwise: see dashboard/answer_grid/component.py"
    assert callable(get_bidi_component_manager), seen
    assert hasattr(BidiComponentManager, "get_component_asset_root"), seen
    assert len(signature(BidiComponentManager.register_from_manifest).parameters) == 3, seen
    assert {"name", "asset_dir"} <= set(signature(ComponentConfig).parameters), seen
    assert len(signature(ComponentManifest).parameters) == 3, seen


def test_streamlit_does_for_others_what_its_start_is_spared() -> None:
    seen = f"streamlit {version('streamlit')} starts otherwise: see dashboard/spared.py"
    searched = inspect.getsource(BidiComponentManager.discover_and_register_components)
    assert "scan_component_manifests()" in searched, seen
    assert "if not _use_warning_has_been_displayed:" in inspect.getsource(delta_generator), seen


def test_streamlit_tells_which_hosts_are_allowed() -> None:
    seen = f"streamlit {version('streamlit')} checks hosts otherwise: see dashboard/allowed_hosts.py"
    assert list(signature(is_host_allowed).parameters) == ["host"], seen


@pytest.mark.parametrize("kind", RESPONSES)
def test_streamlit_drops_a_response_when_a_page_begins_to_be_drawn(kind: str) -> None:
    seen = f"streamlit {version('streamlit')} keeps responses, or its queue is another: see dashboard/kept_responses.py"
    queue, message = ForwardMsgQueue(), ForwardMsg()
    getattr(message, kind).SetInParent()
    queue.enqueue(message)
    assert queue._queue == [message], seen
    getattr(ForwardMsgQueue.clear, "__wrapped__", ForwardMsgQueue.clear)(queue, retain_lifecycle_msgs=True)
    assert queue.is_empty(), seen


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_transport_has_a_pool_that_makes_connections(name: str) -> None:
    seen = f"{name} {version(name)} has another pool: see providers/network/trust.py"
    http = importlib.import_module(name)
    pool = http.AsyncHTTPTransport()._pool
    assert list(signature(pool.create_connection).parameters) == ["origin"], seen
    methods = ("handle_async_request", "aclose", "is_idle", "has_expired")
    connection = importlib.import_module(type(pool).__module__.partition(".")[0]).AsyncHTTPConnection
    assert all(hasattr(connection, method) for method in methods), seen


SPEAKERS = {
    "openai": "openai._base_client", "anthropic": "anthropic._base_client", "google_genai": "google.genai.models",
    "httpx": "httpx", "httpx2": "httpx2", "httpcore": "httpcore", "httpcore2": "httpcore2",
}  # fmt: skip
"""A module that speaks under each name, where it speaks at all."""


@pytest.mark.parametrize(("name", "module"), SPEAKERS.items())
def test_libraries_speak_under_the_names_that_we_hush_and_redact(name: str, module: str) -> None:
    importlib.import_module(module)
    spoken = [each for each in logging.Logger.manager.loggerDict if each == name or each.startswith(f"{name}.")]
    assert spoken, f"nothing speaks as {name} any more: see providers/adapters/base.py"
    assert name in base._TALKATIVE


def test_every_name_that_shows_headers_is_redacted() -> None:
    for name in ("httpcore", "httpcore2"):
        importlib.import_module(name)
    parts = {each for each in logging.Logger.manager.loggerDict if each.startswith(("httpcore.", "httpcore2."))}
    seen = f"httpcore {version('httpcore')} speaks under other names: see providers/network/log_redaction.py"
    assert parts <= {*log_redaction._LOGGERS, "httpcore.socks", "httpcore2.socks"}, seen
