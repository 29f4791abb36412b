"""Chat Completions: token counts under the names that vendors and gateways give them."""

from __future__ import annotations

from providers.interface import Usage
from tests.wire.reported.chat import ch, chunk, counted, sse
from tests.wire.reported.row import Reported

ANTHROPICS = {"cache_read_input_tokens": 100, "cache_creation_input_tokens": 800}
DETAILS = {"prompt_tokens_details": {"cached_tokens": 100, "cache_creation_tokens": 800}}
NEWER = {
    "input_tokens": 1000, "input_tokens_details": {"cached_tokens": 900},
    "output_tokens": 30, "output_tokens_details": {"reasoning_tokens": 20},
}  # fmt: skip
CONVERSE = {"inputTokens": 10, "outputTokens": 3, "cacheReadInputTokens": 90}

USAGES = {
    "LiteLLM with details": (counted(1000, 3, **ANTHROPICS, **DETAILS), Usage(1000, 3, 100, 800)),
    "LiteLLM without details": (counted(1000, 3, **ANTHROPICS), Usage(1000, 3, 100, 800)),
    "Anthropic, whose input leaves out the cache": (
        {"input_tokens": 100, "output_tokens": 3, **ANTHROPICS}, Usage(1000, 3, 100, 800),
    ),
    "Converse, whose input does too": (CONVERSE, Usage(100, 3, 90)),
    "the newer API": (NEWER, Usage(1000, 30, 900, None, 20)),
    "SGLang, with thinking on top": (counted(10, 30, reasoning_tokens=20), Usage(10, 30, None, None, 20)),
    "Perplexity, with more thinking than it wrote": (counted(10, 30, reasoning_tokens=900), Usage(10, 30)),
    "Mistral": (counted(1000, 3, num_cached_tokens=900), Usage(1000, 3, 900)),
    "camels": ({"promptTokens": 10, "completionTokens": 3}, Usage(10, 3)),
}  # fmt: skip
ELSEWHERE = {
    "Bedrock's metrics": (
        {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 10, "outputTokenCount": 3}}, Usage(10, 3),
    ),
    "timings of llama.cpp": ({"timings": {"cache_n": 4, "prompt_n": 6, "predicted_n": 3}}, Usage(10, 3, 4)),
    "timings of an older llama.cpp": ({"timings": {"prompt_n": 6, "predicted_n": 3}}, Usage(None, 3)),
}  # fmt: skip

ROWS = (
    *(
        Reported(f"counts of {name}", sse(ch("Hi", "stop"), chunk([], usage=told)), "complete", "Hi", usage=usage)
        for name, (told, usage) in USAGES.items()
    ),
    *(
        Reported(f"counts in {name}", sse(ch("Hi", "stop"), chunk([], **told)), "complete", "Hi", usage=usage)
        for name, (told, usage) in ELSEWHERE.items()
    ),
)
