"""What servers say of their own time, in their own shapes."""

import pytest

from providers.adapters.server_timings import BEDROCK, server_timings
from providers.interface import ServerTimings

LLAMA = {"cache_n": 60, "prompt_n": 8, "prompt_ms": 43.25, "predicted_n": 25, "predicted_ms": 238.5}
VLLM = {"time_to_first_token_ms": 85.25, "generation_time_ms": 1240.5, "queue_time_ms": 12.5, "mean_itl_ms": None}
GROQ = {"queue_time": 0.25, "prompt_time": 0.125, "completion_time": 0.5, "total_time": 0.625, "prompt_tokens": 9}


@pytest.mark.parametrize(
    ("beside", "usage", "said"),
    [
        ({"timings": LLAMA}, {}, ServerTimings(prompt_s=0.04325, eval_s=0.2385)),
        ({"metrics": VLLM}, {}, ServerTimings(prompt_s=0.08525, eval_s=1.2405, queue_s=0.0125)),
        ({BEDROCK: {"invocationLatency": 1250, "firstByteLatency": 300}}, {}, ServerTimings(total_s=1.25)),
        ({}, GROQ, ServerTimings(prompt_s=0.125, eval_s=0.5, queue_s=0.25, total_s=0.625)),
        ({"timings": {"prompt_ms": 0, "predicted_ms": 1000}}, {}, ServerTimings(prompt_s=0.0, eval_s=1.0)),
        ({}, {"prompt_tokens": 9}, None),
        ({"timings": None, "metrics": None}, {}, None),
        ({"timings": [1], "metrics": "fast"}, {}, None),
        ({"timings": {"prompt_ms": -1, "predicted_ms": float("nan")}}, {}, None),
        ({"metrics": {"time_to_first_token_ms": True, "generation_time_ms": "12"}}, {}, None),
    ],
)
def test_each_shape_becomes_seconds_and_nothing_else_does(beside, usage, said) -> None:
    assert server_timings(beside, usage) == said
