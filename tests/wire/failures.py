"""Failures as vendors, gateways and frameworks tell them: in error responses and inside HTTP 200.

Each body with the kind it is and the sentence that is to be shown. The shapes are public; the texts are ours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from providers.errors import Kind


@dataclass(frozen=True, slots=True)
class Told:
    """One JSON document that tells a failure."""

    document: Any
    kind: Kind
    sentence: str


TOLD = (
    Told({"error": {"message": "It broke", "type": "server_error"}}, "server", "It broke"),
    Told({"error": "It broke"}, "server", "It broke"),
    Told({"error": {"error": {"message": "It broke"}}}, "server", "It broke"),
    Told({"error": ["It broke"]}, "server", "It broke"),
    Told({"object": "error", "message": "It broke", "type": "InternalServerError", "code": 500}, "server", "It broke"),
    Told({"type": "error", "error": {"type": "overloaded_error", "message": "Full"}}, "overloaded", "Full"),
    Told({"type": "error", "message": "It broke"}, "server", "It broke"),
    Told({"choices": None, "error_type": "RateLimitError", "error_message": "Slow down"}, "rate_limit", "Slow down"),
    Told({"error_code": 429, "error_msg": "Slow down"}, "rate_limit", "Slow down"),
    Told({"errorCode": "AccessDenied", "errorMessage": "Not for you"}, "permission", "Not for you"),
    Told({"success": False, "errors": [{"code": 7009, "message": "no route"}], "result": None}, "server", "no route"),
    Told({"success": False, "message": "It broke"}, "server", "It broke"),
    Told({"detail": "It broke"}, "server", "It broke"),
    Told({"detail": [{"loc": ["body", "seed"], "msg": "must be an integer", "type": "int"}]}, "server",
         "seed: must be an integer"),
    Told({"base_resp": {"status_code": 1002, "status_msg": "too fast"}, "choices": None}, "rate_limit", "too fast"),
    Told({"code": "Throttling", "message": "too fast", "request_id": "r"}, "rate_limit", "too fast"),
    Told({"status": "error", "message": "It broke"}, "server", "It broke"),
    Told({"internalServerException": {"message": "It broke"}}, "server", "It broke"),
    Told({"throttlingException": {"message": "Too many tokens, please wait."}}, "rate_limit",
         "Too many tokens, please wait."),
    Told({"__type": "com.amazon#ThrottlingException", "message": "too fast"}, "rate_limit", "too fast"),
    Told({"error": json.dumps({"error": {"message": "no credit", "code": "insufficient_quota"}})}, "quota",
         "no credit"),
    Told({"error": {"message": "Error code: 400 - {'error': {'message': 'It broke', 'code': None}}", "code": 400}},
         "bad_request", "It broke"),
    Told({"error": {"message": "Provider returned error", "code": 502,
                    "metadata": {"raw": '{"error":{"message":"asleep","code":503}}', "provider_name": "X"}}},
         "overloaded", "asleep"),
    Told({"error": {"message": "<html><head><title>504 Gateway Time-out</title></head></html>"}}, "timeout",
         "504 Gateway Time-out"),
    Told({"status": 500, "message": "It broke"}, "server", "It broke"),
    Told({"statusCode": 429, "message": "Slow down"}, "rate_limit", "Slow down"),
    Told({"Error": {"Message": "Slow down", "Code": "Throttling"}}, "rate_limit", "Slow down"),
    Told({"exception": "It broke"}, "server", "It broke"),
    Told({"failure": {"message": "It broke"}}, "server", "It broke"),
    Told({"fault": {"faultstring": "It broke"}}, "server", "It broke"),
    Told({"result": {"error": {"message": "It broke"}}}, "server", "It broke"),
    Told({"data": {"error": "It broke"}}, "server", "It broke"),
    Told({"type": "error", "data": {"message": "It broke"}}, "server", "It broke"),
    Told({"error": {"code": "content_filter", "message": "The response was filtered"}}, "filtered",
         "The response was filtered"),
)  # fmt: skip
"""Each in the place of an answer, as an event or as the whole body, and in any wire format."""

HARMLESS = (
    {"error": None}, {"error": ""}, {"error": {}}, {"error": False}, {"errors": []}, {"success": True},
    {"base_resp": {"status_code": 0, "status_msg": ""}}, {"error_code": 0, "error_msg": ""}, {"detail": None},
    {"status": 200, "message": ""}, {"exception": None}, {"failure": ""}, {"fault": {}}, {"result": {"error": None}},
)  # fmt: skip
"""Fields with which hosts say that nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error response."""

    status: int
    body: bytes
    kind: Kind
    message: str
    parameter: str | None = None


def _error(message: Any, **more: Any) -> bytes:
    return json.dumps({"error": {"message": message, **more}}).encode()


_RAW = {"error": {"message": "max_tokens is too large: 200000", "type": "invalid_request_error", "code": None}}
_PAGE = b"<!DOCTYPE html>\n<html><head><title>host.example | 524: A timeout occurred</title></head><body>Ray</body>"
_BLOCKED = b"<html><head><title>Access denied</title><style>b{}</style></head><body><h1>Sorry</h1></body></html>"
_XML = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
_LMSTUDIO = 'Failed to load model "big-70b". Error: insufficient system resources'
_TGI = "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000"
_TGI_SUM = "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. Given: 9000"
_AZURE = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. "
    "Please modify your prompt and retry."
)
_MODERATED = 'x/y requires moderation on Anthropic. Your input was flagged for "violence". No credits were charged.'
_LITELLM = (
    "litellm.RateLimitError: RateLimitError: OpenAIException - "
    '{"error": {"message": "Slow down", "type": "requests", "code": "rate_limit_exceeded"}}'
)
_MANY = [{"loc": ["body", "messages", n, "content"], "msg": "field required", "type": "missing"} for n in range(5)]

REFUSALS = (
    Refusal(400, _error("Provider returned error", code=400, metadata={"raw": json.dumps(_RAW), "provider_name": "X"}),
            "bad_request", "max_tokens is too large: 200000"),
    Refusal(429, _error("Provider returned error", code=429, metadata={"raw": "x/y is rate-limited upstream"}),
            "rate_limit", "x/y is rate-limited upstream"),
    Refusal(502, _error("Provider returned error", code=502, metadata={"raw": _PAGE.decode()}), "server",
            "host.example | 524: A timeout occurred"),
    Refusal(403, _error(_MODERATED, code=403, metadata={"reasons": ["violence"], "flagged_input": "x"}), "filtered",
            _MODERATED),
    Refusal(400, _error(_AZURE, type=None, param="prompt", code="content_filter", status=400,
                        innererror={"code": "ResponsibleAIPolicyViolation"}), "filtered", _AZURE, "prompt"),
    Refusal(400, b'{"code":"DataInspectionFailed","message":"Input data may contain inappropriate content."}',
            "filtered", "Input data may contain inappropriate content."),
    Refusal(400, _error("Content Exists Risk", type="invalid_request_error"), "filtered", "Content Exists Risk"),
    Refusal(422, json.dumps({"detail": _MANY}).encode(), "bad_request",
            "messages.0.content: field required; messages.1.content: field required; messages.2.content: field "
            "required; and 2 more", "messages.0.content"),
    Refusal(422, b'{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],'
                 b'"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error"}',
            "bad_request", "seed: Extra inputs are not permitted", "seed"),
    Refusal(502, b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502</h1></body></html>", "server",
            "HTTP 502: 502 Bad Gateway"),
    Refusal(524, _PAGE, "timeout", "HTTP 524: host.example | 524: A timeout occurred"),
    Refusal(403, _BLOCKED, "permission", "HTTP 403: Access denied"),
    Refusal(403, _XML, "permission", "HTTP 403: Access Denied"),
    Refusal(500, b"<h1>It &amp; broke</h1>", "server", "HTTP 500: It & broke"),
    Refusal(404, b"404 page not found", "not_found", "HTTP 404: 404 page not found"),
    Refusal(404, b'{"timestamp":"2026","status":404,"error":"Not Found","message":"no route","path":"/v1"}',
            "not_found", "no route"),
    Refusal(404, b'{"success":false,"errors":[{"code":7003,"message":"No route for that URI"}],"messages":[]}',
            "not_found", "No route for that URI"),
    Refusal(404, _error(_LMSTUDIO), "server", _LMSTUDIO),
    Refusal(422, json.dumps({"error": _TGI, "error_type": "validation"}).encode(), "context_length", _TGI),
    Refusal(422, json.dumps({"error": _TGI_SUM, "error_type": "validation"}).encode(), "context_length", _TGI_SUM),
    Refusal(400, b'{"message":"The provided model identifier is invalid."}', "not_found",
            "The provided model identifier is invalid."),
    Refusal(500, _error(_LITELLM, type=None, code="500"), "rate_limit", "Slow down"),
    Refusal(400, json.dumps({"error": {"message": '{"error": "model requires more system memory"}'}}).encode(),
            "server", "model requires more system memory"),
    Refusal(400, b'"just a text"', "bad_request", "just a text"),
    Refusal(401, b'{"error":"invalid_grant","error_description":"The token has expired"}', "auth",
            "The token has expired"),
)  # fmt: skip
