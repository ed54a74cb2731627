"""Paragraphs of a saved page -> the outlet, author and date its text names.

Nothing is guessed from style: a name counts as an outlet only where the page uses it
as one, and as an author only in a byline, a signature or beside the date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.ingest.page.furniture import byline_author, date_in
from annotator.ingest.page.paragraphs import Paragraph

_MASTHEAD: Final = re.compile(
    r"(?:[A-Z][\w'’-]+ ){1,3}(?:Times|Post|Herald|Tribune|Journal|Gazette|Chronicle"
    r"|Observer|Dispatch|Courier|Telegraph|Guardian|Examiner|Inquirer|Sentinel)"
)
"""Newspaper names; words that also end the names of sections (News, Review, TV) are
left out."""

_SECTIONS: Final = re.compile(
    r"\b(?:older|newer|next|previous|guest|blog|first|recent|featured|new|last)\b", re.I
)
_CHROME: Final = re.compile(
    r"(?:support|donate to|subscribe to|follow|switch to|thanks for reading"
    r"|(?:©|copyright)(?: ?©)? ?(?:\d{4}(?: ?[-–] ?\d{4})?)?)"
    r" (?P<name>[^\W\d_][\w.-]*(?: [A-Z][\w.-]*){0,3}?)"
    r"(?:'s| light| lite| mobile| ltd| inc)?(?: \d{4}.*)?(?:[!?.].*)?$",
    re.IGNORECASE,
)
"""Page furniture in which an outlet names itself."""


SEARCHED: Final = 200_000
"""Characters of a page searched for its own name: longer than any one article."""


@dataclass(frozen=True, slots=True)
class Masthead:
    """The outlets a page names, by name without case, spaces and points.

    `heading` stand alone above several stories; `page` speaks of itself in the
    page's furniture or at its head.
    """

    heading: frozenset[str]
    page: str | None

    def heads_stories(self, paragraph: Paragraph) -> bool:
        """Tell a line that names an outlet above its story."""
        return not paragraph.fate and _squash(paragraph.sample) in self.heading

    def names(self, paragraph: Paragraph) -> bool:
        """Tell a line that holds nothing but an outlet's name."""
        squashed = _squash(paragraph.sample)
        return squashed in self.heading or (
            self.page is not None and squashed == _squash(self.page)
        )

    def outlet(self, story: Sequence[Paragraph]) -> str | None:
        """Give the outlet of a story, as its own line or else as the page has it."""
        own = (p.words for p in story if self.names(p))
        return next(own, self.page)


def outlets_of(paragraphs: Sequence[Paragraph], text: str) -> Masthead:
    """Find the outlets that a page names."""
    heading = Counter(
        _squash(name.sample)
        for i, name in enumerate(paragraphs[:-1])
        if _is_name(name)
        and paragraphs[i + 1].look.kind == "sentence"
        and (i == 0 or paragraphs[i - 1].look.kind in ("label", "opens"))
    )
    repeated = frozenset(name for name, times in heading.items() if times > 1)
    return Masthead(repeated, _own_name(paragraphs, text))


def same(one: str, other: str) -> bool:
    """Tell whether two lines differ in case, spaces and signs at most."""
    return _squash(one) == _squash(other)


def authors(head: Sequence[Paragraph], tail: Sequence[Paragraph]) -> str | None:
    """Give the author from a byline, a name beside the date, or a signature."""
    for paragraph in head:
        if paragraph.look.kind == "byline":
            return byline_author(paragraph.sample)
        if paragraph.look.kind == "name" and paragraph.fate == "byline":
            return paragraph.words
    signature = tail[0] if tail and tail[0].look.kind == "byline" else None
    return byline_author(signature.sample) if signature else None


def published(head: Sequence[Paragraph]) -> str | None:
    """Give the date of the first date line, one that says "updated" last."""
    dated = [p.sample for p in head if p.look.kind in ("date", "byline")]
    dated.sort(key=lambda line: bool(re.search(r"updated|modified", line, re.I)))
    return next((iso for iso in map(date_in, dated) if iso), None)


def _own_name(paragraphs: Sequence[Paragraph], text: str) -> str | None:
    for paragraph in paragraphs[:12]:
        name = paragraph.words
        if _MASTHEAD.fullmatch(name) and not _SECTIONS.search(name):
            return name
    lines = {
        _squash(name.sample): name.words
        for name, beside in _with_neighbours(paragraphs)
        if _is_name(name) and not any(p.look.kind == "date" for p in beside)
    }
    claimed = {
        match["name"]
        for p in paragraphs
        if p.look.reason and len(p.sample) <= 160 and (match := _CHROME.match(p.sample))
    }
    for name in sorted(claimed)[:20]:
        confirmed = lines.get(_squash(name)) or _in_own_voice(name, text)
        if confirmed:
            return confirmed
    return None


def _in_own_voice(name: str, text: str) -> str | None:
    """Give the name as the body writes it where the outlet speaks of its own work."""
    own = re.search(
        rf"\b({re.escape(name)})(?: correspondent| reporter| has learned| obtained)\b"
        rf"|\btold ({re.escape(name)})\b",
        text[:SEARCHED],
        re.IGNORECASE,
    )
    return (own[1] or own[2]) if own else None


def _with_neighbours(
    paragraphs: Sequence[Paragraph],
) -> Iterator[tuple[Paragraph, Sequence[Paragraph]]]:
    for i, paragraph in enumerate(paragraphs):
        yield paragraph, (*paragraphs[max(0, i - 1) : i], *paragraphs[i + 1 : i + 2])


def _is_name(paragraph: Paragraph) -> bool:
    return paragraph.look.kind == "name" and not paragraph.fate


def _squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", text[:300]).casefold()
