"""What a host's configuration adds to the requests of every SDK: headers, fields of the body, and what is omitted.

Owns rewriting a request that an SDK has built. Knows no vendor: a request for an answer is recognised by a field that
all of them have, a conversation under some name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

_ASKS = ("messages", "input", "contents", "prompt")


@dataclass(frozen=True, slots=True)
class Additions:
    """Empty unless the host's configuration adds something."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str = field(default="", repr=False)
    """JSON; objects are merged into those of the request, any other value replaces what the SDK wrote."""
    without: tuple[str, ...] = ()
    """Fields of the body that are omitted."""
    path: tuple[str, str] | None = None
    """A part of the path and its replacement; the query is then removed too."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields added to the body."""
        return tuple(json.loads(self.body)) if self.body else ()

    async def to(self, request: Any, http: Any) -> Any:
        """`request`, of the HTTP library `http`, with the additions."""
        for name, value in self.headers:
            request.headers[name] = value
        if request.method != "POST" or not (self.body or self.without or self.path):
            return request
        content = self._rewritten(await request.aread())
        url = request.url
        if self.path is not None and self.path[0] in url.path:
            url = url.copy_with(path=url.path.replace(*self.path), query=None)
        headers = [(name, value) for name, value in request.headers.multi_items() if name != "content-length"]
        return http.Request(request.method, url, headers=headers, content=content, extensions=request.extensions)

    def _rewritten(self, content: bytes) -> bytes:
        sent: object = json.loads(content) if content[:1] == b"{" else None
        if not isinstance(sent, dict) or not any(name in sent for name in _ASKS):
            return content
        fields = cast(dict[str, object], sent)
        merged = _merged(fields, json.loads(self.body) if self.body else {})
        return json.dumps({name: value for name, value in merged.items() if name not in self.without}).encode()


def _merged(sent: Mapping[str, object], added: Mapping[str, object]) -> dict[str, object]:
    merged = dict(sent)
    for name, value in added.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(cast(Mapping[str, object], before), cast(Mapping[str, object], value))
        else:
            merged[name] = value
    return merged
