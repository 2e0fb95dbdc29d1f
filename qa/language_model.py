"""A language model from its name, or from Python, and its words as they come, within a time limit."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.errors import ArticleQAError, SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

OPENAI = "https://api.openai.com/v1"
OLLAMA = "http://127.0.0.1:11434/v1"  # Ollama speaks OpenAI's protocol there
QUOTES = "quotes"  # the spec that asks for no model
NO_KEY = "none"  # servers that need no key still want one to be sent
AHEAD = 64  # pieces that are taken from a model before the last ones were read
CONTEXT = 128_000  # tokens; what is asked stays far below it, and the server has the last word
EXTRA = "pip install 'article-qa[llm]'"


class LanguageModelError(ArticleQAError):
    """A model could not be asked or did not finish; the message goes on after "The language model"."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A LlamaIndex model, the name that answers bear, and the seconds that it has for an answer."""

    name: str
    llm: LLM
    seconds: float

    def stream(self, rules: str, message: str) -> Generator[str, None, None]:
        """What the model answers, piece by piece.

        Raises LanguageModelError if it fails or has not finished in time.  Closing the iterator ends
        the model's own stream with its next piece, whatever the model is.
        """
        from llama_index.core.llms import ChatMessage

        chat = [ChatMessage(role="system", content=rules), ChatMessage(role="user", content=message)]
        return _in_time(lambda: _deltas(self.llm, chat), self.seconds)


def open_model(spec: Any, seconds: float) -> LanguageModel | None:
    """The model for ``spec``: ``ollama:NAME``, ``openai:NAME``, ``http://HOST:PORT/v1#NAME`` or an LLM.

    None for None and for "quotes".  Raises SettingsError if it is none of these, or if the package or
    the key that it needs is missing; whether a server answers is not known before it is asked.
    """
    if spec is None or spec == QUOTES:
        return None
    if not isinstance(spec, str):
        from llama_index.core.llms import LLM

        if not isinstance(spec, LLM):
            raise SettingsError(
                f"llm must be a name such as ollama:NAME or a LlamaIndex LLM, not {spec!r}"
            )
        return LanguageModel(_name(spec), spec, seconds)
    key = os.environ.get("QA_LLM_KEY") or NO_KEY
    kind, _, name = spec.partition(":")
    if kind == "ollama" and name:
        return _open(name, OLLAMA, key, seconds)
    if kind == "openai" and name:
        if not (key := os.environ.get("OPENAI_API_KEY", "")):
            raise SettingsError(f"{spec} needs a key: set the environment variable OPENAI_API_KEY")
        return _open(name, OPENAI, key, seconds)
    if kind in ("http", "https"):
        address, _, name = spec.partition("#")
        if name and _is_address(address):
            return _open(name, address, key, seconds)
    raise SettingsError(
        f"llm cannot be {spec!r}: it is ollama:NAME, openai:NAME, http://HOST:PORT/v1#NAME or {QUOTES} "
        "(set it with --llm or QA_LLM)"
    )


def _open(name: str, address: str, key: str, seconds: float) -> LanguageModel:
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        missing = f"a language model needs a package that is not installed: {EXTRA}"
        raise SettingsError(missing) from error
    # One try: whoever asks gets quotes at once rather than the same failure later.
    llm = OpenAILike(
        model=name,
        api_base=address,
        api_key=key,
        is_chat_model=True,
        context_window=CONTEXT,
        temperature=0.0,
        timeout=seconds,
        max_retries=0,
    )
    return LanguageModel(name, llm, seconds)


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", address)
    except ValueError:
        return False


def _name(llm: LLM) -> str:
    name = llm.metadata.model_name
    return name if name and name != "unknown" else llm.class_name()


def _deltas(llm: LLM, chat: Sequence[ChatMessage]) -> Generator[str, None, None]:
    """The new text of each response; some models only give all text so far."""
    length = 0
    responses = llm.stream_chat(chat)
    try:
        for response in responses:
            text = response.message.content or ""
            delta = text[length:] if response.delta is None else response.delta
            length = max(length, len(text))
            if delta:
                yield delta
    finally:
        if hasattr(responses, "close"):
            responses.close()


def _in_time(
    start: Callable[[], Generator[str, None, None]], seconds: float
) -> Generator[str, None, None]:
    """The pieces of ``start()``, taken in a thread of its own, for a model may hang for ever."""
    pieces: Queue[str | BaseException | None] = Queue(AHEAD)
    stopped = Event()

    def put(piece: str | BaseException | None) -> None:
        while not stopped.is_set():
            with suppress(Full):
                pieces.put(piece, timeout=0.1)
                return

    def take() -> None:
        try:
            with closing(start()) as stream:
                for piece in stream:
                    put(piece)
                    if stopped.is_set():
                        return
            put(None)
        except BaseException as error:  # handed to the thread that asked
            put(error)

    Thread(target=take, name="language-model", daemon=True).start()
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(deadline - time.monotonic(), 0.0))
            except Empty:
                raise LanguageModelError(f"did not finish within {seconds:g} s") from None
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise LanguageModelError(_reason(piece)) from piece
            yield piece
    finally:
        stopped.set()


def _reason(error: BaseException) -> str:
    """What went wrong, in words.  What a server says may hold a key, and is left out."""
    kind, status = type(error).__name__, getattr(error, "status_code", None)
    if kind == "APIConnectionError":
        return "cannot be reached"
    if "Timeout" in kind:
        return "did not answer in time"
    known = {401: "refused the key", 403: "refused the key", 404: "does not exist on its server"}
    known |= {429: "is asked too often, or the account is used up"}
    return known.get(status or 0) or f"failed ({kind}{f' {status}' if status else ''})"
