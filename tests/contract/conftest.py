"""What the suite needs to ask a vendor at a test server's address as at its own."""

import pytest

from providers.adapters.openai_images import OpenAIImages


@pytest.fixture(autouse=True)
def own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenAI alone is asked to stream pictures, and that is told by its address."""
    monkeypatch.setattr(OpenAIImages, "at_openai", property(lambda self: self.name == "openai"))
