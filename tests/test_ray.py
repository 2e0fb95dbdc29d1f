"""Embedding on a Ray cluster of two nodes, each of processes of its own on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from index import open_index, rebuild
from index.errors import ClusterError
from index.settings import IndexSettings
from qa import ask
from tests.conftest import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")

STORIES = {
    f"{n:02}.txt": f"Story {n} tells of bridge {n}. {'It was closed on Monday. ' * (n % 12)}"
    for n in range(60)
}
# Says how far it is, so that the test can act in the middle, and sends little work at a time.
PROGRAM = """
import sys
from index import ray_cluster, rebuild
from index.settings import IndexSettings
ray_cluster.TASK_BATCHES = 1
settings = IndexSettings(ray=sys.argv[3])
tell = lambda p, out=sys.stdout: print(p.stage, p.done, file=out, flush=True)
rebuild(*sys.argv[1:3], settings=settings, progress=tell)
"""
# Failures are seen soon, and nothing is reported to anyone.
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_health_check_initial_delay_ms": "500",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "5",
}


class Node:
    """What one ``ray start`` starts."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        name, value = "NODE_OF_A_TEST", str(uuid.uuid4())
        self._mark = f"{name}={value}".encode()
        self._log = folder / f"{value}.log"
        program = Path(sys.executable).with_name("ray")
        command = [str(program), "start", "--num-cpus=1", "--object-store-memory=100000000", *arguments]
        with self._log.open("wb") as log:
            environment = os.environ | ENVIRONMENT | {name: value}
            self._started = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until it is up."""
        assert self._started.wait(240) == 0, self._log.read_text()

    def kill(self) -> None:
        """As if the machine lost its power."""
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._started.wait()

    def _processes(self) -> Iterator[int]:
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self._mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


@contextmanager
def cluster() -> Iterator[tuple[str, Node]]:
    """The address of a cluster of two nodes, and the second one."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # names of sockets must be short
    port = free_port()
    address = f"127.0.0.1:{port}"
    nodes = []
    try:
        for arguments in (
            (
                "--head",
                f"--port={port}",
                f"--ray-client-server-port={free_port()}",
                "--node-ip-address=127.0.0.1",
                "--include-dashboard=false",
                f"--temp-dir={folder}",
            ),
            (f"--address={address}", "--node-ip-address=127.0.0.2"),
        ):
            nodes.append(Node(folder, *arguments))
            nodes[-1].wait()
        yield address, nodes[1]
    finally:
        for node in reversed(nodes):
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def embedded(lines: Iterable[str]) -> Iterator[int]:
    """How many passages are embedded, each time that the program says so; it must say no more."""
    for line in lines:
        stage, done = line.split()
        if stage == "embedding" and int(done):
            yield int(done)


def test_a_cluster_gives_the_same_index_and_loses_nothing_with_a_node(
    write_seeds: Callable[..., Path], tmp_path: Path
) -> None:
    seeds = write_seeds(STORIES)
    folders = [tmp_path / "one", tmp_path / "two"]
    rebuild(seeds, folders[0])
    command = [sys.executable, "-c", PROGRAM, str(seeds), str(folders[1])]
    with (
        cluster() as (address, second),
        subprocess.Popen([*command, address], stdout=subprocess.PIPE, text=True) as running,
    ):
        steps = embedded(running.stdout or ())
        first = next(steps)
        second.kill()
        assert [*steps][-1] == len(STORIES)
        assert running.wait() == 0
    assert first < len(STORIES) / 2, "it was killed in the middle"
    with open_index(folders[0]) as one, open_index(folders[1]) as two:
        assert list(two.articles()) == list(one.articles())
        numbers = range(1, len(STORIES) + 1)
        assert [v.tolist() for v in two.vectors(numbers).values()] == [
            v.tolist() for v in one.vectors(numbers).values()
        ]
    answers = [ask("When was bridge 17 closed?", index_dir=folder).text for folder in folders]
    assert answers[0] == answers[1]
    assert "Monday" in answers[0]


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "ray://127.0.0.1:{port}", "somewhere"])
def test_a_cluster_that_is_away_is_one_line_and_the_index_stays(
    write_seeds: Callable[..., Path], tmp_path: Path, address: str
) -> None:
    address = address.format(port=free_port())
    seeds = write_seeds({"a.txt": "A story."})
    with pytest.raises(ClusterError, match=f"there is no Ray cluster at {address} .*ray start --head"):
        rebuild(seeds, tmp_path / "index", settings=IndexSettings(ray=address))
    assert list((tmp_path / "index").glob("generations/*")) == []


def test_without_ray_the_line_says_how_to_install_it(
    write_seeds: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    seeds = write_seeds({"a.txt": "A story."})
    with pytest.raises(ClusterError, match=r"pip install 'article-qa\[ray\]'"):
        rebuild(seeds, tmp_path / "index", settings=IndexSettings(ray="auto"))
