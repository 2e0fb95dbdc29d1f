"""The way to a Chroma server, a real one, and what can go wrong on it."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from index import open_index, rebuild
from index.chroma_server import ChromaServer
from index.errors import ChromaServerError, SettingsError
from index.settings import IndexSettings, load_settings
from qa import ask
from tests.chroma_proxy import chroma_proxy
from tests.conftest import free_port, running_chroma

ONE = "The first story tells of a bridge that was closed on Monday."


def on(server: str | None) -> IndexSettings:
    return load_settings(IndexSettings, chroma=server)


def test_a_server_that_is_away_is_one_line_and_a_page_goes_on_when_it_is_back(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    port, seeds, index_dir = free_port(), write_seeds({"a.txt": ONE}), tmp_path / "index"
    with running_chroma(tmp_path / "chroma", port) as url:
        rebuild(seeds, index_dir, settings=on(url))
        assert "bridge" in ask("Which bridge was closed?", index_dir=index_dir).text
    for failing in (
        lambda: ask("Which bridge was closed?", index_dir=index_dir),
        lambda: open_index(index_dir),
        lambda: rebuild(seeds, index_dir, settings=on(url)),
    ):
        with pytest.raises(ChromaServerError, match=f"Chroma server at {url} cannot be reached"):
            failing()
    assert rebuild(seeds, tmp_path / "other").articles == 1
    with running_chroma(tmp_path / "chroma", port):
        assert "bridge" in ask("Which bridge was closed?", index_dir=index_dir).text


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.chroma_server._TIMEOUT", httpx.Timeout(0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ChromaServerError, match="does not answer in time"):
            ChromaServer(f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_requests_have_a_time_limit_too(
    write_seeds: Callable[..., Path],
    chroma_index: Path,
    chroma_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), chroma_index, settings=on(chroma_server))
    with chroma_proxy(chroma_server, slow="/collections/") as url:
        monkeypatch.setattr("index.chroma_server._TIMEOUT", httpx.Timeout(1))
        server = ChromaServer(url)
        with pytest.raises(ChromaServerError, match="does not answer in time"), server.reading():
            server.client.get_collection("article-qa-x", embedding_function=None)
        server.close()


def test_the_token_goes_along_and_is_kept_nowhere(
    write_seeds: Callable[..., Path],
    chroma_index: Path,
    chroma_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    with chroma_proxy(chroma_server, token="open-sesame") as url:
        monkeypatch.setenv("QA_CHROMA_TOKEN", "open-sesame")
        rebuild(seeds, chroma_index, settings=on(url))
        with open_index(chroma_index) as index:
            assert index.dense.count() == 1
        kept = [path.read_bytes() for path in chroma_index.rglob("*") if path.is_file()]
        assert not any(b"sesame" in content for content in kept)
        for token, line in [
            ("wrong-word", r"refuses the token in QA_CHROMA_TOKEN \(status 401\)"),
            ("", r"refuses requests without a token in QA_CHROMA_TOKEN \(status 401\)"),
            ("wrong\nword", "QA_CHROMA_TOKEN holds characters that no token has"),
        ]:
            monkeypatch.setenv("QA_CHROMA_TOKEN", token)
            for failing in (
                lambda: open_index(chroma_index),
                lambda: rebuild(seeds, chroma_index, settings=on(url)),
            ):
                with pytest.raises(ChromaServerError, match=line) as refused:
                    failing()
                assert "word" not in str(refused.value)
        monkeypatch.setenv("QA_CHROMA_TOKEN", "open-sesame")
        rebuild(seeds, chroma_index)
        assert len(list((chroma_index / "generations").iterdir())) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_is_checked_and_may_be_of_an_authority_of_ones_own(
    write_seeds: Callable[..., Path],
    chroma_index: Path,
    tmp_path: Path,
    chroma_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout own.pem -out own.crt && cat own.crt >> own.pem",
        shell=True,
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    seeds = write_seeds({"a.txt": ONE})
    with chroma_proxy(chroma_server, certificate=tmp_path / "own.pem") as url:
        with pytest.raises(ChromaServerError, match=r"is not trusted here .*SSL_CERT_FILE"):
            rebuild(seeds, chroma_index, settings=on(url))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.crt"))
        rebuild(seeds, chroma_index, settings=on(url))
        with open_index(chroma_index) as index:
            assert index.dense.count() == 1


def test_what_is_no_chroma_server_is_named(chroma_server: str) -> None:
    with (
        chroma_proxy(chroma_server, page=b"<html>hello</html>") as url,
        pytest.raises(ChromaServerError, match=r"what answers at .* is no Chroma server"),
    ):
        ChromaServer(url)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.5:8000",
        "ftp://host",
        "http://",
        "http://host:99999",
        "http://me:word@host",
        "http://h?x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str) -> None:
    with pytest.raises(
        SettingsError, match=r"chroma cannot be .*http://HOST:PORT .*--chroma or QA_CHROMA"
    ):
        on(address)
