"""The chat page: ``serve`` opens it and stays until it is stopped."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from typing import Any

import click

from qa.page.readiness import Readiness
from qa.page.server import Guard, address, listen
from qa.settings import Settings


def serve(settings: Settings) -> None:
    """Serve the page on ``settings.host`` and ``settings.port`` until Ctrl-C.

    Only this address is used, and nothing is asked of any other host.  Raises ServerError if the
    address cannot be used.
    """
    listener = listen(settings.host, settings.port)
    readiness = Readiness(settings)
    readiness.warm_up()
    try:
        _run(_app(settings, readiness), listener, settings)
    except KeyboardInterrupt:
        pass  # the usual way to stop it
    finally:
        listener.close()


def _app(settings: Settings, readiness: Readiness) -> Any:
    # Before gradio is imported, which reads them.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio
    from fastapi import FastAPI

    from qa.page import layout

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
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


def _run(app: Any, listener: socket.socket, settings: Settings) -> None:
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
        Guard(app, settings.host),
        log_level="critical",
        timeout_graceful_shutdown=2,
        lifespan="on",
    )
    Server(config).run(sockets=[listener])


def _somebody_is_looking() -> bool:
    """Whether this runs in a terminal on a machine with a screen."""
    has_screen = sys.platform == "darwin" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    return bool(has_screen) and sys.stdout.isatty()
