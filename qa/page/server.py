"""The page on its address: nothing but the page is served, and it may talk to nothing else."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

from index.errors import ServerError, SettingsError
from qa.settings import Settings

# What the browser may load, run and talk to: this server.  Gradio's front end needs inline scripts
# and eval for its templates; attributes such as onerror= run nothing.
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    # Not no-referrer: with that a browser does not say where a form comes from, and it is refused.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
# Gradio also serves uploads, files, proxied pages and monitoring; this page uses none of that.
_SERVED = (
    "/",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/robots.txt",
    "/healthz",
    "/login",
    "/logout",
    "/upload",
)
_SERVED_BELOW = (
    "/assets/",
    "/static/",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/component_server",
    "/gradio_api/run/",
    "/gradio_api/cancel",
    "/gradio_api/reset",
)
_BODY = 4_000_000  # greatest number of bytes of a request's body; /upload has a limit of its own


class Guard:
    """ASGI middleware: serves only what the page needs, to those it is meant for.

    A page of another site could point a name of its own at this machine and have the visitor's
    browser read the articles through it (DNS rebinding), so a request must name this server by an
    address or by the host that it was started with, and must not come from another site's page.  Where
    people log in, any name will do: a browser does not send a session to a name that it is not of.
    """

    def __init__(self, app: Any, host: str, *, any_name: bool) -> None:
        self._app = app
        self._any_name = any_name
        self._names = {"localhost", host.lower(), socket.gethostname().lower()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})  # the page opens none
        elif not self._is_meant(dict(scope["headers"])):
            await _refuse(send, 403, "open this page by the address that 'qa chat' printed")
        elif not _is_served(scope["path"]):
            await _refuse(send, 404, "not found")
        elif scope["path"] != "/upload" and _length(dict(scope["headers"])) > _BODY:
            await _refuse(send, 413, "this is more than the page can take")
        else:
            await self._app(scope, receive, _adding_headers(send))

    def _is_meant(self, headers: dict[bytes, bytes]) -> bool:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        try:
            name = urlsplit(f"//{host}").hostname or ""
            asked_by = urlsplit(origin).netloc if origin else host
        except ValueError:
            return False
        known = self._any_name or name in self._names or _is_address(name)
        return bool(name) and known and asked_by == host


def _is_served(path: str) -> bool:
    # A folder's parent leads out of what is served, however far the routes behind would follow it.
    if {"..", "."} & set(path.replace("\\", "/").split("/")) or "\0" in path:
        return False
    return path in _SERVED or path.startswith(_SERVED_BELOW)


def _length(headers: dict[bytes, bytes]) -> int:
    """The length of the body in bytes; of a body that does not say it, more than may be."""
    if b"transfer-encoding" in headers:
        return _BODY + 1
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else _BODY + 1


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(send: Any, status: int, why: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": why.encode()})


def _adding_headers(send: Any) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *_HEADERS]}
        await send(message)

    return send_with_headers


def check_access(address: str, settings: Settings) -> None:
    """Raises SettingsError where other machines could read the articles without anybody having said so.

    ``address`` is the one that the page listens on.
    """
    if settings.users or settings.no_password or ipaddress.ip_address(address).is_loopback:
        return
    raise SettingsError(
        f"with the host {settings.host} other machines could read the articles; let people log in with "
        "'qa add-user NAME --users FILE' and --users FILE, or say --no-password if anybody may"
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.  Raises ServerError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise ServerError(
            f"the host {host!r} cannot be found ({error.args[-1]}); set another with --host or QA_HOST"
        ) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServerError(_why_not(host, port, error)) from None
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is in use; choose another with --port or QA_PORT, "
            "or stop what listens there"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; set another with --host or QA_HOST"
    return (
        f"port {port} on {host} cannot be opened ({error.strerror}); "
        "choose another with --port or QA_PORT"
    )


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
