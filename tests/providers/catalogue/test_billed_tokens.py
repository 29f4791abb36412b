"""What is priced apart, as each vendor tells it."""

import pytest

from providers.catalogue.billed_tokens import BilledTokens, billed
from providers.interface import Usage


@pytest.mark.parametrize(
    ("usage", "raw", "expected"),
    [
        (Usage(10, 5), None, BilledTokens(10, 5)),
        (
            Usage(130, 5, 10, 20),
            {"cache_creation": {"ephemeral_5m_input_tokens": 15, "ephemeral_1h_input_tokens": 5}},
            BilledTokens(130, 5, 10, 20, 5),
        ),
        (
            Usage(10, 5), {"server_tool_use": {"web_search_requests": 2}}, BilledTokens(10, 5, web_searches=2),
        ),
        (
            Usage(100, 50, reasoning_tokens=7),
            {"prompt_tokens_details": {"audio_tokens": 40}, "completion_tokens_details": {"audio_tokens": 30}},
            BilledTokens(100, 50, reasoning=7, read={"audio": 40}, written={"audio": 30}),
        ),
        (
            Usage(100, 50),
            {"input_tokens_details": {"image_tokens": 60}, "output_tokens_details": {"image_tokens": 50}},
            BilledTokens(100, 50, read={"image": 60}, written={"image": 50}),
        ),
        (
            Usage(100, 5, 30),
            {"input_tokens_details": {"audio_tokens": 40, "cached_tokens_details": {"audio_tokens": 10}}},
            BilledTokens(100, 5, 30, read={"audio": 40}, read_cached={"audio": 10}),
        ),
        (
            Usage(100, 5, 30),
            {
                "prompt_tokens_details": [
                    {"modality": "TEXT", "token_count": 60}, {"modality": "AUDIO", "token_count": 40},
                ],
                "cache_tokens_details": [{"modality": "AUDIO", "token_count": 30}],
            },
            BilledTokens(100, 5, 30, read={"audio": 40}, read_cached={"audio": 30}),
        ),
        (
            Usage(140, 5),
            {
                "prompt_tokens_details": [{"modality": "IMAGE", "token_count": 40}],
                "tool_use_prompt_tokens_details": [{"modality": "IMAGE", "token_count": 10}],
            },
            BilledTokens(140, 5, read={"image": 50}),
        ),
        (
            Usage(100, 5, 30), {"prompt_tokens_details": {"audio_tokens": 40}},
            BilledTokens(100, 5, 30, read={"audio": 40}, read_cached={"audio": 30}, cached_kinds_told=False),
        ),
        (Usage(100, 5), {"prompt_tokens_details": "none", "cache_creation": [1], "cost": 3}, BilledTokens(100, 5)),
        (Usage(100, 5), {"prompt_tokens_details": {"audio_tokens": -4, "image_tokens": True}}, BilledTokens(100, 5)),
        (Usage(None, 5), None, None),
        (Usage(5, None), None, None),
        (Usage(10, 5, 8, 8), None, None),
        (Usage(10, 5), {"prompt_tokens_details": {"audio_tokens": 11}}, None),
        (Usage(10, 5), {"completion_tokens_details": {"audio_tokens": 6}}, None),
    ],
)  # fmt: skip
def test_the_split_is_read_and_never_guessed(
    usage: Usage, raw: dict[str, object] | None, expected: BilledTokens | None
) -> None:
    assert billed(usage, raw) == expected
