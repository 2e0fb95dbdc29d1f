"""The login: in front of the page, and of all else but its own form and /healthz."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, quote

import click
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from index.errors import UsersError
from qa.page.health import HEALTH
from qa.page.markup import escape
from qa.page.sessions import LASTS, Sessions, Throttle
from qa.users import Users

LOGIN, LOGOUT = "/login", "/logout"
USER = "qa_user"  # of an ASGI scope: the name of who is logged in
_PROGRAM = ("/assets/", "/static/")  # Gradio's own files, which tell nothing of the articles
_FORM = 10_000  # greatest number of bytes of the form
_WRONG = "The name or the password is wrong."
_CLOSED = "Nobody can log in at the moment. Tell whoever runs this page: its window says why."


class Login:
    """ASGI middleware: lets through to ``app`` only who is logged in.

    A cookie carries the session.  Scripts cannot read it, and other sites' forms do not send it.  Its
    name has the ``port``, because a browser shares cookies among the ports of a host.
    """

    def __init__(self, app: Any, users: Users, port: int) -> None:
        self._app = app
        self._users = users
        self._cookie = f"qa_session_{port}"
        self._sessions = Sessions(users)
        self._throttle = Throttle()
        self._one_at_a_time = asyncio.Semaphore(1)  # a check takes 32 MB and a core

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path")
        if scope["type"] == "lifespan" or path == HEALTH:
            await self._app(scope, receive, send)
            return
        token = HTTPConnection(scope).cookies.get(self._cookie, "")
        user = self._sessions.user(token)
        request = Request(scope, receive)
        if path == LOGIN:
            response = await self._login(request, user)
        elif path == LOGOUT:
            response = self._logout(request, token)
        elif user is not None:
            scope[USER] = user
            await self._app(scope, receive, send if path.startswith(_PROGRAM) else _not_kept(send))
            return
        else:
            response = _first_log_in(request)
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _login(self, request: Request, user: str | None) -> Response:
        target = _inside(request.query_params.get("next", "/"))
        if request.method in ("GET", "HEAD"):
            return RedirectResponse(target, 303) if user else HTMLResponse(_form(target))
        if request.method != "POST":
            return _no_method("GET, POST")
        name, password = _name_and_password(await _body(request))
        address = request.client.host if request.client else ""
        try:
            async with self._one_at_a_time:
                wait = self._throttle.wait(name, address)
                if wait:
                    return _too_often(target, name, wait)
                if not await asyncio.to_thread(self._users.check, name, password):
                    self._throttle.failed(name, address)
                    return HTMLResponse(_form(target, name, _WRONG), 401)
                self._throttle.succeeded(name, address)
                token = self._sessions.begin(name)
        except UsersError as error:
            click.echo(f"qa: {error}", err=True)  # it names a file, which is nobody's business outside
            return HTMLResponse(_form(target, name, _CLOSED), 503)
        response = RedirectResponse(target, 303)
        response.set_cookie(
            self._cookie,
            token,
            max_age=LASTS,
            httponly=True,
            samesite="lax",  # not strict: a link in a mail is to open the page
            secure=request.url.scheme == "https",
        )
        return response

    def _logout(self, request: Request, token: str) -> Response:
        if request.method != "POST":
            return _no_method("POST")
        self._sessions.end(token)
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(self._cookie, httponly=True, samesite="lax")
        return response


def _first_log_in(request: Request) -> Response:
    """The way to the form for who opens a page, an error for what a page asks in the background."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{LOGIN}?next={quote(target, safe='')}", 303)
    return JSONResponse({"error": "log in first; reload the page"}, 401)


def _no_method(allowed: str) -> Response:
    return Response("this is not done so", 405, {"allow": allowed})


def _too_often(target: str, name: str, wait: int) -> Response:
    minutes = -(-wait // 60)
    message = f"Too many tries. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
    return HTMLResponse(_form(target, name, message), 429, {"retry-after": str(wait)})


def _name_and_password(body: bytes) -> tuple[str, str]:
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return "", ""  # no form of ours
    return fields.get("name", [""])[0], fields.get("password", [""])[0]


async def _body(request: Request) -> bytes:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > _FORM:
            return b""  # no form of ours
    return content


def _inside(target: str) -> str:
    """``target`` if it is a path of this page, else its start: nobody is led to another site."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if inside and not target.startswith((LOGIN, LOGOUT)) else "/"


def _not_kept(send: Any) -> Any:
    """Adds that no browser is to keep a copy, which whoever comes after a logout could look at."""

    async def send_it(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message["headers"] if name != b"cache-control"]
            message = {**message, "headers": [*headers, (b"cache-control", b"no-store")]}
        await send(message)

    return send_it


def _form(target: str, name: str = "", problem: str = "") -> str:
    style, icon = _asset("theme.css") + _asset("login.css"), quote(_asset("icon.svg"))
    alert = f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="problem" aria-invalid="true"' if problem else ""
    first, second = ("", " autofocus") if name else (" autofocus", "")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in – Article QA</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:image/svg+xml,{icon}"><style>{style}</style></head>
<body class="login"><main>
<h1>Article QA</h1>
<form method="post" action="{LOGIN}?next={escape(quote(target, safe=""))}">
<h2>Log in</h2>
{alert}
<label for="name">Name</label>
<input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none"
  spellcheck="false" required{first}{described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"
  required{second}{described}>
<button type="submit">Log in</button>
</form></main></body></html>
"""


def _asset(name: str) -> str:
    return files("qa.page").joinpath(name).read_text("utf-8")
