"""The names used in files: OpenTelemetry's if it has one for exactly that, else the glossary's."""

from __future__ import annotations

from collections.abc import Mapping

OPENTELEMETRY: Mapping[str, str] = {
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "response_model": "gen_ai.response.model",
    "response_id": "gen_ai.response.id",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "cache_read_tokens": "gen_ai.usage.cache_read.input_tokens",
    "cache_write_tokens": "gen_ai.usage.cache_creation.input_tokens",
    "reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
    "error_kind": "error.type",
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "seed": "gen_ai.request.seed",
    "stop": "gen_ai.request.stop_sequences",
}
"""Columns of the record, and settings. OpenTelemetry's time to the first chunk is not among them, as it counts empty
chunks and our `time_to_first_chunk_s` does not; nor are its finish reasons, which are a list."""


def file_name_of(column: str) -> str:
    """The name in files for a column of the record."""
    return OPENTELEMETRY.get(column, column)
