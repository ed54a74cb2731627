"""Sentences -> one event of MISP, an attribute each, with admiralty-scale tags.

Where the credibility of a claim can be judged, its comment has the confidence of STIX
2.1 (appendix A, Admiralty credibility); where it cannot be judged there is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from annotator.export.items import Item

NAMESPACE: Final = UUID("f1c9b9f4-4a7d-5be2-9e1d-3f0b6c2a8d55")
"""Fixed, so that MISP knows an attribute that it has already."""

CONFIDENCE: Final = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
"""STIX 2.1, appendix A; 6 says that it cannot be judged and has none."""

ONLY_OURS: Final = "0"
"""Distribution: your organisation. What is shared further is for people to say."""

UNDEFINED: Final = "4"
"""Threat level: none is claimed."""


def event(items: Iterable[Item], now: datetime) -> Iterator[str]:
    """Write one event; `now` is in UTC."""
    head = {
        "uuid": str(uuid5(NAMESPACE, now.isoformat())),
        "info": "News sentences tagged by source-annotator",
        "date": now.date().isoformat(),
        "timestamp": str(int(now.timestamp())),
        "threat_level_id": UNDEFINED,
        "analysis": "0",
        "distribution": ONLY_OURS,
        "published": False,
    }
    yield '{"Event": ' + json.dumps(head)[:-1] + ', "Attribute": ['
    between = "\n"
    for item in items:
        yield between + json.dumps(_attribute(item, now))
        between = ",\n"
    yield "\n]}}\n"


def _attribute(item: Item, now: datetime) -> dict[str, Any]:
    return {
        "uuid": str(uuid5(NAMESPACE, item.sentence.sentence_id)),
        "type": "text",
        "category": "External analysis",
        "value": item.text,
        "comment": _comment(item),
        "timestamp": str(int(now.timestamp())),
        "to_ids": False,
        "distribution": "5",
        "Tag": [{"name": name} for name in _tags(item)],
    }


def _comment(item: Item) -> str:
    """Say what the sentence is, whence, and who says so, in one line."""
    article = item.article
    told = {
        "label": f"{item.label} ({item.labelled_by})",
        "sentence_id": item.sentence.sentence_id,
        "article_id": article.article_id,
        "model": item.machine.model,
        "outlet": article.outlet,
        "published": article.published,
        "url": article.url,
        "STIX confidence": CONFIDENCE.get(item.credibility or ""),
        "note": item.note,
    }
    line = "; ".join(f"{name}: {value}" for name, value in told.items() if value)
    return " ".join(line.split())


def _tags(item: Item) -> Iterator[str]:
    yield f'source-annotator:label="{item.label}"'
    yield f'source-annotator:labelled-by="{item.labelled_by}"'
    if item.reliability:
        yield f'admiralty-scale:source-reliability="{item.reliability.lower()}"'
    if item.credibility:
        yield f'admiralty-scale:information-credibility="{item.credibility}"'
