"""Articles -> each once in an outlet, its copies left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Copyable(Protocol):
    """What may be a copy of another article."""

    @property
    def article_id(self) -> str:
        """Its own id."""

    @property
    def outlet(self) -> str | None:
        """Who carries it; None where unknown."""

    @property
    def duplicate_of(self) -> str | None:
        """The id of what it copies; None for an original."""


AnyArticle = TypeVar("AnyArticle", bound=Copyable)


def once_each(articles: Iterable[AnyArticle]) -> list[AnyArticle]:
    """Keep one of the copies of an article in each outlet: the original if it is there.

    Returns
    -------
    list
        Originals first, then by id, whatever the order of the articles.
    """
    articles = list(articles)
    copy_of = {a.article_id: a.duplicate_of for a in articles if a.duplicate_of}
    kept: dict[tuple[str | None, str], AnyArticle] = {}
    for article in sorted(articles, key=_originals_first):
        original = _original(article.article_id, copy_of)
        kept.setdefault((article.outlet, original), article)
    return list(kept.values())


def _originals_first(article: Copyable) -> tuple[bool, str]:
    return article.duplicate_of is not None, article.article_id


def _original(article_id: str, copy_of: Mapping[str, str]) -> str:
    """Follow copies back to the first; a ring of copies ends where it closes."""
    seen = {article_id}
    while article_id in copy_of and copy_of[article_id] not in seen:
        article_id = copy_of[article_id]
        seen.add(article_id)
    return min(seen) if article_id in copy_of else article_id
