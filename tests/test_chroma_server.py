"""Generations whose vectors lie on a Chroma server, a real one."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from index import check, forget, open_index, rebuild
from index.chroma_server import ChromaServer
from index.dense import open_dense
from index.errors import ArticleQAError, ChromaServerError, SettingsError
from index.places import leave_place
from index.settings import IndexSettings, load_settings
from index.shared import shared_index
from qa import ask, retrieve
from tests.chroma_proxy import chroma_proxy
from tests.conftest import free_port, running_chroma

ONE = "The first story tells of a bridge that was closed on Monday."
COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"
TWO = "The second story tells of a school that was opened on Tuesday."


def on(server: str | None) -> IndexSettings:
    return load_settings(IndexSettings, chroma=server)


def collections(server: str) -> set[str]:
    """The names of all collections on the server."""
    return {entry["name"] for entry in httpx.get(server + COLLECTIONS).json()}


@pytest.fixture
def index_dir(tmp_path: Path, chroma_server: str) -> Iterator[Path]:
    """A folder for an index; what it has on the shared server is dropped at the end."""
    before = collections(chroma_server)
    yield tmp_path / "index"
    for name in collections(chroma_server) - before:
        httpx.delete(f"{chroma_server}{COLLECTIONS}/{name}").raise_for_status()


def generations(index_dir: Path) -> set[str]:
    return {f"article-qa-{folder.name}" for folder in (index_dir / "generations").iterdir()}


def test_answers_are_those_of_an_index_in_a_folder(
    write_seeds: Callable[..., Path], index_dir: Path, tmp_path: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO, "c.txt": "A third story came."})
    rebuild(seeds, index_dir, settings=on(chroma_server))
    rebuild(seeds, tmp_path / "embedded")
    assert not list(index_dir.rglob("dense")), "no vectors in the folder"
    question = "Which school was opened?"
    found = [
        [(hit.article.id, round(hit.score, 4)) for hit in retrieve(question, index_dir=folder)]
        for folder in (index_dir, tmp_path / "embedded")
    ]
    assert found[0] == found[1]
    assert "Tuesday" in ask(question, index_dir=index_dir).text


def test_each_generation_is_a_collection_that_lasts_as_long_as_its_readers(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), index_dir, settings=on(chroma_server))
    with open_index(index_dir) as old, open_index(index_dir):
        rebuild(write_seeds({"b.txt": TWO}), index_dir, settings=on(chroma_server))
        read = generations(index_dir)
        assert len(read) == 2
        assert read <= collections(chroma_server)
        assert (old.dense.count(), old.article("a").text) == (1, ONE)
    assert len(generations(index_dir)) == len(read & collections(chroma_server)) == 1


def test_a_rebuild_with_nothing_changed_looks_whether_the_server_still_has_the_vectors(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    first = rebuild(seeds, index_dir, settings=on(chroma_server))
    assert rebuild(seeds, index_dir, settings=on(chroma_server)).generation == first.generation
    leave_place(index_dir / "generations" / first.generation)
    second = rebuild(seeds, index_dir, settings=on(chroma_server))
    assert (second.generation != first.generation, second.embedded) == (True, 0)
    assert check(index_dir).problems == []


def test_vectors_are_taken_from_the_server_if_the_cache_is_lost(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), index_dir, settings=on(chroma_server))
    (index_dir / "vectors.bin").unlink()
    assert rebuild(write_seeds({"b.txt": TWO}), index_dir, settings=on(chroma_server)).embedded == 1


def test_what_is_wrong_on_the_server_is_found(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE, "b.txt": TWO})
    generation = rebuild(seeds, index_dir, settings=on(chroma_server)).generation
    folder = index_dir / "generations" / generation
    assert check(index_dir).problems == []
    with open_dense(folder) as dense:
        dense.remove(dense.keys()[:1])
        dense.add(["of no text"], np.full((1, 384), 2, np.float32))
    problems = "\n".join(check(index_dir).problems)
    assert "1 texts without a vector" in problems
    assert "1 vectors without a text: of no text" in problems
    assert "1 vectors that are not finite or not of length 1: of no text" in problems
    leave_place(folder)
    [problem] = check(index_dir).problems
    assert f"server at {chroma_server} has lost the vectors of this index" in problem


def test_a_forgotten_article_leaves_the_server_too(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    rebuild(write_seeds({"a.txt": ONE, "b.txt": TWO}), index_dir, settings=on(chroma_server))
    before = generations(index_dir)
    forget("a", index_dir)  # stays on the server, without being told
    assert not before & collections(chroma_server)
    with open_index(index_dir) as index:
        assert (index.manifest.chroma, index.dense.count()) == (chroma_server, 1)


def test_unchanged_passages_are_not_embedded_again(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    steps = [
        ({"a.txt": ONE}, None),
        ({"moved/a.txt": ONE, "b.txt": TWO}, chroma_server),  # from the folder to the server
        ({"c.txt": "A third story came."}, chroma_server),
    ]
    embedded = [rebuild(write_seeds(f), index_dir, settings=on(s)).embedded for f, s in steps]
    assert embedded == [1, 1, 1]


def test_an_open_page_follows_to_the_server_and_back(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    for server in (None, chroma_server, None):
        generation = rebuild(seeds, index_dir, settings=on(server)).generation
        with shared_index(index_dir) as index:
            assert (index.manifest.generation, index.dense.count()) == (generation, 1)
        assert "bridge" in ask("Which bridge was closed?", index_dir=index_dir).text


DIES = """
import os, signal, sys
from index import build, rebuild
from index.settings import IndexSettings
build.publish = lambda folder: os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing published
rebuild(sys.argv[1], sys.argv[2], settings=IndexSettings(chroma=sys.argv[3]))
"""


def test_a_rebuild_that_is_killed_leaves_nothing_that_a_reader_sees_or_that_stays(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    first = rebuild(write_seeds({"a.txt": ONE}), index_dir, settings=on(chroma_server)).generation
    seeds = write_seeds({"b.txt": TWO})
    command = [sys.executable, "-c", DIES, str(seeds), str(index_dir), chroma_server]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    left = generations(index_dir)
    assert len(left & collections(chroma_server)) == 2
    with open_index(index_dir) as index:
        assert (index.manifest.generation, index.dense.count()) == (first, 1)
    last = rebuild(seeds, index_dir, settings=on(chroma_server)).generation
    assert generations(index_dir) == {f"article-qa-{last}"}
    assert not left & collections(chroma_server)


def test_a_rebuild_that_fails_takes_its_collection_back(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"empty.txt": ""})
    before = collections(chroma_server)
    with pytest.raises(ArticleQAError, match="no article"):
        rebuild(seeds, index_dir, settings=on(chroma_server))
    assert collections(chroma_server) == before
    assert generations(index_dir) == set()


def test_a_collection_that_is_gone_is_said_and_made_again(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    report = rebuild(seeds, index_dir, settings=on(chroma_server))
    with open_index(index_dir) as index:
        leave_place(index_dir / "generations" / report.generation)
        with pytest.raises(
            ChromaServerError, match=r"has lost the vectors .* make it anew with 'qa reb"
        ):
            index.dense.count()
    with pytest.raises(ChromaServerError, match=f"server at {chroma_server} has lost the vectors"):
        open_index(index_dir)
    rebuild(seeds, index_dir, settings=on(chroma_server))
    assert "bridge" in ask("Which bridge was closed?", index_dir=index_dir).text


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


def test_old_collections_of_a_server_that_is_away_are_dropped_when_it_is_back(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    port, seeds, index_dir = free_port(), write_seeds({"a.txt": ONE}), tmp_path / "index"
    with running_chroma(tmp_path / "chroma", port) as url:
        rebuild(seeds, index_dir, settings=on(url))
    rebuild(seeds, index_dir)  # from now on in the folder
    assert len(generations(index_dir)) == 2
    with running_chroma(tmp_path / "chroma", port) as url:
        rebuild(seeds, index_dir)
        assert (len(generations(index_dir)), collections(url)) == (1, set())


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
    index_dir: Path,
    chroma_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rebuild(write_seeds({"a.txt": ONE}), index_dir, settings=on(chroma_server))
    with chroma_proxy(chroma_server, slow="/collections/") as url:
        monkeypatch.setattr("index.chroma_server._TIMEOUT", httpx.Timeout(1))
        server = ChromaServer(url)
        with pytest.raises(ChromaServerError, match="does not answer in time"), server.reading():
            server.client.get_collection("article-qa-x", embedding_function=None)
        server.close()


def test_the_token_goes_along_and_is_kept_nowhere(
    write_seeds: Callable[..., Path],
    index_dir: Path,
    chroma_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    with chroma_proxy(chroma_server, token="open-sesame") as url:
        monkeypatch.setenv("QA_CHROMA_TOKEN", "open-sesame")
        rebuild(seeds, index_dir, settings=on(url))
        with open_index(index_dir) as index:
            assert index.dense.count() == 1
        kept = [path.read_bytes() for path in index_dir.rglob("*") if path.is_file()]
        assert not any(b"sesame" in content for content in kept)
        for token, line in [
            ("wrong-word", r"refuses the token in QA_CHROMA_TOKEN \(status 401\)"),
            ("", r"refuses requests without a token in QA_CHROMA_TOKEN \(status 401\)"),
            ("wrong\nword", "QA_CHROMA_TOKEN holds characters that no token has"),
        ]:
            monkeypatch.setenv("QA_CHROMA_TOKEN", token)
            for failing in (
                lambda: open_index(index_dir),
                lambda: rebuild(seeds, index_dir, settings=on(url)),
            ):
                with pytest.raises(ChromaServerError, match=line) as refused:
                    failing()
                assert "word" not in str(refused.value)
        monkeypatch.setenv("QA_CHROMA_TOKEN", "open-sesame")
        rebuild(seeds, index_dir)
        assert len(generations(index_dir)) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_is_checked_and_may_be_of_an_authority_of_ones_own(
    write_seeds: Callable[..., Path],
    index_dir: Path,
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
            rebuild(seeds, index_dir, settings=on(url))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.crt"))
        rebuild(seeds, index_dir, settings=on(url))
        with open_index(index_dir) as index:
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


def test_vectors_whose_note_is_damaged_are_an_index_to_make_anew(
    write_seeds: Callable[..., Path], index_dir: Path, chroma_server: str
) -> None:
    seeds = write_seeds({"a.txt": ONE})
    report = rebuild(seeds, index_dir, settings=on(chroma_server))
    note = index_dir / "generations" / report.generation / "dense.json"
    whole = note.read_text()
    note.write_text(whole[:20])
    with pytest.raises(ArticleQAError, match=r"cannot be read .* make it anew"):
        open_index(index_dir)
    note.write_text(whole)
