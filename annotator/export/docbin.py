"""Sentences -> a DocBin of spaCy, a Doc each, with a group of spans for each layer.

`Doc.cats` has the label: the model's probabilities, or 1 and 0 where people gave it.
Spans are widened to whole tokens, so `Doc.user_data["spans"]` has them as they are, in
code points.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from annotator.codebook import LABELS
from annotator.errors import BadExchange
from annotator.export.items import LAYERS, Item, facts
from annotator.export.marks import attributes
from annotator.records import MarkedSpan

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def docbin(items: Iterable[Item]) -> bytes:
    """Write all sentences; they are held in memory.

    Raises
    ------
    BadExchange
        If spaCy is not installed.
    """
    try:
        from spacy.tokens import DocBin
    except ImportError as e:
        raise BadExchange(
            "docbin needs spaCy: pip install 'source-annotator[export]'"
        ) from e
    docs = DocBin(store_user_data=True)
    for item in items:
        docs.add(_doc(item))
    return bytes(docs.to_bytes())


@cache
def _language(name: str) -> Language:
    """Give the tokenizer of a language; of none in particular where spaCy has none."""
    import spacy

    try:
        return spacy.blank(name)
    except ImportError:
        return spacy.blank("xx")


def _doc(item: Item) -> Doc:
    doc = _language(item.sentence.language or item.article.language or "xx")(item.text)
    doc.cats = _cats(item)
    for layer in LAYERS:
        marks = [m for m in item.spans if m.layer == layer]
        widened = [
            doc.char_span(*m.span, label=_label(m), alignment_mode="expand")
            for m in marks
        ]
        doc.spans[layer] = [span for span in widened if span is not None]
    doc.user_data.update(facts(item) | {"label": item.label, "note": item.note})
    doc.user_data["spans"] = [_plain(m) for m in item.spans]
    return doc


def _cats(item: Item) -> dict[str, float]:
    if item.verdict:
        return {label: float(label == item.label) for label in LABELS}
    return dict(zip(LABELS, item.machine.probabilities, strict=True))


def _label(marked: MarkedSpan) -> str:
    """Give what sets a span apart in its layer, else the layer."""
    told = attributes(marked)
    return told.get("kind") or told.get("polarity") or marked.layer


def _plain(marked: MarkedSpan) -> dict[str, Any]:
    return {"layer": marked.layer, **marked.span._asdict(), **attributes(marked)}
