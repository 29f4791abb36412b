"""Both of the HTTP libraries the SDKs use."""

import httpx
import httpx2
import pytest


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def http(request: pytest.FixtureRequest):
    return request.param
