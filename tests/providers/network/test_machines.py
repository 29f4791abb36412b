"""Which addresses lead to one machine."""

import socket

import pytest

from providers.network.machines import HERE, machine_of


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://localhost:11434", "http://127.0.0.1:8080/v1", "http://127.8.9.10", "http://[::1]:8000/v1",
        "http://LOCALHOST.:1234/v1", "http://ollama.localhost", "http://0.0.0.0:11434", "http://[::]:1",
        "http://[::ffff:127.0.0.1]:8000", f"http://{socket.gethostname()}:8000", "this computer", "",
    ],
)  # fmt: skip
def test_our_own_machine_has_many_names(endpoint: str) -> None:
    assert machine_of(endpoint) == HERE


def test_another_machine_is_one_whatever_the_port() -> None:
    assert machine_of("http://gpu.lan:8000/v1") == machine_of("https://GPU.lan.:11434") == "gpu.lan"
    assert machine_of("http://192.0.2.7:8000") == machine_of("http://192.0.2.7") == "192.0.2.7"


def test_machines_are_told_apart() -> None:
    assert machine_of("http://192.0.2.7") != machine_of("http://192.0.2.8")
    assert machine_of("http://notlocalhost") != HERE
    assert machine_of("http://[2001:db8::1]:8000") not in (HERE, machine_of("http://[2001:db8::2]:8000"))
