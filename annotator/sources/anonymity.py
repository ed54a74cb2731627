"""A source in its sentence -> how far a reader could find it, and why no further."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from annotator.records import Attribution, Span
from annotator.records.sources import Identity
from annotator.sources.names import Name
from annotator.sources.words import words

_REASON: Final = re.compile(
    r"\b(?:"
    r"on (?:the )?condition (?:of anonymity|(?:that )?(?:he|she|they|it) not be)"
    r"|(?:asked|requested|declined|refused|wished|wanted|preferred|asking|declining|"
    r"requesting) (?:not to be|to remain|to stay|to be|that (?:he|she|they) not be) "
    r"(?:named|identified|quoted|anonymous|unnamed|unidentified)"
    r"|not authori[sz]ed to|not allowed to speak|not permitted to speak"
    r"|sp(?:eaking|oke|oken) anonymously"
    r"|names? (?:was|were|has been|have been) (?:withheld|changed)"
    r"|(?:fear of|fearing|afraid of) (?:reprisals?|retaliation|retribution|arrest)"
    r")(?:(?!\b(?:said|says|told|added)\b)[^.;,\n]){0,120}",
    re.I,
)


def identity(name: Name, kind: str | None) -> Identity:
    """Say how far a reader could find a source.

    >>> from annotator.sources.names import parse
    >>> [
    ...     identity(parse(phrase), None)
    ...     for phrase in ("Mr Deniz", "the mayor of Ost", "the army", "activists")
    ... ]
    ['named', 'role', 'body', 'none']
    """
    if name.shape == "proper":
        return "named"
    if name.shape == "office":
        return "role"
    if kind == "unnamed_official":
        return "body"
    if kind in {"unnamed_other", "hearsay"}:
        return "none"
    return "body" if name.capital or words().bodies & set(name.key) else "none"


def anonymity_reasons(
    text: str,
    named: Sequence[tuple[Attribution, Name]],
    sentences: Mapping[str, Span],
) -> dict[int, str]:
    """Give each reason for anonymity to the nearest unnamed source of its sentence.

    Returns
    -------
    dict
        The reason in the text's words, by the place in `named`.
    """
    inside: defaultdict[str, list[int]] = defaultdict(list)
    for i, (attribution, name) in enumerate(named):
        if identity(name, attribution.source_kind) != "named" and attribution.source:
            inside[attribution.sentence_id].append(i)
    found: dict[int, str] = {}
    for sentence_id, places in inside.items():
        start, end = sentences[sentence_id]
        for match in _REASON.finditer(text, start, end):
            at = match.start()
            nearest = min(places, key=lambda i: _gap(named[i][0].source, at))
            found.setdefault(nearest, " ".join(match[0].split()))
    return found


def _gap(span: Span | None, at: int) -> int:
    return abs(span.end - at) if span else 0
