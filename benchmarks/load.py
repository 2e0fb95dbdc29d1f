"""Does the chat page hold when many people ask at once, and over many questions?

A real ``qa chat`` in a process of its own, asked as the page's script asks it.  The baseline of the
same run is one person who asks the same questions alone.  Then 25 people ask at once, several times
over, and at last 1,000 questions are asked, a few at a time, while the server's memory is watched.

    python -m benchmarks.load [--index FOLDER]      # else the articles that ship with the project
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.answer_speed import QUESTIONS
from index import rebuild

PEOPLE, ROUNDS = 25, 4  # who ask at once; times that all of them ask
ALONE = 5  # times that one person asks all questions, alone
MANY, FEW = 1000, 4  # questions while memory is watched; asked at the same time
EVERY = 100  # questions between two looks at the memory
PATIENCE = 300  # seconds for an answer
PORT = 7871
_RECORD = re.compile(r'data-record="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: the answer as the browser keeps it, or None, and how long that took."""

    question: str
    answer: dict[str, Any] | None
    error: str | None
    seconds: float


class Visitor:
    """Somebody who asks at ``HOST:PORT``, with the messages that the page's script sends."""

    def __init__(self, host: str) -> None:
        self._host = host
        events = json.loads(self._get("/config"))["dependencies"]
        self._event, self._page = next(
            (event["id"], target[0])
            for event in events
            for target in event["targets"]
            if target[1] == "submit"
        )

    def ask(self, question: str) -> Asked:
        """Ask in a new tab, and wait for the answer.  Raises OSError or ValueError."""
        started = time.perf_counter()
        tab = uuid.uuid4().hex
        data = {"run": tab, "number": 1, "question": question, "said": [], "limits": {}}
        self._join(tab, data)
        record = self._record(tab)
        seconds = time.perf_counter() - started
        return Asked(question, record["answer"], record["error"], seconds)

    def _join(self, tab: str, data: dict[str, Any]) -> None:
        event = {"data": [], "event_data": data, "fn_index": self._event}
        body = json.dumps({**event, "trigger_id": self._page, "session_hash": tab})
        with closing(self._connection()) as connection:
            headers = {"content-type": "application/json"}
            connection.request("POST", "/gradio_api/queue/join", body, headers)
            response = connection.getresponse()
            if response.status != 200:
                raise ValueError(f"{response.status}: {response.read(200).decode()}")

    def _record(self, tab: str) -> dict[str, Any]:
        with closing(self._connection()) as connection:
            connection.request("GET", f"/gradio_api/queue/data?session_hash={tab}")
            for line in connection.getresponse():
                message = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
                if message.get("msg") == "process_completed":
                    found = _RECORD.search(message["output"]["data"][0])
                    return dict(json.loads(html.unescape(found[1]))) if found else {}
        raise ValueError("the server sent no answer")

    def _get(self, path: str) -> bytes:
        with closing(self._connection()) as connection:
            connection.request("GET", path)
            return connection.getresponse().read()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, timeout=PATIENCE)


def ask_at_once(visitor: Visitor, questions: Sequence[str]) -> list[Asked]:
    """Each question by somebody else, all in the same moment."""
    start = threading.Barrier(len(questions))

    def ask(question: str) -> Asked:
        start.wait()
        return visitor.ask(question)

    with ThreadPoolExecutor(len(questions)) as people:
        return list(people.map(ask, questions))


def main() -> None:
    """Measure, print and write ``benchmarks/load.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, metavar="FOLDER")
    index_dir = parser.parse_args().index
    if index_dir is None:
        index_dir = Path("var/benchmarks/seeds-index")
        rebuild("seeds", index_dir)
    with _served(index_dir) as (host, process):
        visitor = Visitor(host)
        for question in QUESTIONS:
            visitor.ask(question)  # loads the models
        alone = [visitor.ask(question) for question in islice(cycle(QUESTIONS), 10 * ALONE)]
        crowd = [
            asked
            for _ in range(ROUNDS)
            for asked in ask_at_once(visitor, list(islice(cycle(QUESTIONS), PEOPLE)))
        ]
        memory = [*_memory_over_many(visitor, process)]
    expected = {asked.question: (asked.answer or {}).get("text") for asked in alone}
    wrong = sum((asked.answer or {}).get("text") != expected[asked.question] for asked in crowd)
    single = statistics.median(asked.seconds for asked in alone)
    p95 = statistics.quantiles((asked.seconds for asked in crowd), n=20)[-1]
    result = {
        "people": PEOPLE,
        "questions_at_once": len(crowd),
        "errors_or_other_answers": wrong,
        "alone_seconds_median": single,
        "at_once_seconds_median": statistics.median(asked.seconds for asked in crowd),
        "at_once_seconds_p95": p95,
        "p95_over_alone": p95 / single,
        "memory_mb": memory,
        "memory_growth_mb_second_half": memory[-1] - memory[len(memory) // 2],
    }
    for name, value in result.items():
        print(f"{name:<32}{value if isinstance(value, int | list) else f'{value:.2f}'}")
    Path("benchmarks/load.json").write_text(json.dumps(result, indent=1) + "\n")


def _memory_over_many(visitor: Visitor, process: int) -> Iterator[int]:
    """The server's resident memory in MB: before, and after each ``EVERY`` of ``MANY`` questions."""
    yield _megabytes(process)
    questions = cycle(QUESTIONS)
    with ThreadPoolExecutor(FEW) as people:
        for _ in range(MANY // EVERY):
            for asked in people.map(visitor.ask, islice(questions, EVERY)):
                if asked.answer is None:
                    raise SystemExit(f"{asked.question} was not answered: {asked.error}")
            yield _megabytes(process)


def _megabytes(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return round(int(found[1]) / 1024) if found else 0


@contextmanager
def _served(index_dir: Path) -> Iterator[tuple[str, int]]:
    """``qa chat`` on an index: its address and its process."""
    command = [sys.executable, "-m", "qa", "chat", "--index", str(index_dir), "--port", str(PORT)]
    feedback = ["--feedback", "var/benchmarks/feedback.jsonl"]
    server = subprocess.Popen([*command, *feedback], stdout=subprocess.PIPE, env=os.environ)
    try:
        if server.stdout is None or not server.stdout.readline():  # comes when it can be asked
            raise SystemExit("the chat page did not start")
        yield f"127.0.0.1:{PORT}", server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


if __name__ == "__main__":
    main()
