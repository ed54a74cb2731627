"""A record of named fields -> its text and facts, under whatever names they go.

Field names of the sets that researchers hold: AllSides-style JSON, BABE, CheckThat,
Media Bias Detector, news-please, newsapi.org, schema.org.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isnan

from annotator.errors import UnreadableInput
from annotator.ingest.decode import clean
from annotator.ingest.document import Document, Facts, Options

TEXT_FIELDS = (
    "text",
    "body",
    "content",
    "article",
    "maintext",
    "main_text",
    "article_text",
    "article_body",
    "articlebody",
    "full_text",
    "fulltext",
    "story",
    "body_paragraphs",
    "content_original",
    "sentence",
    "sentence_text",
)
_FACT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "outlet": (
        "outlet",
        "source",
        "publisher",
        "publication",
        "newspaper",
        "source_name",
        "site_name",
        "sitename",
        "site",
        "source_domain",
        "domain",
    ),
    "title": ("title", "headline", "article_title"),
    "author": ("author", "authors", "byline"),
    "published": (
        "published",
        "date",
        "pub_date",
        "pubdate",
        "published_at",
        "publishedat",
        "date_published",
        "datepublished",
        "publication_date",
        "date_publish",
    ),
    "url": ("url", "link", "article_url", "news_link"),
    "language": ("language", "lang", "inlanguage"),
    "topic": ("topic", "section", "category", "articlesection"),
    "source_id": ("id", "sentence_id", "uuid", "_id", "article_id"),
}
KNOWN_FIELDS = frozenset(TEXT_FIELDS).union(*_FACT_FIELDS.values())

_LONGEST_FACT = 2_000
"""Characters of a title, name or address that are kept."""


def plain_name(name: str) -> str:
    """Give a field's name as the tables above have it: ``Pub Date`` -> ``pub_date``."""
    return re.sub(r"[^\w]+|_+", "_", name.strip().casefold())


def has_text(names: Iterable[str]) -> bool:
    """Whether one of the names is that of a text field."""
    return any(plain_name(name) in TEXT_FIELDS for name in names)


def no_text_field(names: Iterable[str], what: str) -> str:
    """Say which fields there are where none holds the text."""
    there = ", ".join(str(name) for name in names) or "none"
    return (
        f"no text {what}: expected one of {', '.join(TEXT_FIELDS[:7])}; "
        f"the {what}s are: {there[:300]}"
    )


def facts_of(record: Mapping[str, object]) -> Facts:
    """Pick what a record says of its origin."""
    named = {plain_name(str(name)): value for name, value in record.items()}
    return Facts(**{fact: _first(named, names) for fact, names in _FACT_FIELDS.items()})


def document_of(record: object, number: int, options: Options) -> Document:
    """Make a document of a record.

    Raises
    ------
    UnreadableInput
        Where it is no record, has no text or too much of it.
    """
    if not isinstance(record, Mapping):
        kind = type(record).__name__
        raise UnreadableInput(f"expected an object with named fields, got a {kind}")
    if not has_text(map(str, record)):
        raise UnreadableInput(no_text_field(map(str, record), "field"))
    named = {plain_name(str(name)): value for name, value in record.items()}
    texts = (_paragraphs(named[name]) for name in TEXT_FIELDS if name in named)
    text = next((text for text in texts if text.strip()), "")
    if not text:
        raise UnreadableInput("the text is empty")
    if len(text) > options.max_chars:
        raise UnreadableInput(
            f"{len(text):,} characters of text: expected at most {options.max_chars:,}"
        )
    return Document(clean(text), facts_of(record), position=number)


def document_or_fault(
    record: object, number: int, where: str, options: Options
) -> Document | UnreadableInput:
    """Make a document, or say where one could not be made and why."""
    try:
        return document_of(record, number, options)
    except UnreadableInput as fault:
        return UnreadableInput(f"{where}{fault}")


def _paragraphs(value: object) -> str:
    """Give a text field as text: a string, or a list of paragraphs, nested or not."""
    return "\n\n".join(v for v in _flat(value) if v and isinstance(v, str))


def _first(named: Mapping[str, object], names: Iterable[str]) -> str | None:
    """Give the first field that is there and not empty."""
    facts = (_fact(named[name]) for name in names if name in named)
    return next(filter(None, facts), None)


def _fact(value: object) -> str | None:
    """Give a fact as one line of text; None of nothing."""
    facts = (_line(v) for v in _flat(value, "name"))
    return ", ".join(filter(None, facts))[:_LONGEST_FACT] or None


def _line(value: object) -> str:
    """Give a single value as one line; nothing of a missing one."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    return " ".join(clean(str(value)[: 2 * _LONGEST_FACT])[:_LONGEST_FACT].split())


def _flat(value: object, key: str | None = None) -> Iterator[object]:
    """Yield what stands in lists, and under a key of objects, however deep, in order.

    Without recursion: JSON may be nested as deep as Python's stack.
    """
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif key is not None and isinstance(value, Mapping):
            waiting.append(value.get(key))
        else:
            yield value
