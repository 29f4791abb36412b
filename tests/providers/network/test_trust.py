"""Certificates as people have them: PEM with anything around it, DER, folders; and what is of no use."""

import ssl
from pathlib import Path

import pytest
import trustme

from providers.network.trust import TrustError, trusting


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def shown(authority: trustme.CA, client: ssl.SSLContext) -> str | None:
    """Both sides of a handshake, in memory: what they agreed on. Raises what the client says to the certificate."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("host.example").configure_cert(server)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname="host.example"),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for end in (*ends, *ends):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return ends[0].version()


def test_an_authority_that_is_not_named_is_not_trusted(authority: trustme.CA) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(authority, trusting())


@pytest.mark.parametrize("form", ["pem", "noted", "windows", "der", "folder"])
def test_an_authority_is_read_as_people_have_it(form: str, authority: trustme.CA, tmp_path: Path) -> None:
    pem = authority.cert_pem.bytes()
    file = tmp_path / "ca.crt"
    data = {
        "noted": "\ufeff# Die Firma: Müller\n".encode() + pem + b"\nmore",
        "windows": pem.replace(b"\n", b"\r\n"),
        "der": ssl.PEM_cert_to_DER_cert(pem.decode()),
    }.get(form, pem)
    file.write_bytes(data)
    places = (str(tmp_path),) if form == "folder" else (str(file),)
    assert shown(authority, trusting(places)) == "TLSv1.3"


def test_a_folder_with_names_of_openssls_own_is_left_to_it(authority: trustme.CA, tmp_path: Path) -> None:
    (tmp_path / "00000000.0").write_bytes(b"")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.crt"))
    assert trusting((str(tmp_path),)).cert_store_stats() == trusting().cert_store_stats()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "contains no readable certificate"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "contains no readable certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "damaged certificate"),
        (b"\x30\x82\x00", "damaged certificate"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_no_use_is_named(data: bytes | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(TrustError, match=said) as caught:
        trusting((str(file),))
    assert str(file) in str(caught.value)


def test_the_systems_own_store_is_read_once() -> None:
    assert trusting() is trusting()
    assert trusting().verify_mode == ssl.CERT_REQUIRED
    assert trusting().check_hostname
