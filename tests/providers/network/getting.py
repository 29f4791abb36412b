"""One GET through the guarded transport, and a body that has everything there is to clean."""

import pytest

from providers import errors
from providers.network.exchange import Exchange, exchange
from providers.network.transport import guarded_client

TEXT = 'data: {"a":"é\u2028b 🌍"}\r\n\r\ndata: x\r\rdata: y\n\n'.encode()
CLEAN = 'data: {"a":"é\\u2028b 🌍"}\n\ndata: x\n\ndata: y\n\n'.encode()


async def get(http, url: str, seen: Exchange | None, **options):
    """One GET through the guarded transport, within the attempt `seen`."""
    token = exchange.set(seen)
    try:
        async with guarded_client(http, **options) as client:
            return await client.get(url)
    finally:
        exchange.reset(token)


async def failed_get(http, url: str) -> errors.Failure:
    with pytest.raises(errors.ProviderError) as caught:
        await get(http, url, Exchange(clock=float))
    return caught.value.failure
