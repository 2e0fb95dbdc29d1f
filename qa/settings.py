"""All settings: those of the index, and those of asking and of the chat page."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from index.settings import IndexSettings


class Settings(IndexSettings):
    """Where the index lies, how a question is answered, and where the page is served."""

    k: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="passages that retrieve() finds and an answer may draw on",
    )
    rerank: int = Field(
        default=24,
        ge=1,
        le=1000,
        description="passages, or k if that is more, that are weighed for each part of a question",
    )
    quotes: int = Field(default=8, ge=1, le=20, description="greatest number of quotes in an answer")
    confidence: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="least probability of being right at which a question is answered",
    )
    llm: str | None = Field(
        default=None,
        description="language model that writes: `ollama:NAME`, `openai:NAME`, `http://HOST:PORT/v1#NAME`",
    )
    llm_timeout: float = Field(
        default=60, gt=0, le=3600, description="seconds that a language model has for an answer"
    )
    llm_tokens: int = Field(
        default=2000, ge=50, le=100_000, description="tokens of passages that a language model is shown"
    )
    host: str = Field(default="127.0.0.1", description="address that the chat page listens on")
    port: int = Field(default=7860, ge=1, le=65_535, description="port of the chat page")
    users: Path | None = Field(
        default=None,
        description="file of `qa add-user`: with it, people log in to the chat page",
    )
    no_password: bool = Field(
        default=False, description="serve the page to other machines although nobody logs in"
    )
    waiting: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="questions that may wait in line; to the next the page says that it is busy",
    )
    feedback: Path = Field(
        default=Path("var/feedback.jsonl"), description="file that keeps what people think of answers"
    )
    allow_upload: bool = Field(
        default=False, description="let people add articles to the seeds on the chat page"
    )
    upload_mb: int = Field(
        default=20, ge=1, le=1000, description="greatest size of a file that is added, in megabytes"
    )
