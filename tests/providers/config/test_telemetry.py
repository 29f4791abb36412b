"""What is told to those who run Collate, as it is set: off unless somebody wants it, and strict while unclear."""

from pathlib import Path

import pytest

from providers.config import telemetry
from providers.config.telemetry import TelemetryRules
from providers.secrets import Secret
from tests.providers.config.loading import loaded

TOKEN = "a-token-of-the-test-0123456789"


def test_everything_is_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    assert loaded(tmp_path).telemetry == TelemetryRules("text", False, None)
    found = loaded(tmp_path, '[telemetry]\nlogs = "json"\nmetrics = true\n', COLLATE_METRICS_TOKEN=TOKEN).telemetry
    assert found == TelemetryRules("json", True, Secret(TOKEN))
    assert TOKEN not in repr(found)


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    text = '[telemetry]\nlogs = "text"\nmetrics = true\n'
    assert loaded(tmp_path, text, COLLATE_LOGS="json", COLLATE_METRICS="0").telemetry == TelemetryRules("json", False)
    assert loaded(tmp_path, COLLATE_METRICS="1").telemetry.metrics


@pytest.mark.parametrize(
    ("text", "environ", "message"),
    [
        ('[telemetry]\nlogs = "xml"\n', {}, "logs is 'xml'; write one of text, json"),
        ("", {"COLLATE_LOGS": "JSON"}, "COLLATE_LOGS is 'JSON'"),
        ('[telemetry]\nmetrics = "yes"\n', {}, "metrics is 'yes'; write true or false"),
        ("", {"COLLATE_METRICS": "on"}, "COLLATE_METRICS is 'on'; write 1 or 0"),
        ("[telemetry]\nprompts = true\n", {}, "prompts is not a setting"),
        ("", {"COLLATE_METRICS_TOKEN": "short"}, "COLLATE_METRICS_TOKEN wants at least 16 characters"),
    ],
)
def test_a_mistake_tells_nothing_rather_than_too_much(
    text: str, environ: dict[str, str], message: str, tmp_path: Path
) -> None:
    found = loaded(tmp_path, text, **environ)
    assert found.telemetry == TelemetryRules("json", False, None)
    assert any(message in each for each in found.mistakes)


def test_how_long_a_server_waits_at_its_end_is_a_number_of_seconds(tmp_path: Path) -> None:
    assert loaded(tmp_path).wait_for_answers_s is None
    assert loaded(tmp_path, COLLATE_WAIT_FOR_ANSWERS_S="30").wait_for_answers_s == 30
    found = loaded(tmp_path, COLLATE_WAIT_FOR_ANSWERS_S="soon")
    assert found.wait_for_answers_s is None
    assert any("COLLATE_WAIT_FOR_ANSWERS_S is 'soon'" in each for each in found.mistakes)


def test_counts_without_what_they_take_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "find_spec", lambda _: None)
    found = loaded(tmp_path, COLLATE_METRICS="1")
    assert not found.telemetry.metrics
    assert any("collate[telemetry]" in each for each in found.mistakes)
