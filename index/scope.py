"""Which articles a question is asked of."""

from __future__ import annotations

from dataclasses import dataclass

from index.article import Article, first_instant


@dataclass(frozen=True, slots=True)
class Scope:
    """Hard limits.  Instants are seconds since 1970 UTC, both ends included; None is no limit.

    ``sources`` are outlets in any case; empty means all.  An article without a date is outside
    any limit on dates, one without an outlet outside any limit on outlets.
    """

    since: float | None = None
    until: float | None = None
    sources: tuple[str, ...] = ()

    @property
    def folded_sources(self) -> list[str]:
        """The outlets as they are stored for comparison."""
        return [fold_source(name) for name in self.sources]


def fold_source(name: str) -> str:
    """An outlet's name without case and double spaces."""
    return " ".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class ScopeKey:
    """What an article is compared by with a scope."""

    published: float | None
    source: str | None

    @classmethod
    def of(cls, article: Article) -> ScopeKey:
        """The key of ``article``."""
        return cls(
            published=first_instant(article.published) if article.published else None,
            source=fold_source(article.source) if article.source else None,
        )
