"""Logs as JSON lines: what is told, what never is, and that libraries which bring their own form are taken along."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from prompts.observing import logs
from prompts.observing.logs import JsonLines
from providers.config.telemetry import TelemetryRules
from providers.network.log_redaction import redact_logs
from providers.secrets import Secret
from tests.prompts.observing.calls import PROMPT, call, failed, planted

KEY = "planted-key-0123456789abc"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a process writes that is set up for JSON; afterwards everything is as it was."""
    redact_logs()
    root, stream = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), logging.getLogger("collate").level
    forms = [(each, each.formatter) for each in before]
    root.handlers.clear()
    # A server in this process, or Streamlit, may have given them handlers of their own.
    servers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "streamlit", "streamlit.runtime")]
    own = [(each, list(each.handlers), each.propagate) for each in servers]
    for each in servers:
        each.handlers.clear()
        each.propagate = True
    logs.set_up(TelemetryRules("json"), stream)
    yield stream
    root.handlers[:] = before
    for logger, handlers, propagates in own:
        logger.handlers[:], logger.propagate = handlers, propagates
    for handler, form in forms:
        handler.setFormatter(form)
    root.manager.setLoggerClass(logging.Logger)
    logging.getLogger("collate").setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_settled_call_is_one_line_of_figures(written: io.StringIO) -> None:
    logs.Calls().tell(call("failed", error=failed()))
    (line,) = lines(written)
    told = {name: line[name] for name in ("level", "logger", "message", "provider", "model", "state", "error")}
    assert told == {
        "level": "info", "logger": "collate.calls", "message": "call", "provider": "openai", "model": "gpt-4o",
        "state": "failed", "error": "rate_limit",
    }  # fmt: skip
    assert (line["duration_s"], line["usage"]["output_tokens"], line["cost"]) == (1.5, 20, "0.0021")
    assert planted(written.getvalue()) == []


def test_of_an_exception_its_type_and_place_are_told_and_none_of_its_words(written: io.StringIO) -> None:
    for name in ("collate", "collate.part", "streamlit.runtime", "uvicorn.error"):
        try:
            raise ValueError(PROMPT)
        except ValueError:
            logging.getLogger(name).exception("It failed.")
    assert planted(written.getvalue()) == []
    assert [line["raised"].endswith("ValueError") for line in lines(written)] == [True] * 4
    assert all("test_logs.py:" in line["raised"] for line in lines(written))


def test_of_other_libraries_only_the_place_is_told(written: io.StringIO) -> None:
    logging.getLogger("openai._base_client").warning("Request options: %s", {"content": PROMPT})
    logging.getLogger("httpx").warning(f"POST {PROMPT}")
    logging.getLogger("uvicorn.error").warning('%s - "WebSocket %s" [accepted]', "host", f"/?ask={PROMPT}")
    logging.getLogger("uvicorn.access").warning(PROMPT)
    assert planted(written.getvalue()) == []
    assert [line["logger"] for line in lines(written)] == ["openai._base_client", "httpx", "uvicorn.error"]


def test_no_key_is_in_a_line(written: io.StringIO) -> None:
    Secret(KEY)
    logging.getLogger("collate").warning("a key: %s", KEY)
    logging.getLogger("collate.part").warning("a key: %s", KEY, extra={"facts": {"said": f"Bearer {KEY}"}})
    assert KEY not in written.getvalue()
    assert len(lines(written)) == 2


def test_a_line_is_one_line_whatever_is_in_it(written: io.StringIO) -> None:
    logging.getLogger("collate").warning('two\nlines "and" quotes')
    assert lines(written)[0]["message"] == 'two\nlines "and" quotes'


def test_a_library_that_brings_its_own_form_later_is_taken_along(written: io.StringIO) -> None:
    late = logging.getLogger("a_library_that_is_imported_later")
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(logging.Formatter("%(message)s"))
    late.addHandler(handler)
    late.propagate = False
    late.warning(PROMPT)
    assert isinstance(handler.formatter, JsonLines)
    assert planted(stream.getvalue()) == []
    assert lines(stream)[0]["logger"] == late.name


def test_as_text_nothing_is_changed() -> None:
    before = list(logging.getLogger().handlers)
    logs.set_up(TelemetryRules("text"))
    assert logging.getLogger().handlers == before
