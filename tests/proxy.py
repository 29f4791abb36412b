"""A proxy that passes on bytes: each connection goes to the next of the servers behind it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from socketserver import BaseRequestHandler, ThreadingTCPServer


class Proxy:
    """Its address, and the ports behind it: one is as sticky as can be, several take turns."""

    def __init__(self, server: ThreadingTCPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.behind: list[int] = []
        self._turn = count()

    def next(self) -> int:
        """Where the next connection goes."""
        return self.behind[next(self._turn) % len(self.behind)]


@contextmanager
def proxying() -> Iterator[Proxy]:
    """A proxy, until it is over."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", proxy.next())) as behind:
                back = threading.Thread(target=_pass_on, args=(behind, self.request), daemon=True)
                back.start()
                _pass_on(self.request, behind)
                back.join()

    class Server(ThreadingTCPServer):
        daemon_threads, block_on_close = True, False

    with Server(("127.0.0.1", 0), Handler) as server:
        proxy = Proxy(server)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield proxy
        server.shutdown()
        thread.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Until either ends: then both do."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
