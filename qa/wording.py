"""Dates, outlets and counts as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Named(Protocol):
    """Anything that stands for an article: the article itself, a reference to it, a citation."""

    @property
    def title(self) -> str | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def author(self) -> str | None: ...
    @property
    def published(self) -> str | None: ...
    @property
    def path(self) -> str: ...


def day(published: str | None) -> str:
    """``2020-11-15T…`` as ``15 November 2020``; "undated" for None."""
    if published is None:
        return "undated"
    moment = date.fromisoformat(published[:10])
    return f"{moment.day} {moment:%B %Y}"


def outlet(article: Named) -> str:
    """Who says it: the outlet, else the author."""
    return article.source or article.author or "outlet unknown"


def origin(article: Named, *, as_of: bool = False) -> str:
    """Who says it and when, as far as it is known: ``CNN, 25 August 2022``.

    With ``as_of`` the day comes first: ``As of 25 August 2022, CNN``.
    """
    who = article.source or article.author or headline(article)
    if not article.published:
        return who
    when = day(article.published)
    return f"As of {when}, {who}" if as_of else f"{who}, {when}"


def headline(article: Named) -> str:
    """The title, else the file that the article came from."""
    return article.title or article.path


def count(number: int, noun: str) -> str:
    """``1 article``, ``2,000 articles``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
