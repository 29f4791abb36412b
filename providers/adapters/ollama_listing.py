"""Reads Ollama's list and model details: names, context sizes, and which models can be asked. Pure."""

from __future__ import annotations

import re
from typing import Any

from providers.interface import ModelInfo


def full_name(model: str) -> str:
    """`model` with its tag; without one, Ollama uses `latest`."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def info(model: Any, shown: Any, loaded_tokens: int | None) -> ModelInfo:
    """A model in the list. `shown`: details of its file, if any;
    `loaded_tokens`: the context it is loaded with, if it is."""
    details = model.details
    capabilities: list[str] | None = shown and shown.capabilities
    return ModelInfo(
        model.model, context_tokens=_context_in(shown), served_tokens=loaded_tokens or _context_set(shown),
        capabilities=None if capabilities is None else tuple(capabilities), size_bytes=model.size,
        quantization=details.quantization_level if details else None,
        parameters=details.parameter_size if details else None,
    )  # fmt: skip


def answers(shown: Any) -> bool:
    """Whether it can be asked for text, as far as is known."""
    capabilities: list[str] = (shown and shown.capabilities) or []
    return not capabilities or "completion" in capabilities


def draws(shown: Any) -> bool:
    """Whether its server says that it makes pictures (a model that can read them has `vision`)."""
    return "image" in ((shown and shown.capabilities) or ())


def _context_in(shown: Any) -> int | None:
    """The largest context of the model, in tokens; `None` if not reported."""
    facts: dict[str, Any] = (shown and shown.modelinfo) or {}
    return next((v for k, v in facts.items() if k.endswith(".context_length") and isinstance(v, int)), None)


def _context_set(shown: Any) -> int | None:
    """The context that the model's file sets, in a parameter line such as `num_ctx 8192`; `None` if it sets none."""
    found = re.search(r"^num_ctx\s+(\d{1,9})\s*$", str((shown and shown.parameters) or ""), re.MULTILINE)
    return int(found[1]) if found else None
