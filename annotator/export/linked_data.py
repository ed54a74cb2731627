"""Sentences -> linked data: W3C Web Annotations, and claims of schema.org.

Positions are code points into the article as it was read, which the page at its URL
need not hold in this form; the quotation is what finds the place again (W3C Web
Annotation Data Model, 4.2.4 and 4.2.5).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID, uuid5

from annotator.codebook import MEANING
from annotator.export.items import Item, context
from annotator.export.marks import attributes
from annotator.records import Article, MarkedSpan, Span

NAMESPACE: Final = UUID("0c1a6f0e-53f1-5c7b-8f43-7a2b9d6f4e10")
"""Fixed, so that the same sentence has the same name in every export."""


def web_annotations(items: Iterable[Item]) -> Iterator[str]:
    """Write a page of annotations: one for each label, and one for each span."""
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:uuid:{uuid5(NAMESPACE, 'page')}",
        "type": "AnnotationPage",
    }
    yield from _listed(page, "items", (a for item in items for a in _annotations(item)))


def claims(items: Iterable[Item]) -> Iterator[str]:
    """Write a `Claim` for each sentence, and a `ClaimReview` where people gave a label.

    The rating is how the sentence offers what it says, never whether it is true; so it
    has a name and no number.
    """
    graph = {"@context": "https://schema.org"}
    yield from _listed(graph, "@graph", map(_claim, items))


def _listed(head: dict[str, Any], name: str, objects: Iterable[Any]) -> Iterator[str]:
    """Write an object that ends in a list, one element at a time."""
    yield json.dumps(head)[:-1] + f", {json.dumps(name)}: ["
    between = "\n"
    for each in objects:
        yield between + json.dumps(each)
        between = ",\n"
    yield "\n]}\n"


def _annotations(item: Item) -> Iterator[dict[str, Any]]:
    verdict = item.verdict
    people = (
        [{"type": "Person", "name": n} for n in verdict.reviewers] if verdict else []
    )
    machine = {"type": "Software", "name": item.machine.model}
    body = {
        "type": "TextualBody",
        "purpose": "classifying",
        "value": item.label,
        "format": "text/plain",
    }
    note = {"type": "TextualBody", "purpose": "commenting", "value": item.note}
    yield {
        "id": _urn("label", item.sentence.sentence_id),
        "type": "Annotation",
        "motivation": "classifying",
        "creator": people or machine,
        "body": [body, note] if item.note else [body],
        "target": _target(item, item.sentence.span),
    }
    for number, marked in enumerate(item.spans):
        start = item.sentence.start
        span = Span(start + marked.span.start, start + marked.span.end)
        corrected = verdict is not None and verdict.spans is not None
        yield {
            "id": _urn("span", item.sentence.sentence_id, str(number)),
            "type": "Annotation",
            "motivation": "identifying",
            "creator": people if corrected else machine,
            "body": _tags(marked),
            "target": _target(item, span),
        }


def _tags(marked: MarkedSpan) -> list[dict[str, str]]:
    values = (marked.layer, *attributes(marked).values())
    return [{"type": "TextualBody", "purpose": "tagging", "value": v} for v in values]


def _target(item: Item, span: Span) -> dict[str, Any]:
    """Say where a stretch of an article stands, by quotation and by position."""
    text = item.article.text
    before, after = context(item.article, span)
    return {
        "source": item.article.url or _urn("article", item.article.article_id),
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": text[span.start : span.end],
                "prefix": before,
                "suffix": after,
            },
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
    }


def _claim(item: Item) -> dict[str, Any]:
    claim = {
        "@type": "Claim",
        "@id": _urn("claim", item.sentence.sentence_id),
        "identifier": item.sentence.sentence_id,
        "text": item.text,
        "appearance": _appearance(item.article),
        **_claimants(item),
    }
    if item.verdict is None:
        return claim | {
            "keywords": item.label,
            "creditText": f"labelled by {item.machine.model}",
        }
    return {
        "@type": "ClaimReview",
        "@id": _urn("review", item.sentence.sentence_id),
        "claimReviewed": item.text,
        "itemReviewed": claim,
        "author": [{"@type": "Person", "name": n} for n in item.verdict.reviewers],
        "reviewBody": item.note,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": item.label.replace("_", " "),
            "ratingExplanation": MEANING[item.label],
        },
    }


def _claimants(item: Item) -> dict[str, Any]:
    """Name who the sentence says it from, where that is known."""
    said = (s.attribution for s in item.said if not s.attribution.depth)
    names = {a.resolved_source for a in said if a.resolved_source}
    claimants = [{"@type": "Thing", "name": name} for name in sorted(names)]
    return {"author": claimants} if claimants else {}


def _appearance(article: Article) -> dict[str, Any]:
    told = {
        "@type": "NewsArticle",
        "@id": _urn("article", article.article_id),
        "headline": article.title,
        "url": article.url,
        "datePublished": article.published,
        "publisher": article.outlet
        and {"@type": "Organization", "name": article.outlet},
        "author": article.author and {"@type": "Person", "name": article.author},
        "inLanguage": article.language,
    }
    return {name: value for name, value in told.items() if value}


def _urn(*parts: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE, ' '.join(parts))}"
