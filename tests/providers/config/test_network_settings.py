"""The proxy and the certificates that the user set."""

import os
from pathlib import Path

import pytest

from tests.providers.config.loading import loaded


def test_a_proxy_is_taken_by_all_and_only_when_given(tmp_path: Path) -> None:
    text = '[network]\nproxy = "http://proxy.example:3128"'
    assert {c.proxy for c in loaded(tmp_path, text).connections.values()} == {"http://proxy.example:3128"}
    assert {c.proxy for c in loaded(tmp_path, COLLATE_PROXY="http://p:1").connections.values()} == {"http://p:1"}
    assert {c.proxy for c in loaded(tmp_path, HTTPS_PROXY="http://p:1").connections.values()} == {None}


def test_a_companys_certificates_come_from_all_places_that_are_named(tmp_path: Path) -> None:
    for name in ("a.pem", "b.pem", "c.pem"):
        (tmp_path / name).write_text("")
    found = loaded(
        tmp_path, '[network]\nca_file = "c.pem"', SSL_CERT_FILE=str(tmp_path / "a.pem"),
        SSL_CERT_DIR=f"{tmp_path}{os.pathsep}{tmp_path}", REQUESTS_CA_BUNDLE=str(tmp_path / "b.pem"),
    )  # fmt: skip
    places = tuple(str(tmp_path / name) for name in ("a.pem", "", "b.pem", "c.pem"))
    assert {connection.authorities for connection in found.connections.values()} == {places}
    assert found.mistakes == ()


@pytest.mark.parametrize(
    ("text", "environ"),
    [('[network]\nca_file = "none.pem"', {}), ("", {"SSL_CERT_FILE": "/none.pem"}), ("[network]\nca_file = 3", {})],
)
def test_certificates_that_are_not_there_stop_what_is_encrypted(text: str, environ: dict, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, OPENAI_API_KEY="key-of-mine", **environ)
    [said] = found.mistakes
    assert "ca_file" in said or "SSL_CERT_FILE" in said
    assert found.connections["openai"].problem == said
    assert found.connections["ollama"].usable
    assert found.connections["builtin"].usable
