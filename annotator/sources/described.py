"""Where a source stands in the text -> what the text says it is.

The wording itself and what stands right beside it: a title before a name ("army
spokesman Adnan Deniz"), an apposition or a relative clause after it (", who was
there").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from annotator.records import Span
from annotator.sources.keys import fold
from annotator.sources.words import singular, words

BESIDE: Final = 120
"""Characters before and after a name that may hold its title or apposition."""

OFFICE_WITHIN: Final = 4
"""Words of an apposition within which it names an office: "the port's deputy head"."""

_WORD: Final = re.compile(r"[\w'’.-]+")
_BEFORE: Final = re.compile(r"(?:[\w'’.-]+ ){1,4}$")
_AFTER: Final = re.compile(
    r"[ ,(]{0,3}(?:who (?:is|was) )?((?:(?:the|a|an|its|their) )?(?:[\w'’-]+ ?){1,9})"
)
_PRESENT: Final = re.compile(
    r"[ ,(]{0,3}who (?:\w+ )?(?:(?:was|were) (?:there|present|inside|at the scene"
    r"|on the scene)|saw|witnessed|watched|survived|escaped|fled|treated)\b",
    re.I,
)
_SIDE: Final = re.compile(
    r"\b(?:pro|anti)-\w+|\b\w+-(?:backed|led|aligned|affiliated|linked|allied)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Description:
    """What the text says of a source in one or several places.

    `sides` are as written but for case.
    """

    office: bool = False
    party: bool = False
    witness: bool = False
    sides: frozenset[str] = frozenset()


def describe(text: str, span: Span) -> Description:
    """Say what one mention and the words beside it show.

    >>> text = "Army spokesman Adnan Deniz, a rebel until May, spoke."
    >>> describe(text, Span(15, 26))
    Description(office=True, party=True, witness=False, sides=frozenset())
    """
    wording = text[span.start : span.end]
    phrases = [wording, _title(text, span), _apposition(text, span)]
    lows = {fold(w) for phrase in phrases for w in _WORD.findall(phrase)}
    own = {fold(w) for w in _WORD.findall(wording)}
    table = words()
    after = text[span.end : span.end + BESIDE]
    return Description(
        office=_has_office(lows),
        party=bool(lows & table.parties),
        witness=bool(own & table.witnesses)
        or bool(_PRESENT.search(wording) or _PRESENT.match(after)),
        sides=frozenset(
            {m[0].casefold() for phrase in phrases[:2] for m in _SIDE.finditer(phrase)}
            | (own & table.sides)
        ),
    )


def together(descriptions: Iterable[Description]) -> Description:
    """Add up what several places say of one source."""
    found = list(descriptions)
    return Description(
        any(d.office for d in found),
        any(d.party for d in found),
        any(d.witness for d in found),
        frozenset().union(*(d.sides for d in found)),
    )


def _title(text: str, span: Span) -> str:
    """Give the title right before a name; nothing if what stands there is none."""
    match = _BEFORE.search(text, max(span.start - BESIDE, 0), span.start)
    if match is None:
        return ""
    found = match[0].split()
    return match[0] if _is_title(fold(found[-1])) else ""


def _apposition(text: str, span: Span) -> str:
    """Give what a name is called right after it; nothing if that is no office."""
    match = _AFTER.match(text, span.end, span.end + BESIDE)
    if match is None:
        return ""
    found = match[1].split()[:OFFICE_WITHIN]
    return match[1] if any(_is_title(fold(w)) for w in found) else ""


def _is_title(low: str) -> bool:
    return low in words().titles


def _has_office(lows: Iterable[str]) -> bool:
    table = words()
    offices = table.offices | table.functions
    return any(low in offices or singular(low) in offices for low in lows)
