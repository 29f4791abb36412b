"""Stop reasons in the words of vendors and gateways: one table for every wire format.

Owns what each word means and how far it can be trusted. A word that is not in the table means that the end is not
known, never that the answer is complete.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from functools import cache
from typing import TypeVar, cast

from providers.errors import ProviderError
from providers.interface import Stop

LINGER_S = 30.0
"""How many seconds a stream may stay open and silent after a stop reason before it counts as ended."""

_WORDS: Mapping[Stop, str] = {
    "stop": """
        stop end_turn stop_sequence eos eos_token eos_token_id end_of_sequence end_of_text end_of_turn end stop_token
        stop_word stop_words complete completed finish finished done success normal natural no_image
        eos_found stop_string_found stop_criteria_met
    """,
    "length": """
        length max_tokens max_token max_len max_context max_output_tokens max_completion_tokens max_new_tokens
        max_length model_length
        token_limit token_limit_reached length_limit limit context_length context_window_exceeded
        context_length_exceeded model_context_window_exceeded continuation output_limit
        max_tokens_reached max_predicted_tokens_reached context_length_reached model_context_length_exceeded error_limit
    """,
    "filter": """
        content_filter content_filtered content_filtering filter filtered safety recitation blocklist
        prohibited_content spii language escalation model_armor image_safety image_prohibited_content
        image_recitation sensitive sensitive_content moderation moderated blocked guardrail guardrails
        guardrail_intervened guardrail_blocked toxic error_toxic content_policy content_policy_violation
        data_inspection_failed
    """,
    "refusal": "refusal refused refuse",
    "tool": """
        tool tools tool_call tool_calls tool_use function function_call function_calls unexpected_tool_call
        too_many_tool_calls malformed_function_call
    """,
    "pause": "pause pause_turn paused load",
    "error": """
        error engine_error server_error internal_error internal_server_error network_error connection_error
        abort aborted cancel cancelled canceled interrupted insufficient_system_resource
        insufficient_system_resources insufficient_resources timeout timed_out time_limit deadline_exceeded unload
        malformed_response model_error repetition repetition_truncation preempted user_cancel
        failed user_stopped model_unloaded
    """,
}  # `language` is Gemini's "unsupported language", `no_image` its end without the requested picture;
# Ollama's `load` and `unload`: the model was only loaded, or was unloaded
_NO_WORDS = frozenset({"", "null", "none", "undefined", "unspecified", "not_finished", "unfinished", "in_progress"})
"""What hosts write on every piece that is not the last, or if they do not know a reason."""
_MEANINGS: Mapping[str, Stop] = {word: stop for stop, words in _WORDS.items() for word in words.split()}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

Piece = TypeVar("Piece")


@cache
def meaning(reason: str) -> Stop:
    """The meaning of a vendor's stop reason in any spelling: `MAX_TOKENS`, `maxTokens`, `max-tokens`."""
    return _MEANINGS.get(_plain(reason), "other")


def _plain(reason: str) -> str:
    word = re.sub(r"[\s.-]+", "_", _HUMP.sub("_", reason.strip())).lower()
    return re.sub(r"^(?:finish_?)?reason_", "", word)


class Ending:
    """What one stream has said about its end so far. A reason is only a hint: text may follow, and still counts."""

    def __init__(self) -> None:
        self.reason: str | None = None
        """The vendor's reason that is valid so far."""
        self.why = ""
        """The vendor's explanation of the reason, in a sentence; empty if there is none."""
        self.doubted = False
        """Whether text followed a reason, so that a reason in this stream proves nothing by itself."""
        self._passed = False
        self.called = False
        """Whether a tool was called: some vendors give the same reason for this as for a complete answer."""

    @property
    def likely(self) -> bool:
        """Whether the latest message was a reason, not refuted by later text:
        if the stream breaks now, the answer was over."""
        return self.reason is not None and not self.doubted

    @property
    def stop(self) -> Stop:
        """The meaning of the reason; `other` without one."""
        stop = "other" if self.reason is None else meaning(self.reason)
        return "tool" if self.called and stop == "stop" else stop

    def survives(self, exc: Exception) -> bool:
        """Whether the answer was complete although `exc` broke its stream.

        Failures that the host itself reports count.
        """
        told = isinstance(exc, ProviderError) and exc.failure.kind != "protocol"
        return self.likely and not told

    def text_came(self) -> None:
        """Note that a piece of the answer or of the thinking arrived."""
        if self.reason is not None:
            self.doubted = self._passed = True

    def told(self, reason: object, why: object = None) -> None:
        """Note that a reason arrived. Unless blank, it replaces a plain `stop`, and an earlier one that text has
        followed.

        `reason`: a word, an object with the word as its type, or a list of them. `why`: the vendor's explanation, in a
        sentence.
        """
        if isinstance(reason, list):
            reason = next(iter(cast(list[object], reason)), None)
        if isinstance(reason, Mapping):  # SGLang: {"type": "abort", "message": "..."}
            fields = cast(Mapping[str, object], reason)
            reason, why = fields.get("type"), why or fields.get("message")
        word = "" if reason is None else str(reason).strip()
        if _plain(word) not in _NO_WORDS and (self.reason is None or self._passed or meaning(self.reason) == "stop"):
            self.reason, self._passed = word, False
            self.why = why.strip() if isinstance(why, str) else ""


async def until_quiet(pieces: AsyncIterable[Piece], ending: Ending) -> AsyncGenerator[Piece]:
    """`pieces`; once their end is likely, only as long as the next arrives within `LINGER_S`."""
    rest = pieces if isinstance(pieces, AsyncIterator) else aiter(pieces)  # else one more step for each piece
    while True:
        limit = asyncio.timeout(LINGER_S) if ending.likely else None
        try:
            if limit is None:  # the usual case costs nothing
                piece = await anext(rest)
            else:
                async with limit:
                    piece = await anext(rest)
        except StopAsyncIteration:
            return
        except TimeoutError:
            if limit is None or not limit.expired():
                raise
            return
        yield piece
