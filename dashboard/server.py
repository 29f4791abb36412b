"""The web server (uvicorn) that runs the app: its address once it can be reached, and how it ends.

Streamlit gives an app no access to its server, so we find it as the handler of SIGTERM. Under another server than
uvicorn neither is known. Imports no Streamlit.
"""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket

import uvicorn

_GLANCE_S = 0.02  # polled, because uvicorn sets a flag and no event when it begins to listen
_OPEN_S = 1  # for open responses; the record needs the rest of the 10 s after which a process is usually killed
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 -- what it means is looked up here, nothing listens


def stops() -> bool:
    """Whether the server is shutting down and waiting for open responses."""
    server = _server()
    return server is not None and server.should_exit


async def address(base_path: str = "") -> str | None:
    """The app's address for a browser on this computer, once it can be reached; `None` if it cannot be known."""
    server = await _listening()
    if server is None:
        return None
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    host = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    path = base_path.strip("/")
    return f"http{'s' * server.config.is_ssl}://{host}:{port}{'/' * bool(path)}{path}"


async def send_at_once() -> None:
    """Let everything small leave at once, as servers usually do.

    Streamlit makes its socket in a way that asyncio does not recognise as TCP, and the kernel holds back whatever
    follows a first small piece until that is acknowledged: 40 ms for each file of a page, and for pieces of answers.
    """
    if (server := await _listening()) is not None:
        for each in (each for group in server.servers for each in group.sockets):
            if each.family in (socket.AF_INET, socket.AF_INET6):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it


def others_can_reach_it() -> bool:
    """Whether the server listens on an address that other computers can reach; no, before it listens."""
    server = _server()
    listening = [each for group in server.servers for each in group.sockets] if server else []
    return any(_is_wide(each.getsockname()[0]) for each in listening)


def _is_wide(host: str) -> bool:
    return host in _EVERYWHERE or not ipaddress.ip_address(host.partition("%")[0]).is_loopback


def end_in_time() -> None:
    """Make the process end as people expect: soon, with its answers recorded, and quietly on Ctrl-C.

    An open response, such as an export that nobody reads any more, does not delay it, and closing the terminal has
    the same effect as Ctrl-C.
    """
    server = _server()
    if server is None:
        return
    server.config.timeout_graceful_shutdown = _OPEN_S

    def leave(*_: object) -> None:
        server.force_exit = server.should_exit  # a second Ctrl-C ends it at once
        server.should_exit = True

    # uvicorn's own handler raises the signal again at the end, for which Streamlit prints "Aborted!".
    signal.signal(signal.SIGINT, leave)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # `nohup` wants it ignored
        signal.signal(signal.SIGHUP, leave)


def end() -> None:
    """Shut down, as Ctrl-C does."""
    server = _server()
    if server is not None:
        server.should_exit = True


async def _listening() -> uvicorn.Server | None:
    """The server, once it listens; `None` if it cannot be found."""
    server = _server()
    while server is not None and not server.started:  # noqa: ASYNC110 -- as said there
        await asyncio.sleep(_GLANCE_S)
    return server


def _server() -> uvicorn.Server | None:
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, uvicorn.Server) else None
