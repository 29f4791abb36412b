"""What every provider makes of keys and addresses as people write them, through its real SDK, on the wire."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from providers.completion import Completion, Cost
from providers.config.configuration import load
from providers.config.connections import Connection, with_key
from providers.config.connections import configured as configure
from providers.interface import Request
from providers.measuring.measure import complete
from providers.registry import list_models, open_provider
from tests.wire.dialects import DIALECTS, KEY, Dialect
from tests.wire.server import Received, Reply, WireServer

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


async def sent(dialect: Dialect, server: WireServer, connection: Connection) -> tuple[Completion, list[Received]]:
    """The completion of one request, and the requests for it that reached the server."""
    server.routes[dialect.path] = dialect.playing()
    before = len(server.requests)
    provider = open_provider(connection)
    try:
        done = await complete(
            provider, Request.ask(dialect.model, "Say hello."), price=lambda _: Cost("unknown", reason="test")
        )
    finally:
        await provider.aclose()
    return done, [r for r in server.requests[before:] if r.method == "POST"]


def configured(dialect: Dialect, address: str, environ: Mapping[str, str] = {}) -> Connection:
    """That provider, as it would be set up with this address."""
    base = replace(dialect.connect("http://127.0.0.1"), base_url="")
    return configure(base, environ=environ, base_url=address, api=base.api)


def credentials(received: Received) -> list[str]:
    return [value for name, value in received.headers.items() if KEY in value or name == "authorization"]


@every_wire
@pytest.mark.parametrize("around", ["{}", "{}/", '"{}"', " {}\n", "\ufeff{}", "{}?", "{}#top"])
async def test_an_address_copied_from_a_request_reaches_the_same_place(dialect: Dialect, around: str) -> None:
    with WireServer() as server:
        _, [usual] = await sent(dialect, server, dialect.connect(server.url))
        path = usual.path.partition("?")[0]
        connection = configured(dialect, around.format(server.url + path))
        done, [received] = await sent(dialect, server, connection)
    assert received.path == usual.path
    assert (done.state, connection.problem) == ("complete", None)
    assert any(f"{path}" in note for note in connection.notes)


@every_wire
async def test_what_is_cut_of_an_address_never_shows_what_may_be_secret(dialect: Dialect) -> None:
    with WireServer() as server:
        address = server.url.replace("//", "//me:hidden-word@") + f"{dialect.path}?key={quote(KEY, safe='')}"
        connection = configured(dialect, address)
        done, _ = await sent(dialect, server, connection)
    shown = f"{connection} {connection.endpoint} {connection.notes} {done}"
    assert not any(secret in shown for secret in ("hidden-word", KEY, quote(KEY, safe="")))


PASTED = ["{}", '"{}"', "'{}'", "“{}”", "Bearer {}", '"Bearer {}"', " {}\r\n", "\ufeff{}", "{}\u200b", "\u00a0{},"]


@every_wire
@pytest.mark.parametrize("form", PASTED)
async def test_a_key_is_sent_without_what_was_pasted_around_it(dialect: Dialect, form: str) -> None:
    with WireServer() as server:
        base = replace(dialect.connect(server.url), key=None)
        _, [usual] = await sent(dialect, server, dialect.connect(server.url))
        connection = with_key(base, form.format(KEY), "LAB_KEY")
        done, [received] = await sent(dialect, server, connection)
    assert credentials(received) == credentials(usual)
    assert done.state == "complete"
    assert bool(connection.notes) == (form.format(KEY).strip() != KEY)
    assert KEY not in str(connection.notes)


@every_wire
@pytest.mark.parametrize(
    "inside", ["\n", "\r\n", "\t", "\0", "\x1b", "\x7f", "é", "\u200b", "\ufeff", "\u00a0", "\ud800"]
)
async def test_a_key_that_no_header_may_carry_is_refused_by_its_name_and_never_used(
    dialect: Dialect, inside: str
) -> None:
    halves = KEY[:11], KEY[11:]
    with WireServer() as server:
        connection = with_key(dialect.connect(server.url), inside.join(halves), "LAB_KEY")
        done, _ = await sent(dialect, server, connection)
        assert server.requests == []
    assert (connection.usable, connection.key_refused) == (False, True)
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.retry) == ("failed", "missing_key", "no")
    assert "LAB_KEY" in done.error.message
    assert not any(half in f"{done} {connection}" for half in halves)


@every_wire
async def test_a_page_that_is_not_there_points_at_the_address_and_an_unknown_model_at_the_model(
    dialect: Dialect,
) -> None:
    async def no_page(reply: Reply) -> None:
        await reply.body(b"404 page not found", 404, content_type="text/plain")

    async def no_model(reply: Reply) -> None:
        status, body = dialect.refusals["not_found"]
        await reply.body(body, status)

    steps: list[str] = []
    with WireServer() as server:
        for script in (no_page, no_model):
            server.script = script
            provider = open_provider(connection := dialect.connect(server.url))
            done = await complete(provider, Request.ask(dialect.model, "x"), price=lambda _: Cost("unknown"))
            await provider.aclose()
            assert done.error is not None
            assert done.error.kind == "not_found"
            step = done.error.next_step(provider=connection.name, model=dialect.model, endpoint=connection.endpoint)
            steps.append(step)
    assert connection.endpoint in steps[0]
    assert "address" in steps[0]
    assert dialect.model in steps[1]


AZURE = {
    "/openai/deployments/mine/chat/completions?api-version=2024-10-21": "/openai/deployments/mine/chat/completions",
    "/openai/deployments/mine?api-version=2024-10-21": "/openai/deployments/mine/chat/completions",
    "/openai?api-version=2024-10-21": "/openai/deployments/gpt-5.4/chat/completions",
    "/?api-version=2024-10-21": "/openai/deployments/gpt-5.4/chat/completions",
    "/gateway/openai/deployments/mine/?api-version=2024-10-21": "/gateway/openai/deployments/mine/chat/completions",
    "/openai/v1?api-version=preview": "/openai/v1/chat/completions",
}


@pytest.mark.parametrize(("address", "path"), AZURE.items())
async def test_azures_addresses_keep_their_version_and_name_the_deployment(address: str, path: str) -> None:
    dialect = DIALECTS[1]
    version = address.partition("?")[2]

    async def listing(reply: Reply) -> None:
        await reply.json(dialect.listing[1])

    with WireServer() as server:
        server.routes["/openai/models"] = server.routes["/openai/v1/models"] = listing
        connection = with_key(configured(dialect, server.url + address), KEY, "AZURE_KEY")
        done, [received] = await sent(dialect, server, connection)
        provider = open_provider(connection)
        models = await list_models(provider)
        await provider.aclose()
    assert (done.state, received.path) == ("complete", f"{path}?{version}")
    assert received.headers.get("api-key" if "v1" not in path else "authorization", "").endswith(KEY)
    assert [model.id for model in models] == ["gpt-5.4"]
    assert "?" not in connection.endpoint


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A company that signs its own certificates."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[WireServer]:
    """A server that shows such a certificate."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with WireServer(tls=tls) as server:
        yield server


@every_wire
async def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_sent(
    dialect: Dialect, secure: WireServer
) -> None:
    done, received = await sent(dialect, secure, dialect.connect(secure.url))
    assert done.error is not None
    assert (done.state, done.error.kind, received) == ("failed", "tls", [])


@every_wire
@pytest.mark.parametrize("where", ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "ca_file"])
async def test_a_companys_own_certificate_is_trusted_by_every_provider_alike(
    dialect: Dialect, where: str, secure: WireServer, authority: trustme.CA, tmp_path: Path
) -> None:
    file = tmp_path / "authorities" / "company.pem"
    file.parent.mkdir()
    file.write_bytes(b"# the company\n" + authority.cert_pem.bytes())
    (tmp_path / "collate.toml").write_text(
        '[network]\nca_file = "authorities/company.pem"' if where == "ca_file" else ""
    )
    environ = {} if where == "ca_file" else {where: str(file.parent if where == "SSL_CERT_DIR" else file)}
    setup = load({"COLLATE_CONFIG": str(tmp_path / "collate.toml"), **environ}, {})
    base = dialect.connect(secure.url)
    done, received = await sent(dialect, secure, replace(base, authorities=setup.connections[base.name].authorities))
    assert (done.state, len(received), setup.mistakes) == ("complete", 1, ())


@every_wire
async def test_a_file_without_a_certificate_is_said_and_nothing_sent(
    dialect: Dialect, secure: WireServer, tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    connection = replace(dialect.connect(secure.url), authorities=(str(tmp_path / "empty.pem"),))
    done, received = await sent(dialect, secure, connection)
    assert done.error is not None
    assert (done.error.kind, received) == ("tls", [])
    assert "empty.pem contains no readable certificate" in done.error.message
