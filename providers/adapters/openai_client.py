"""What both OpenAI adapters share: the client and the list of models.

Owns how the SDK is kept from reading its environment. The two answer formats are in `openai_responses.py` and
`openai_chat.py`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from providers import errors
from providers.adapters.base import SdkAdapter
from providers.adapters.plain_events import plain_events
from providers.adapters.token_alternatives import Candidate, candidates
from providers.config.connections import Connection
from providers.interface import Attachment, ModelInfo

# Compatible hosts have various names for the context window; OpenAI itself does not report it.
_CONTEXT_NAMES = ("context_window", "context_length", "max_context_length", "max_model_len")


class OpenAIAdapter(SdkAdapter):
    """Base of the adapters for OpenAI and for hosts with compatible APIs."""

    sdk = module = "openai"

    @property
    def at_openai(self) -> bool:
        """Whether the address is OpenAI's own, in any region."""
        host = urlsplit(self.endpoint).hostname or ""
        return host == "api.openai.com" or host.endswith(".api.openai.com")

    def make_client(self, http_client: Any) -> Any:
        """See `SdkAdapter`. By default the SDK would add organisation, project and headers from its environment."""
        from openai import AsyncAzureOpenAI, AsyncOpenAI

        key = self.connection.key
        own: dict[str, Any] = {
            "api_key": key.reveal() if key else "none", "admin_api_key": "", "webhook_secret": "", "max_retries": 0,
            "http_client": http_client,
        }  # fmt: skip
        if (azure := _classic_azure(self.connection)) is not None:
            client = AsyncAzureOpenAI(**azure, **own)
        else:
            query = dict(self.connection.query) or None
            client = AsyncOpenAI(base_url=self.connection.base_url, default_query=query, **own)
        client.organization = client.project = None
        cast(Any, client)._custom_headers = {}  # there is no public way to leave them out
        return client

    async def events(self, client: Any, path: str, body: Mapping[str, object]) -> Any:
        """The open stream of the answer to `body`, each item one parsed document."""
        from openai import AsyncStream

        return await plain_events(client, path, body, AsyncStream[object])

    async def models(self) -> tuple[ModelInfo, ...]:
        """The live list. Read raw, as its shape differs between hosts, and the SDK takes `{}` for an empty list."""
        client = await self.ready_client()
        raw = await client.models.with_raw_response.list()
        try:
            body: Any = json.loads(raw.text)
        except ValueError as exc:
            raise errors.error("protocol", "the list of models is not JSON") from exc
        entries: Any = cast(Mapping[str, Any], body).get("data") if isinstance(body, dict) else body
        if not isinstance(entries, list):
            raise errors.error("protocol", "the answer is not a list of models")
        return tuple(info for entry in cast(list[Any], entries) if (info := _model_info(entry)))


def _classic_azure(connection: Connection) -> dict[str, str] | None:
    """Client options for Azure's dated API (`api-version`, deployment in the path, key in its own header).

    `None` for any other address; Azure's newer `/openai/v1` is like OpenAI's.
    """
    query = dict(connection.query)
    if "api-version" not in query or connection.base_url.endswith("/v1"):
        return None
    endpoint, _, deployment = connection.base_url.partition("/openai")
    told = {"azure_endpoint": endpoint, "api_version": query["api-version"]}
    name = deployment.removeprefix("/deployments/").strip("/")
    return told | ({"azure_deployment": name} if name else {})


def _model_info(entry: Any) -> ModelInfo | None:
    if not isinstance(entry, dict):
        return None
    fields = cast(dict[str, Any], entry)
    name, retires = fields.get("id"), fields.get("shutdown_date")
    if not isinstance(name, str) or not name:
        return None
    context = next((fields[key] for key in _CONTEXT_NAMES if type(fields.get(key)) is int and fields[key] > 0), None)
    return ModelInfo(name, context_tokens=context, retires_on=retires[:10] if isinstance(retires, str) else None)


def data_url(attachment: Attachment) -> str:
    """The attachment as a data URL, which both formats accept."""
    return f"data:{attachment.media_type};base64,{b64encode(attachment.data).decode()}"


def alternatives(tokens: Any) -> tuple[Candidate, ...]:
    """The first of `tokens` and its likeliest alternatives."""
    first: Any = next(iter(tokens or ()), None)
    told: list[Any] = [first, *(getattr(first, "top_logprobs", None) or ())]
    return candidates((getattr(each, "token", None), getattr(each, "logprob", None)) for each in told)
