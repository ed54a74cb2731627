"""An article as it was sent -> the article to score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from annotator.errors import UnreadableInput
from annotator.ingest import Options
from annotator.ingest.articles import Origin, articles_of
from annotator.ingest.document import Facts
from annotator.ingest.files import Found
from annotator.ingest.html import document_of_page
from annotator.ingest.outlets import canonical, host_of
from annotator.records import Article, Failure
from annotator.serve.bodies import ArticleBody


def read_article(body: ArticleBody, aliases: Mapping[str, str]) -> Article:
    """Make the article that a request is about.

    Text is taken as it is. Of a page the article is taken, as from a saved file.

    Parameters
    ----------
    aliases
        Names of outlets, as of `ingest.outlets.load_aliases`.

    Raises
    ------
    UnreadableInput
        Where a page is too strange or holds no article.
    """
    if body.html is not None:
        return _of_page(body, body.html, aliases)
    outlet = body.outlet or (host_of(body.url) if body.url else None)
    return Article(
        body.article_id,
        "",
        body.text or "",
        source_id=body.id,
        outlet=outlet and canonical(outlet, aliases),
        title=body.title,
        author=body.author,
        published=body.published,
        url=body.url,
        language=body.language,
    )


def _of_page(body: ArticleBody, page: str, aliases: Mapping[str, str]) -> Article:
    stated = Facts(
        outlet=body.outlet,
        title=body.title,
        author=body.author,
        published=body.published,
        url=body.url,
        language=body.language,
        source_id=body.id,
    )
    origin = Origin(Found(Path("page.html"), ".html", False), stated, None, aliases)
    for item in articles_of(document_of_page(page), origin, Options()):
        if isinstance(item, Failure):
            raise UnreadableInput(item.reason)
        if isinstance(item, Article):
            return replace(item, article_id=body.article_id, source_path="")
    raise UnreadableInput("no article text found")
