"""Settings of a rebuild: each has a flag, an environment variable ``QA_…`` and a default."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import SettingsError
from index.readers.fields import field_names


class IndexSettings(BaseSettings):
    """Where articles and index lie, and how the index is made."""

    model_config = SettingsConfigDict(
        env_prefix="QA_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    seeds: Path = Field(default=Path("seeds"), description="folder with the articles")
    index: Path = Field(default=Path("var/index"), description="folder of the index")
    fields: str | None = Field(
        default=None,
        description="what exports call a field, such as `text=story,published=meta.when`",
    )
    models_dir: Path | None = Field(
        default=None, description="folder with other model files than the bundled ones"
    )
    passage_tokens: int = Field(
        default=250, ge=50, le=400, description="greatest length of a passage, in cl100k_base tokens"
    )
    batch_tokens: int = Field(
        default=256, ge=128, le=65_536, description="tokens a model reads at once, padding included"
    )
    threads: int = Field(
        default=0, ge=0, le=256, description="threads a model computes with; 0 means all cores"
    )
    chroma: str | None = Field(
        default=None,
        description="Chroma server that a rebuild puts the vectors on, such as `http://10.0.0.5:8000`",
    )
    ray: str | None = Field(
        default=None,
        description="Ray cluster that a rebuild embeds on: `HOST:PORT`, `auto` or `ray://HOST:10001`",
    )

    @field_validator("chroma")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            url = urlsplit(value)
            url.port  # noqa: B018  # raises ValueError for what is none
        except ValueError:
            url = urlsplit("")
        bare = not (url.username or url.password or url.query or url.fragment)
        if url.scheme not in ("http", "https") or not url.hostname or not bare:
            raise PydanticCustomError("chroma", "it must be like http://HOST:PORT or https://HOST")
        return value.rstrip("/")

    @field_validator("fields")
    @classmethod
    def _are_field_names(cls, value: str | None) -> str | None:
        try:
            field_names(value)
        except ValueError as error:  # which would be told as "value error, …"
            raise PydanticCustomError("fields", "{reason}", {"reason": str(error)}) from None
        return value


S = TypeVar("S", bound=IndexSettings)


def load_settings(kind: type[S], **given: Any) -> S:
    """Settings of ``kind`` from ``given`` (``None`` means not given), else environment, else default.

    Raises SettingsError, in one line with flag and variable, for a value that cannot be used.
    """
    try:
        return kind(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name, message = str(first["loc"][0]), first["msg"]
        raise SettingsError(
            f"{name} cannot be {first['input']!r}: {message[:1].lower()}{message[1:]} "
            f"(set it with {flag(name)} or {variable(name)})"
        ) from None


def flag(name: str) -> str:
    """The command-line flag of the setting ``name``."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """The environment variable of the setting ``name``."""
    return "QA_" + name.upper()
