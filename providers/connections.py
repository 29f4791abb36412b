"""Where models are reached: one `Connection` per provider, from presets, configuration and environment.

Owns the reading of environment variables and of `collate.toml`: they are read here once and passed
on explicitly, so that no SDK reads them behind our back.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from platformdirs import user_config_path

from providers.secrets import Secret

Kind = Literal["builtin", "openai", "anthropic", "google", "ollama"]
Api = Literal["responses", "chat"]


@dataclass(frozen=True, slots=True)
class Connection:
    """One way to reach one provider."""

    name: str
    """The provider's word in `provider:model`."""
    kind: Kind
    """Whose wire format is spoken; `openai` covers every compatible host."""
    label: str
    base_url: str = ""
    key: Secret | None = None
    key_variable: str = ""
    """The environment variable that holds the key; empty where none is needed."""
    needs_key: bool = True
    local: bool = False
    api: Api = "chat"
    """For kind `openai`: which of the two APIs. Responses for OpenAI itself, Chat Completions elsewhere."""
    api_version: str | None = None
    """For kind `google`: the path of the API version; `None` = v1beta, which also serves previews."""
    proxy: str | None = None
    first_byte_s: float = 60.0

    @property
    def usable(self) -> bool:
        """Whether a request could be sent, as far as is known without asking."""
        return self.key is not None or not self.needs_key


class ConfigurationError(ValueError):
    """`collate.toml` or the environment says something that cannot be followed; the message says which line and why."""
