"""Nothing on the disk can be reached through the server, whatever path is asked for."""

from __future__ import annotations

import http.client
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.load import Visitor
from index import rebuild

Serve = Callable[..., str]

SECRET = "the-key-is-4711"  # noqa: S105  # it opens nothing


@pytest.fixture(scope="module")
def secret() -> Iterator[Path]:
    """A file outside of the seeds, where Gradio on its own would serve it: in the temporary folder."""
    descriptor, name = tempfile.mkstemp(suffix=".txt")
    os.write(descriptor, SECRET.encode())
    os.close(descriptor)
    yield Path(name)
    Path(name).unlink()


@pytest.fixture(scope="module")
def folder(secret: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds and an index, with links out of them wherever the page reads or writes."""
    folder = tmp_path_factory.mktemp("files")
    seeds, uploads, index = folder / "seeds", folder / "seeds" / "uploads", folder / "index"
    uploads.mkdir(parents=True)
    (seeds / "harbour.txt").write_text("Harbour\n\nThe harbour was closed in May.")
    for place in (seeds, uploads):
        (place / "link.txt").symlink_to(secret)
        (place / "links").symlink_to(secret.parent)
    rebuild(seeds, index)
    (index / "link.txt").symlink_to(secret)
    return folder


@pytest.fixture(scope="module")
def host(serve: Serve, folder: Path) -> str:
    site = serve(folder / "index", folder / "seeds", "--allow-upload")
    return site.removeprefix("http://").rstrip("/")


def get(host: str, method: str, path: str, body: str = "") -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(host)) as connection:
        connection.putrequest(method, path)
        connection.putheader("content-type", "application/json")
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body.encode())
        response = connection.getresponse()
        return response.status, response.read()


PATHS = (
    "/gradio_api/file={secret}",
    "/gradio_api/file=..{secret}",
    "/gradio_api/file/{secret}",
    "/gradio_api/file%3D{secret}",
    "/gradio_api%2Ffile={secret}",
    "/file={secret}",
    "//gradio_api/file={secret}",
    "/./gradio_api/file={secret}",
    "/gradio_api/queue/../file={secret}",
    "/gradio_api/queue/%2e%2e/file={secret}",
    "/gradio_api/queue/..%2ffile={secret}",
    "/gradio_api/queue/..%5cfile={secret}",
    "/gradio_api/queue/%252e%252e/file={secret}",
    "/gradio_api/run/../../gradio_api/file={secret}",
    "/assets/..{secret}",
    "/assets/../../../../../../../../../..{secret}",
    "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{secret}",
    "/assets/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f{secret}",
    "/assets/{secret}",
    "/assets//{secret}",
    "/static/../../../../../../../../../..{secret}",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{secret}",
    "/static/{secret}",
    "/static/..%5c..%5c..%5c{secret}",
    "/seeds/link.txt",
    "/links{secret}",
    "/gradio_api/file=seeds/link.txt",
    "/gradio_api/file=seeds/links/{name}",
    "/gradio_api/file={folder}/seeds/link.txt",
    "/gradio_api/file={folder}/seeds/links/{name}",
    "/gradio_api/file={folder}/seeds/uploads/link.txt",
    "/gradio_api/file={folder}/seeds/uploads/links/{name}",
    "/gradio_api/file={folder}/index/link.txt",
    "/assets/../../../../../../../../../..{folder}/seeds/link.txt",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{folder}/index/link.txt",
    "/gradio_api/stream/x/x/x/{name}",
    "/gradio_api/proxy=file://{secret}",
    "/gradio_api/upload",
    "/gradio_api/call/ask",
    "/gradio_api/component_server/..{secret}",
    "/svelte/..{secret}",
    "/custom_component/x/client/component/..{secret}",
    "/upload?name=../..{secret}",
    "file://{secret}",
    "{secret}",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file(host: str, folder: Path, secret: Path, path: str) -> None:
    path = path.format(folder=folder, secret=secret, name=secret.name)
    for method in ("GET", "POST"):
        status, body = get(host, method, path)
        assert status in (400, 403, 404, 405, 422)
        assert SECRET.encode() not in body


def test_a_file_that_a_request_names_is_not_read(host: str, secret: Path) -> None:
    """Gradio takes objects with a path for uploads, and would copy the file to where it serves it."""
    file = {"path": str(secret), "url": f"file://{secret}", "meta": {"_type": "gradio.FileData"}}
    event = {"event_data": file, "fn_index": 0, "session_hash": "x", "trigger_id": 1}
    call = {"component_id": 1, "session_hash": "x", "data": file}
    requests = [
        ("/gradio_api/run/predict", {**event, "data": [file]}),
        ("/gradio_api/component_server", {**call, "fn_name": "article"}),
        ("/gradio_api/component_server", {**call, "fn_name": "export_as"}),
    ]
    for path, body in requests:
        assert SECRET.encode() not in get(host, "POST", path, json.dumps(body))[1]


def test_a_link_among_the_seeds_is_no_article(host: str) -> None:
    asked = Visitor(host).ask("What is the key 4711?")
    assert SECRET not in json.dumps(asked.answer)
    assert json.loads(get(host, "GET", "/healthz")[1])["articles"] == 1
