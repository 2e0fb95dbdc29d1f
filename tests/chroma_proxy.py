"""A proxy before a Chroma server, which can be as proxies are."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@contextmanager
def chroma_proxy(
    server: str,
    *,
    token: str | None = None,
    certificate: Path | None = None,
    slow: str | None = None,
    page: bytes | None = None,
) -> Iterator[str]:
    """The proxy's URL.

    It asks for ``token``, speaks TLS with ``certificate``, a PEM file with its key, takes three seconds
    for paths with ``slow`` in them, and answers everything with ``page``.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5  # seconds that a connection may do nothing

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if token and self.headers.get("Authorization") != f"Bearer {token}":
                self.answer(401, b"<html>who are you?</html>")
                return
            if page:
                self.answer(200, page)
                return
            if slow and slow in self.path:
                time.sleep(3)
            with closing(http.client.HTTPConnection(urlsplit(server).netloc)) as behind:
                behind.request(self.command, self.path, body, {"Content-Type": "application/json"})
                answer = behind.getresponse()
                status, body = answer.status, answer.read()
            with suppress(ConnectionError):  # nobody waits any more
                self.answer(status, body)

        do_GET = do_POST = do_PUT = do_DELETE = forward  # noqa: N815  # the names that http.server calls

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
        proxy.daemon_threads = True
        proxy.block_on_close = False
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"{'https' if certificate else 'http'}://localhost:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
            thread.join()
