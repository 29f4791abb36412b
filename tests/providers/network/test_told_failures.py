"""Which documents are worth parsing for a failure: a picture is not, whatever letters its base64 has."""

from __future__ import annotations

import pytest

from providers.network.told_failures import may_tell

LONG = b"rr,ail,xception" * 10_000


@pytest.mark.parametrize(
    ("document", "worth"),
    [
        (b'{"b64_json": "%b"}' % LONG, False),
        (b'{"b64_json": "%bException"}' % LONG, False),
        (b'{"b64_json": "%b", "error": {"message": "blocked"}}' % LONG, True),
        (b'{"error": "%b"}' % LONG, True),
        (b'{"type": "SafetyException", "b64_json": "%b"}' % LONG, True),
        (b'{"text": "a SafetyException"}', True),
    ],
)
def test_a_long_text_is_not_searched_but_what_is_beside_it(document: bytes, worth: bool) -> None:
    assert may_tell(b"", document) is worth
