"""Serves the counters of a worker to Prometheus: `/metrics` on a port of its own, as a worker serves nothing else.

Owns who may read them: whoever sends the token or, if none is set, programs on this computer. Runs in a thread of its
own, and has nothing that was asked or answered.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from providers.secrets import Secret

PATH, FORM = "/metrics", "text/plain; version=1.0.0; charset=utf-8"
REFUSED = "Send COLLATE_METRICS_TOKEN as a bearer token.\n"
_SILENCE_S = 10.0
"""Seconds after which an idle connection is closed."""


def says(authorization: str, token: Secret) -> bool:
    """Whether an Authorization header carries the token."""
    return hmac.compare_digest(authorization.encode("latin-1", "replace"), f"Bearer {token.reveal()}".encode())


class CountsPort:
    """Serves until `close`. `port`: 0 for any free one; without a token only this computer is served."""

    def __init__(self, text: Callable[[], str], token: Secret | None, port: int) -> None:
        """Raises `OSError` if the port cannot be opened."""

        class Answer(BaseHTTPRequestHandler):
            server_version, sys_version, timeout = "collate", "", _SILENCE_S

            def do_GET(self) -> None:
                if self.path.partition("?")[0] != PATH:
                    self._say(404, "The counts are at /metrics.\n")
                elif not (says(self.headers.get("authorization", ""), token) if token else self._names_us()):
                    self._say(401, REFUSED)
                else:
                    self._say(200, text())

            def _names_us(self) -> bool:
                """Whether the Host header names this computer;
                a web page that reaches us through DNS rebinding names another host."""
                name = self.headers.get("host", "").rpartition(":")[0].strip("[]")
                try:
                    return name == "localhost" or ip_address(name).is_loopback
                except ValueError:
                    return False

            def _say(self, status: int, body: str) -> None:
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", FORM)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Cache-Control", "no-store")
                if status == 401:
                    self.send_header("WWW-Authenticate", "Bearer")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                """Logs nothing: regular scraping is not worth a line."""

        class Server(ThreadingHTTPServer):
            daemon_threads = False  # whose connections would still be open after `close`

        self._server = Server(("" if token else "127.0.0.1", port), Answer)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="counts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, once each connection has been answered or was silent too long."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
