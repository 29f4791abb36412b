"""Who may speak over the channel, and what may be said."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
from pathlib import Path

import pytest

from prompts.asking import channel as channels
from prompts.asking.channel import Address, Channel, ChannelError, connect, listening
from prompts.core.plan import plan
from prompts.core.targets import Target
from providers import errors
from providers.config.connections import PRESETS, with_key
from providers.interface import Attachment
from providers.secrets import Secret
from tests.patience import patiently

KEY = bytes(range(32))


@pytest.fixture(params=["socket", "port"])
def socket(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A Unix socket, or none: then a port of this machine."""
    return tmp_path_factory.mktemp("s") / "s" if request.param == "socket" else None


async def echo(channel: Channel) -> None:
    while True:
        await channel.send(await channel.receive())


async def raw(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that has proved nothing yet."""
    if address.socket is not None:
        return await asyncio.open_unix_connection(address.socket)
    return await asyncio.open_connection("127.0.0.1", address.port)


async def test_what_is_said_comes_back_whole_and_in_order(socket: Path | None) -> None:
    said = [b"x" * 200_000, "", None, {"a": (1, 2.5)}, *range(50)]
    async with listening(echo, KEY, socket) as address:
        channel = await connect(address)
        for each in said:
            await channel.send(each)
        assert [await patiently(channel.receive()) for _ in said] == said
        await channel.close()


async def test_whoever_does_not_hold_the_key_is_refused(socket: Path | None) -> None:
    met = list[Channel]()

    async def meet(channel: Channel) -> None:
        met.append(channel)

    async with listening(meet, KEY, socket) as address:
        with pytest.raises(ChannelError):
            await patiently(connect(Address(address.socket, address.port, bytes(32))))
    assert met == []


async def test_a_host_that_does_not_hold_the_key_is_refused_though_it_says_yes(socket: Path | None) -> None:
    """As when another program has taken the port of an asking process that ended."""

    async def pretend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonce = await reader.readexactly(32)
        writer.write(nonce)  # ours sent back, and then our own proof
        writer.write(await reader.readexactly(hashlib.sha256().digest_size))
        writer.write(pickle.dumps("trust me"))
        writer.close()
        await writer.wait_closed()

    if socket is None:
        server = await asyncio.start_server(pretend, "127.0.0.1", 0)
        address = Address(None, server.sockets[0].getsockname()[1], KEY)
    else:
        server, address = await asyncio.start_unix_server(pretend, socket), Address(socket, 0, KEY)
    with pytest.raises(ChannelError, match="does not have the key"):
        await patiently(connect(address))
    server.close()


async def test_nothing_is_read_of_an_end_that_has_proved_nothing(
    socket: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: bytes) -> object:
        raise AssertionError("it was read")

    monkeypatch.setattr(pickle, "loads", never)
    async with listening(echo, KEY, socket) as address:
        reader, writer = await raw(address)
        writer.write(bytes(64) + (4).to_bytes(4, "big") + b"evil")
        challenge = await patiently(reader.read())  # until it hangs up
        assert KEY not in challenge
        writer.close()
        await writer.wait_closed()


async def test_whoever_proves_nothing_in_time_is_sent_away(
    socket: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "PROOF_S", 0.0)
    async with listening(echo, KEY, socket) as address:
        reader, writer = await raw(address)
        await patiently(reader.read())
        assert reader.at_eof()
        writer.close()
        await writer.wait_closed()


async def test_a_message_that_is_too_large_is_neither_sent_nor_taken(
    socket: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = asyncio.Event()

    async def meet(channel: Channel) -> None:
        await channel.send("x" * 2000)
        sent.set()
        await asyncio.Event().wait()

    async with listening(meet, KEY, socket) as address:
        channel = await connect(address)
        await patiently(sent.wait())
        monkeypatch.setattr(channels, "MOST_BYTES", 1000)
        with pytest.raises(ChannelError, match="too large"):
            await patiently(channel.receive())
        with pytest.raises(ValueError, match="too much"):
            await channel.send("x" * 2000)
        await channel.close()


async def test_the_end_of_the_other_end_is_told(socket: Path | None) -> None:
    async def hang_up(channel: Channel) -> None:
        await channel.close()

    async with listening(hang_up, KEY, socket) as address:
        channel = await connect(address)
        with pytest.raises(ChannelError, match="gone"):
            await patiently(channel.receive())
        await channel.close()


async def test_plans_connections_and_failures_arrive_as_they_are(socket: Path | None) -> None:
    connection = with_key(PRESETS["openai"], "sk-" + "a1B2" * 12, "The key typed here")
    asked = plan("Why?", [Target("openai", "gpt-4o")], attachments=(Attachment("a.png", "image/png", b"\x89PNG"),))
    failed = errors.ProviderError(errors.failure("rate_limit", "slow down"))
    async with listening(echo, KEY, socket) as address:
        channel = await connect(address)
        for each in (connection, asked):
            await channel.send(each)
            assert await patiently(channel.receive()) == each
        await channel.send(failed)
        again = await patiently(channel.receive())
        assert isinstance(again, errors.ProviderError)
        assert (again.failure, str(again)) == (failed.failure, str(failed))
        await channel.close()


async def test_what_cannot_be_sent_is_said_at_once(socket: Path | None) -> None:
    async with listening(echo, KEY, socket) as address:
        channel = await connect(address)
        with pytest.raises(ValueError, match="cannot be sent"):
            await channel.send(lambda: None)
        await channel.close()


def test_elsewhere_a_key_is_still_never_written() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("sk-0123456789abcdef"))


def test_an_address_does_not_show_its_key() -> None:
    assert repr(KEY) not in repr(Address(None, 1, KEY))
