"""The server that carries the app: where it is once it can be reached, and its end.

Streamlit tells an app neither; its server is found as the handler of the signal that ends it. Imports no
Streamlit. Under another server than uvicorn nothing is known of either.
"""

from __future__ import annotations

import asyncio
import ipaddress
import signal

import uvicorn

_GLANCE_S = 0.02  # uvicorn sets a flag and no event when it begins to listen
_OPEN_S = 1  # the record needs the rest of the ten seconds after which a process is killed
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 -- what it means is looked up here, nothing listens


def stops() -> bool:
    """Whether the server is about to end, and waits for the responses that are still open."""
    server = _server()
    return server is not None and server.should_exit


async def address(base_path: str = "") -> str | None:
    """Where the app is for a browser on this machine, as soon as it can be reached there; `None`: not known."""
    server = _server()
    if server is None:
        return None
    while not server.started:  # noqa: ASYNC110 -- as said there
        await asyncio.sleep(_GLANCE_S)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    host = "localhost" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    path = base_path.strip("/")
    return f"http{'s' * server.config.is_ssl}://{host}:{port}{'/' * bool(path)}{path}"


def others_can_reach_it() -> bool:
    """Whether other computers can reach the app, as far as is known once it listens."""
    server = _server()
    listening = [each for group in server.servers for each in group.sockets] if server else []
    return any(_is_wide(each.getsockname()[0]) for each in listening)


def _is_wide(host: str) -> bool:
    return host in _EVERYWHERE or not ipaddress.ip_address(host.partition("%")[0]).is_loopback


def end_in_time() -> None:
    """Let the process end as people mean it: soon, with its answers kept, and on Ctrl-C without a word.

    No open response, such as an export that nobody goes on reading, puts it off; and a terminal that is closed
    ends it as Ctrl-C does.
    """
    server = _server()
    if server is None:
        return
    server.config.timeout_graceful_shutdown = _OPEN_S

    def leave(*_: object) -> None:
        server.force_exit = server.should_exit  # whoever says it twice will not wait
        server.should_exit = True

    # uvicorn's own handler would raise the signal once more at the end, which Streamlit calls "Aborted!".
    signal.signal(signal.SIGINT, leave)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # `nohup` wants it ignored
        signal.signal(signal.SIGHUP, leave)


def _server() -> uvicorn.Server | None:
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, uvicorn.Server) else None
