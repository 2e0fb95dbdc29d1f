"""Indexes that tests share, and a way to make others."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt
import pytest

from index import rebuild
from index.models import TextModel, Tokens
from qa.cross_encoder import Skimmed

ROOT = Path(__file__).parent.parent
COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"

SMALL = {
    "embassy": "Embassy may close\n\nWashington may close its embassy in Baghdad, diplomats said.",
    "rocket": "Rocket hits house\n\nA rocket killed seven civilians near Baghdad on Tuesday.",
    "troops": "Troops stay\n\nThe US has around 3,000 troops in Iraq, in three bases.",
}


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of the articles that ship with the project."""
    folder = tmp_path_factory.mktemp("seeds-index")
    rebuild(ROOT / "seeds", folder)
    return folder


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index of three short articles, for tests that need something to ask."""
    folder = tmp_path_factory.mktemp("small-index")
    (folder / "seeds").mkdir()
    for name, text in SMALL.items():
        (folder / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


REMEMBERED: dict[tuple[type, str, str], npt.NDArray[np.float32]] = {}


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a model gives for a batch it has read before is not computed again.

    For tests that ask one question again and again, and are about what comes after the models.
    """
    forward = TextModel._forward

    def remembered(self: TextModel, batch: Sequence[Tokens]) -> npt.NDArray[np.float32]:
        # The reader and the cross-encoder are made of one file, and each half reads a text in its turn.
        given = [one.hidden.tobytes() if isinstance(one, Skimmed) else b"" for one in batch]
        texts = repr([(one.ids, one.type_ids, hash(of)) for one, of in zip(batch, given, strict=True)])
        key = type(self), self.fingerprint, texts
        if key not in REMEMBERED:
            REMEMBERED[key] = forward(self, batch)
        return REMEMBERED[key].copy()

    monkeypatch.setattr(TextModel, "_forward", remembered)


@pytest.fixture
def write_seeds(tmp_path: Path) -> Callable[..., Path]:
    """Write files, name → content, into a seeds folder; gives the folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "seeds"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        folder.mkdir(exist_ok=True)
        return folder

    return write


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_chroma(folder: Path, port: int) -> Iterator[str]:
    """The URL of a Chroma server, the one that ``chroma run`` starts, with its data in ``folder``."""
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    # Its output is of no use and must not fill a pipe.
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    httpx.get(f"{url}/api/v2/heartbeat", timeout=5)
                    break
                except httpx.TransportError:
                    assert process.poll() is None, "the Chroma server did not start"
                    time.sleep(0.05)
            yield url
        finally:
            process.kill()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Chroma server that tests share."""
    with running_chroma(tmp_path_factory.mktemp("chroma"), free_port()) as url:
        yield url


def collections(server: str) -> set[str]:
    """The names of all collections on a Chroma server."""
    return {entry["name"] for entry in httpx.get(server + COLLECTIONS).json()}


@pytest.fixture
def chroma_index(tmp_path: Path, chroma_server: str) -> Iterator[Path]:
    """A folder for an index; what it has on the shared server is dropped at the end."""
    before = collections(chroma_server)
    yield tmp_path / "index"
    for name in collections(chroma_server) - before:
        httpx.delete(f"{chroma_server}{COLLECTIONS}/{name}").raise_for_status()
