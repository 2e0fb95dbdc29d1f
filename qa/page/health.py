"""Is the page of use now?  For whatever watches over it, which need not log in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index.errors import ArticleQAError, NoIndexError
from index.shared import shared_index
from qa.settings import Settings

HEALTH = "/healthz"


def health(settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    """What answers at ``HEALTH``: 200 with the generation in use, 503 until there is one.

    It tells no path and no setting.
    """

    def look() -> JSONResponse:
        try:
            with shared_index(settings.index) as index:
                manifest = index.manifest
        except NoIndexError:
            return JSONResponse({"status": "no index yet"}, 503)
        except ArticleQAError:
            return JSONResponse({"status": "the index cannot be read"}, 503)
        found = {"status": "ok", "generation": manifest.generation, "articles": manifest.articles}
        return JSONResponse(found)

    async def respond(_: Request) -> Response:
        return await asyncio.to_thread(look)

    return respond
