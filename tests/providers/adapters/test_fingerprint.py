"""What is taken for a word of what served an answer."""

import pytest

from providers.adapters.fingerprint import fingerprint


@pytest.mark.parametrize("said", [None, "", "unknown", "not_available", 7, ["fp"], {"a": "b"}])
def test_what_is_not_told_is_absent(said: object) -> None:
    assert fingerprint(system_fingerprint=said, service_tier="default") == {"service_tier": "default"}
