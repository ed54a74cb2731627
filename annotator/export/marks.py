"""Spans with their attributes <-> the plain values that formats hold."""

from __future__ import annotations

from collections.abc import Iterable
from reprlib import repr as shown
from typing import Any, Final, get_args

from annotator.codebook import SOURCE_KINDS
from annotator.errors import BadExchange
from annotator.export.items import LAYERS
from annotator.records import MarkedSpan, Polarity, Span, Voice

POLARITIES: Final[dict[str, Polarity]] = {"positive": "+", "negative": "-"}
IN_WORDS: Final = {sign: word for word, sign in POLARITIES.items()}
VOICES: Final[tuple[Voice, ...]] = get_args(Voice)


def attributes(mark: MarkedSpan) -> dict[str, str]:
    """Give the attributes that a span has, polarity as a word.

    >>> attributes(MarkedSpan("loaded", Span(0, 4), polarity="-"))
    {'polarity': 'negative'}
    """
    polarity = mark.polarity and IN_WORDS[mark.polarity]
    told = {"kind": mark.kind, "polarity": polarity, "voice": mark.voice}
    return {name: value for name, value in told.items() if value is not None}


def type_of(mark: MarkedSpan) -> str:
    """Give layer and attributes as one name, for formats where a span has no more.

    >>> type_of(MarkedSpan("source", Span(0, 4), kind="ngo"))
    'source/ngo'
    """
    return "/".join([mark.layer, *attributes(mark).values()])


def typed(name: str) -> dict[str, str]:
    """Read such a name back, its parts in any order after the layer.

    Raises
    ------
    BadExchange
        If a part is not in the codebook.
    """
    layer, *parts = name.split("/")
    told = {"layer": layer}
    for part in parts:
        attribute = _attribute(part)
        if attribute is None or attribute in told:
            raise BadExchange(
                f"got the span type {name!r}: {part!r} cannot stand there"
            )
        told[attribute] = part
    return told


def mark(span: Span, told: dict[str, Any]) -> MarkedSpan:
    """Make a span of its layer and attributes, polarity as a word.

    Raises
    ------
    BadExchange
        If a value is not in the codebook, or not of that layer; a loaded span needs a
        polarity.
    """
    layer, kind = told.get("layer"), told.get("kind")
    polarity, voice = told.get("polarity"), told.get("voice")
    _among(layer, "layer", LAYERS)
    if layer == "loaded":
        _among(polarity, "polarity", POLARITIES)
        _among(voice, "voice", (None, *VOICES))
        _among(kind, "kind of a loaded span", (None,))
        return MarkedSpan("loaded", span, None, POLARITIES[str(polarity)], voice)
    _among(kind, "kind", (None, *SOURCE_KINDS))
    _among(polarity, f"polarity of a {layer}", (None,))
    _among(voice, f"voice of a {layer}", (None,))
    return MarkedSpan(layer, span, kind)  # type: ignore[arg-type]  # one of LAYERS


def _attribute(value: str) -> str | None:
    if value in SOURCE_KINDS:
        return "kind"
    if value in POLARITIES:
        return "polarity"
    return "voice" if value in VOICES else None


def _among(value: object, name: str, known: Iterable[str | None]) -> None:
    known = tuple(known)
    if value not in known:
        wanted = ", ".join("nothing" if each is None else each for each in known)
        raise BadExchange(f"got {shown(value)} as {name}, expected {wanted}")
