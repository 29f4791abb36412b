"""How long silence is normal, by the manner of the model, and which limit holds where several are set."""

import pytest

from providers.config.deadlines import USUAL, Deadlines, in_force, manner


@pytest.mark.parametrize(
    ("model", "effort", "local", "expected"),
    [
        ("gpt-4o", None, False, "plain"),
        ("gpt-4o", "high", False, "thinking"),
        ("gpt-5-nano-2025-08-07", None, False, "thinking"),
        ("gpt-5.4", "none", False, "plain"),
        ("openai/o3", None, False, "thinking"),
        ("o4-mini", None, False, "thinking"),
        ("gemini-2.0-flash", None, False, "plain"),
        ("gemini-2.5-pro", None, False, "thinking"),
        ("models/gemini-4-argon", None, False, "thinking"),
        ("claude-sonnet-4-5", None, False, "plain"),
        ("claude-sonnet-5-5", None, False, "thinking"),
        ("deepseek-reasoner", None, False, "thinking"),
        ("deepseek-ai/DeepSeek-R1", None, False, "thinking"),
        ("deepseek-chat", None, False, "plain"),
        ("qwen/qwq-32b", None, False, "thinking"),
        ("kimi-k2-thinking", None, False, "thinking"),
        ("openai/gpt-oss-120b", None, False, "thinking"),
        ("mistral-large-latest", None, False, "plain"),
        ("llama3.3:70b", None, True, "local"),
        ("llama3.3:70b", "none", True, "local"),
        ("proof-2", None, False, "plain"),
    ],
)
def test_a_model_is_silent_after_its_manner(model: str, effort: str | None, local: bool, expected: str) -> None:
    assert manner(model, effort, local=local) == expected


def test_nothing_is_ended_at_a_minute_unless_somebody_says_so() -> None:
    for usual in USUAL.values():
        limits = in_force(Deadlines(), Deadlines(), usual)
        assert min(limits.first_byte_s, limits.silence_s, limits.no_content_s, limits.call_s) >= 300


def test_the_nearest_setting_holds() -> None:
    own, shared = Deadlines(silence_s=1), Deadlines(silence_s=2, call_s=3, text_bytes=9)
    limits = in_force(own, shared, USUAL["plain"])
    assert (limits.silence_s, limits.call_s, limits.first_byte_s, limits.text_bytes) == (1, 3, 300, 9)
