"""The chat page: ``serve`` opens it and stays until it is stopped."""

from __future__ import annotations

import inspect
import os
import socket
import sys
import threading
import webbrowser
from contextlib import closing
from typing import Any, cast

import click

from index.errors import UsersError
from qa.feedback import check_place
from qa.page.readiness import Readiness
from qa.page.server import Guard, address, check_access, listen
from qa.settings import Settings
from qa.users import Users


def serve(settings: Settings) -> None:
    """Serve the page on ``settings.host`` and ``settings.port`` until Ctrl-C.

    Only this address is used, and nothing is asked of any other host.  Raises ServerError if the
    address cannot be used, UsersError if nobody could log in, and SettingsError if other machines
    could read the articles without anybody having said so.
    """
    check_place(settings)
    users = _users(settings)
    listener = listen(settings.host, settings.port)
    try:
        check_access(listener.getsockname()[0], settings)
        with closing(Readiness(settings)) as readiness:
            app = _app(settings, readiness)
            readiness.warm_up()  # not before: two that import would wait for each other
            _run(app, users, listener, settings)
    except KeyboardInterrupt:
        pass  # the usual way to stop it
    finally:
        listener.close()


def _users(settings: Settings) -> Users | None:
    if settings.users is None:
        return None
    users = Users(settings.users)
    if not len(users):
        raise UsersError(
            f"{settings.users} has no user; add one with 'qa add-user NAME --users {settings.users}'"
        )
    return users


def _app(settings: Settings, readiness: Readiness) -> Any:
    # Before gradio is imported, which reads them.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"
    gradio = _gradio()
    from fastapi import FastAPI
    from starlette.routing import Route

    from qa.page import layout
    from qa.page.health import HEALTH, health
    from qa.page.uploads import UPLOAD, receiver

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.routes.append(Route(HEALTH, health(settings)))
    app.routes.append(Route(UPLOAD, receiver(settings), methods=["POST"]))
    return gradio.mount_gradio_app(
        app,
        layout.build(settings, readiness),
        "/",
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=layout.theme(),
        head=layout.head(),
    )


def _gradio() -> Any:
    """Gradio, imported without writing its ``.pyi`` files anew, which takes more than half of the time.

    They are for editors.  It leaves out what has no file, so for now nothing has one.
    """
    getfile = inspect.getfile
    inspect.getfile = cast(Any, _no_file)
    try:
        import gradio
    finally:
        inspect.getfile = getfile
    return gradio


def _no_file(_: object) -> str:
    raise OSError


def _guarded(app: Any, users: Users | None, settings: Settings) -> Any:
    from qa.page.login import Login

    behind = app if users is None else Login(app, users, settings.port)
    return Guard(behind, settings.host, any_name=users is not None)


def _run(app: Any, users: Users | None, listener: socket.socket, settings: Settings) -> None:
    import uvicorn

    url = address(settings.host, settings.port)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                click.echo(f"Article QA is at {url} (Ctrl-C stops it)")
                if _somebody_is_looking():
                    # In a thread: some browsers let the caller wait until they are closed.
                    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Every open tab holds a connection without end, which Gradio closes on this event.
            for route in app.routes:
                stop = getattr(getattr(route, "app", None), "stop_event", None)
                if stop is not None:
                    stop.set()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        _guarded(app, users, settings),
        log_level="critical",
        timeout_graceful_shutdown=2,
        lifespan="on",
    )
    Server(config).run(sockets=[listener])


def _somebody_is_looking() -> bool:
    """Whether this runs in a terminal on a machine with a screen."""
    has_screen = sys.platform == "darwin" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    return bool(has_screen) and sys.stdout.isatty()
