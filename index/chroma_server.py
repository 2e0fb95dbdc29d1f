"""A Chroma server that holds the vectors: how it is reached, and what can go wrong on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, cast

import chromadb
import httpx
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import NotFoundError

from index.errors import ChromaServerError, LostVectorsError, one_line

TOKEN = "QA_CHROMA_TOKEN"  # noqa: S105  # the variable's name
# Chroma's client would wait for ever.  Reading covers a full batch of vectors on a busy server.
_TIMEOUT = httpx.Timeout(60, connect=10)


class ChromaServer:
    """A connection to the server at ``url``.  Threads may share one object.

    The token in QA_CHROMA_TOKEN, if there is one, goes along with each request.  With ``https`` the
    server's certificate is checked, against the file that SSL_CERT_FILE names if it names one.
    Raises ChromaServerError if the server is away, refuses, or is none of Chroma's.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        headers = _headers()
        with self.reading():
            _check(url, headers)
            # Whatever stands in the environment or in ./.env: the address and the token are ours.
            settings = ChromaSettings(
                _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it
                anonymized_telemetry=False,
                chroma_server_host=None,
                chroma_server_http_port=None,
                chroma_server_ssl_verify=None,
                chroma_client_auth_provider=None,
            )
            self.client = cast(Client, chromadb.HttpClient(url, headers=headers, settings=settings))
        for session in self._sessions():
            session.timeout = _TIMEOUT

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Whatever goes wrong in the block is a ChromaServerError."""
        try:
            yield
        except ChromaServerError:
            raise
        except Exception as error:  # Chroma's own, httpx's, and bare ones for what it does not know
            kind = LostVectorsError if isinstance(error, NotFoundError) else ChromaServerError
            raise kind(_reason(self._url, error)) from error

    def writing(self) -> AbstractContextManager[None]:
        """The same as ``reading``."""
        return self.reading()

    def drop(self, collection: str) -> None:
        """Drop a collection if it is there."""
        with self.writing(), suppress(NotFoundError):
            self.client.delete_collection(collection)

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        for session in self._sessions():
            session.close()
        self.client.close()

    def _sessions(self) -> list[httpx.Client]:
        # Chroma's client neither sets a time limit nor closes what it opened.
        parts: list[Any] = [self.client, self.client._admin_client]
        return [part._server._session for part in parts]


def _headers() -> dict[str, str]:
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        return {}
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ChromaServerError(f"{TOKEN} holds characters that no token has; set it anew")
    # The first is what proxies look for, the second what services of Chroma's own do.
    return {"Authorization": f"Bearer {token}", "X-Chroma-Token": token}


def _check(url: str, headers: dict[str, str]) -> None:
    """Ask for a sign of life, with a time limit from the start."""
    answer = httpx.get(f"{url}/api/v2/heartbeat", headers=headers, timeout=_TIMEOUT)
    answer.raise_for_status()
    if "nanosecond heartbeat" not in answer.text:
        raise ChromaServerError(
            f"what answers at {url} is no Chroma server, version 1 or newer; "
            "start one with 'chroma run', or correct the address in --chroma or QA_CHROMA"
        )


def _reason(url: str, error: Exception) -> str:
    server = f"the Chroma server at {url}"
    if isinstance(error, NotFoundError):
        return (
            f"{server} has lost the vectors of this index ({error}); "
            "make it anew with 'qa rebuild', or correct the address in --chroma or QA_CHROMA"
        )
    status = _status(error)
    if status in (401, 403):
        what = "the token in" if os.environ.get(TOKEN) else "requests without a token in"
        return f"{server} refuses {what} {TOKEN} (status {status}); set the right one"
    if status is not None:
        return f"{server} answers with status {status}; is it the right address?"
    if isinstance(error, httpx.TimeoutException):
        return f"{server} does not answer in time; see what keeps it, then try again"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            f"{server} has a certificate that is not trusted here ({error}); let SSL_CERT_FILE name a "
            "file with its authority's"
        )
    if isinstance(error, httpx.TransportError):
        return f"{server} cannot be reached ({error}); start it, or correct the address"
    return f"{server} could not do what was asked ({one_line(error, 200)})"


def _status(error: Exception) -> int | None:
    # Chroma's client raises a bare Exception while it handles the one that has the status.
    for found in (error, error.__context__):
        if isinstance(found, httpx.HTTPStatusError):
            return found.response.status_code
    return None
