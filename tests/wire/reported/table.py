"""All reported streams, by the name of the dialect that plays them."""

from tests.wire.reported import (
    anthropic,
    anthropic_odd,
    chat_counts,
    chat_ends,
    chat_failures,
    chat_natives,
    chat_odd,
    chat_shapes,
    chat_thinking,
    chat_wrappings,
    google,
    ollama,
    responses,
    responses_ends,
)

REPORTED = {
    "openai, Chat Completions": (
        *chat_ends.ROWS, *chat_failures.ROWS, *chat_wrappings.ROWS, *chat_shapes.ROWS, *chat_odd.ROWS,
        *chat_counts.ROWS, *chat_thinking.ROWS, *chat_natives.ROWS,
    ),
    "openai, Responses": (*responses.ROWS, *responses_ends.ROWS),
    "anthropic": (*anthropic.ROWS, *anthropic_odd.ROWS),
    "google": google.ROWS,
    "ollama": ollama.ROWS,
}  # fmt: skip
