"""What can go wrong, as a closed set.

    ProviderError                what adapters and the transport raise; carries one Failure
    Failure                      kind, the vendor's own sentence (redacted), status, request id, retry-after
        missing_key auth permission quota          the key
        not_found bad_request too_large context_length protocol redirect     the request or the address
        rate_limit overloaded server filtered      the vendor
        timeout connection tls local_unavailable   the way there
        too_long                                   our own byte budget

Owns the taxonomy, the one line that says what to do next, and what an exception means: those of SDKs
are recognised by name along the chain of causes, so no SDK is imported here. What vendors write in
their error bodies is read by `vendor_errors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from json import JSONDecodeError
from socket import gaierror
from typing import TYPE_CHECKING, Literal

from providers.secrets import redact

if TYPE_CHECKING:
    from providers.interface import Done

Kind = Literal[
    "missing_key", "auth", "permission", "not_found", "bad_request", "too_large", "context_length",
    "rate_limit", "quota", "overloaded", "server", "filtered", "timeout", "connection", "tls", "redirect",
    "protocol", "too_long", "local_unavailable",
]  # fmt: skip

Retry = Literal["yes", "ask", "no"]

NEXT_STEP: Mapping[Kind, str] = {
    "missing_key": "Set {key_variable} in the environment, or type a key under Settings.",
    "auth": "The key was not accepted by {provider}. Check it where it is set, or under Settings.",
    "permission": "This key may not use {model}. Choose another model or ask the account's owner.",
    "not_found": "{provider} does not know {model}. Check the name, or the address {endpoint}.",
    "bad_request": "Change the setting that the message names, or run without it.",
    "too_large": "The request is too large for {provider}. Shorten the prompt.",
    "context_length": "The prompt does not fit into the context of {model}. Shorten it or choose a larger model.",
    "rate_limit": "{provider} limits the rate. Wait a moment, then retry.",
    "quota": "No credit or quota left at {provider}. Check billing there.",
    "overloaded": "{provider} is overloaded. Retry in a moment.",
    "server": "{provider} failed on its side. Retry; if it persists, look at its status page.",
    "filtered": "{provider} withheld an answer to this prompt. Reword it, or ask another model.",
    "timeout": "{provider} took too long. Retry, or raise the time limit in collate.toml.",
    "connection": "No connection to {endpoint}. Check the network and the address.",
    "tls": "The certificate of {endpoint} was not trusted. A company's own belongs in collate.toml: [network] ca_file.",
    "redirect": "{endpoint} redirects elsewhere. Set the address it names, if you trust it.",
    "protocol": "Nothing that {endpoint} sent can be read as an answer. Check its address and how it is set up "
    "(a proxy may be in between), or ask another model or host.",
    "too_long": "The answer exceeded our limit and was stopped. Set a smaller maximum of output tokens.",
    "local_unavailable": "Nothing answers at {endpoint}. Start the server there (Ollama: `ollama serve`), then retry.",
}

_OWN_PATHS = ("anthropic", "google", "ollama")
"""Providers whose base URL has no path."""

# Only what was certainly not generated may be repeated automatically; what may be charged needs consent.
_RETRY_YES = frozenset({"rate_limit", "overloaded", "server", "connection", "local_unavailable"})
_RETRY_ASK = frozenset({"timeout"})


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure, in our words and the vendor's. Safe to show, store and export."""

    kind: Kind
    message: str
    """The vendor's own message if there is one, with keys removed."""
    status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    parameter: str | None = None
    """The parameter that the vendor objects to, in its spelling."""
    retry: Retry = "no"

    def next_step(self, *, provider: str, model: str, endpoint: str, key_variable: str = "the key") -> str:
        """One line on what to do next."""
        if self.kind == "not_found" and not self.is_of_model(model):
            base = "" if provider in _OWN_PATHS else " A base URL of most hosts ends with /v1."
            return f"Check the address {endpoint}: nothing is at the path that was asked there.{base}"
        if self.kind == "not_found" and provider == "ollama":
            return f"Run `ollama pull {model}`, or choose a model that is installed."
        if self.kind == "server" and _MEMORY.search(self.message):
            return (
                f"The machine at {endpoint} has not enough free memory for {model}. Free some, or choose a smaller one."
            )
        if self.kind == "connection" and self.retry == "ask":
            return f"The connection to {endpoint} was lost after the request had left."
        return NEXT_STEP[self.kind].format(provider=provider, model=model, endpoint=endpoint, key_variable=key_variable)

    def is_of_model(self, model: str) -> bool:
        """Whether it is about a model; a server that does not know the path does not mention one."""
        said = self.message.lower()
        return model.lower() in said or any(word in said for word in ("model", "deployment", "endpoints found"))


_MEMORY = re.compile(r"memory|insufficient (?:system )?resources|\boom\b", re.IGNORECASE)


class ProviderError(Exception):
    """A failure on its way to the handler in `measure.py`.

    `done`: what the vendor reported about the answer nevertheless.
    """

    def __init__(self, failure: Failure, done: Done | None = None) -> None:
        super().__init__(failure.message)
        self.failure, self.done = failure, done


def failure(
    kind: Kind,
    message: str,
    *,
    status: int | None = None,
    request_id: str | None = None,
    retry_after_s: float | None = None,
    parameter: str | None = None,
    retry: Retry | None = None,
) -> Failure:
    """A `Failure` with the message redacted and made printable; unless given, `retry` follows from the kind."""
    usual: Retry = "yes" if kind in _RETRY_YES else "ask" if kind in _RETRY_ASK else "no"
    request_id, parameter = (text and _one_line(text) for text in (request_id, parameter))
    return Failure(kind, _one_line(message), status, request_id, retry_after_s, parameter, retry or usual)


def error(kind: Kind, message: str) -> ProviderError:
    """A `ProviderError` of that kind, ready to raise."""
    return ProviderError(failure(kind, message))


def from_exception(exc: BaseException) -> Failure:
    """Any exception as a failure: ours if one is in the chain of causes, else by the exception's well-known name."""
    chain = list(_chain(exc))
    for link in chain:
        if isinstance(link, ProviderError):
            return link.failure
    names = {cls.__name__ for link in chain for cls in type(link).__mro__}
    detail = in_words(next((str(link) for link in reversed(chain) if str(link)), type(exc).__name__))
    if "RemoteProtocolError" in names:
        lost = "disconnected" in detail or "closed connection" in detail
        no_http = detail.startswith(("illegal status line", "illegal request line"))  # not HTTP: not asked
        return failure("connection" if lost else "protocol", detail, retry="no" if no_http else "ask")
    for known, kind, sentence, retry in _BY_NAME:
        if names & known:
            return failure(kind, sentence.format(detail=detail), retry=retry)
    return failure("protocol", f"{type(exc).__name__}: {detail}")


# The order matters: a DNS failure is also a ConnectError; a connect timeout is also a timeout, and an SSLError if
# it occurred in the handshake.
_BY_NAME: tuple[tuple[frozenset[str], Kind, str, Retry | None], ...] = (
    (frozenset({"JSONDecodeError"}), "protocol", "a part of the answer cannot be read: it is not JSON", "ask"),
    (frozenset({"ConnectTimeout"}), "timeout", "no connection within the limit", "yes"),
    (frozenset({"SSLError", "SSLCertVerificationError"}), "tls", "{detail}", None),
    (frozenset({"gaierror"}), "connection", "cannot find the host ({detail})", "yes"),
    (frozenset({"TimeoutException", "TimeoutError", "APITimeoutError"}), "timeout", "{detail}", "ask"),
    (frozenset({"ConnectError", "ConnectionRefusedError"}), "connection", "no connection: {detail}", "yes"),
    (
        frozenset({"DecodingError", "LocalProtocolError", "UnsupportedProtocol", "InvalidURL"}),
        "protocol",
        "{detail}",
        None,
    ),
    (frozenset({"NetworkError", "ConnectionError", "APIConnectionError"}), "connection", "{detail}", "ask"),
)


def partial_usage(exc: BaseException) -> Done | None:
    """What the vendor reported about an answer that failed, so that its tokens are counted."""
    return next((link.done for link in _chain(exc) if isinstance(link, ProviderError)), None)


def as_local_failure(failed: Failure, exc: BaseException) -> Failure:
    """`failed` as it applies to a server on the user's own machine: one that refuses connections is not running."""
    never_sent = failed.kind == "connection" and failed.retry == "yes"
    no_such_host = any(isinstance(link, gaierror) for link in _chain(exc))
    return replace(failed, kind="local_unavailable") if never_sent and not no_such_host else failed


def is_expected(failed: Failure, exc: BaseException) -> bool:
    """Whether `exc` is a failure of the outside world, rather than possibly a defect of ours."""
    return failed.kind != "protocol" or any(isinstance(link, ProviderError | JSONDecodeError) for link in _chain(exc))


def in_words(message: str) -> str:
    """Python's message about a connection in plain words, without error numbers and tuples."""
    return _REFUSED.sub(r"nothing accepts connections at \1:\2", _ERRNO.sub("", message))


_ERRNO = re.compile(r"\[(?:Errno|WinError) -?\d+\] ")
_REFUSED = re.compile(r"Connect call failed \('([^']+)', (\d+)(?:, \d+, \d+)?\)")


def _chain(exc: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _one_line(text: str) -> str:
    """The text redacted, on one line, with control and direction characters escaped, at most 2,000 characters."""
    flat = " ".join(redact(text).split())[:2000]
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in flat)
