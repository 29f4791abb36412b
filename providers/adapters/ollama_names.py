"""Names of Ollama's models, as its server and its users write them."""

from __future__ import annotations


def full_name(model: str) -> str:
    """`model` with its tag: without one, Ollama means `latest`."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"
