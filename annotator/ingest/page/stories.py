"""Decoded plain text of a saved page -> its stories and the lines that are in none.

A saved page has lost its markup; what is left is how lines look (`furniture`) and
where they stand. Three passes, each linear in the text: stories are told apart
(`_story_starts`), reader comments are cut off each (`comments`), and the lines of what
remains get their fate (`body`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from annotator.ingest.page.body import read_body
from annotator.ingest.page.comments import comments_begin
from annotator.ingest.page.furniture import PROSE, certain_furniture
from annotator.ingest.page.masthead import (
    Masthead,
    authors,
    outlets_of,
    published,
    same,
)
from annotator.ingest.page.paragraphs import Paragraph, fill, read_paragraphs
from annotator.records import Span

TEASER: Final = 200
"""Characters: a title and date over one paragraph shorter than this is a teaser of
another page, not a story. Run `pytest tests/test_page.py` after a change."""

EMBEDDED_REACH: Final = 6
"""Paragraphs after an account's name in which the end of an embedded post is sought."""

_ANNOUNCED: Final = {"picture label": "caption", "author label": "author biography"}
_POST_ENDS: Final = ("embedded post", "number or symbol", "timestamp")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, bullet or subheading.

    `lines` are spans of the decoded text without white space and line ends; several,
    in order, where a hard-wrapped paragraph was joined.
    """

    lines: tuple[Span, ...]
    kind: Literal["body", "heading"]


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a page: what the page says of it, and its body.

    `outlet` and `author` are as the page writes them, `published` is ISO 8601; None
    where the page does not say.
    """

    title: str | None
    outlet: str | None
    author: str | None
    published: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is in no body: where (`line` from 1), why, and in which story."""

    span: Span
    line: int
    reason: str
    story: int | None


@dataclass(frozen=True, slots=True)
class SplitPage:
    """The stories of a page in order, and every other line that is not blank."""

    stories: tuple[Story, ...]
    dropped: tuple[Dropped, ...]


def split_page(
    text: str, *, several: bool = True, title: str | None = None
) -> SplitPage:
    """Tell the stories of a saved page from its furniture and from one another.

    Parameters
    ----------
    text
        The decoded file, line ends as they are.
    several
        False for a record or extracted text, known to be one story: only what no
        body can hold is dropped, and a first line that repeats `title`.
    title
        The record's title, where it has one.
    """
    paragraphs = read_paragraphs(text)
    if not several:
        return _one_record(paragraphs, title)
    for paragraph in paragraphs:
        paragraph.fate = paragraph.look.reason
    _mark_embedded_posts(paragraphs)
    _mark_announced(paragraphs)
    masthead = outlets_of(paragraphs, text)
    starts = _story_starts(paragraphs, masthead)
    if not any(p.is_prose for p in paragraphs):
        return _all_labels(paragraphs)
    stories: list[Story] = []
    homes: list[int | None] = []
    for start, end in pairwise([*starts, len(paragraphs)]):
        region = paragraphs[start:end]
        story = _read_story(region, masthead)
        home = len(stories) if story else (len(stories) - 1 if stories else None)
        homes.extend([home] * len(region))
        stories.extend([story] if story else [])
    return SplitPage(tuple(stories), _dropped(paragraphs, homes))


def _one_record(paragraphs: Sequence[Paragraph], title: str | None) -> SplitPage:
    for i, paragraph in enumerate(paragraphs):
        repeats = i == 0 and title is not None and same(paragraph.sample, title)
        furniture = certain_furniture(paragraph.sample)
        paragraph.fate = "repeated title" if repeats else furniture or "body"
    blocks = _blocks(paragraphs)
    stories = (Story(title, None, None, None, blocks),) if blocks else ()
    return SplitPage(
        stories, _dropped(paragraphs, [0 if blocks else None] * len(paragraphs))
    )


def _all_labels(paragraphs: Sequence[Paragraph]) -> SplitPage:
    """Keep what no word marks as furniture: short lines are all this text has."""
    fill(paragraphs, "body")
    blocks = _blocks(paragraphs)
    stories = (
        (Story(None, None, None, published(paragraphs), blocks),) if blocks else ()
    )
    return SplitPage(
        stories, _dropped(paragraphs, [0 if blocks else None] * len(paragraphs))
    )


def _blocks(paragraphs: Sequence[Paragraph]) -> tuple[Block, ...]:
    return tuple(
        Block(p.lines, "heading" if p.fate == "heading" else "body")
        for p in paragraphs
        if p.fate in ("body", "heading")
    )


def _dropped(
    paragraphs: Sequence[Paragraph], homes: Sequence[int | None]
) -> tuple[Dropped, ...]:
    return tuple(
        Dropped(span, paragraph.number + i, paragraph.fate, home)
        for paragraph, home in zip(paragraphs, homes, strict=True)
        if paragraph.fate not in ("body", "heading")
        for i, span in enumerate(paragraph.lines)
    )


def _mark_embedded_posts(paragraphs: Sequence[Paragraph]) -> None:
    """Mark what stands between an account's name and the end of its post."""
    reach = -1
    for i, paragraph in enumerate(paragraphs):
        if paragraph.look.kind != "handle" or i <= reach:
            continue
        following = range(i + 1, min(len(paragraphs), i + 1 + EMBEDDED_REACH))
        ends = [j for j in following if paragraphs[j].look.reason == "embedded post"]
        posted = [j for j in ends if paragraphs[j].look.kind != "handle"]
        if not posted:
            paragraph.fate = "account name"
            continue
        reach = posted[0]
        while reach + 1 < len(paragraphs) and paragraphs[reach + 1].fate in _POST_ENDS:
            reach += 1
        above = paragraphs[i - 1] if i else None
        if above and above.look.kind == "name" and not paragraph.gap:
            above.fate = "embedded post"
        fill(paragraphs[i : reach + 1], "embedded post")


def _mark_announced(paragraphs: Sequence[Paragraph]) -> None:
    """Mark the one paragraph that a label right above it says is no body."""
    for label, paragraph in pairwise(paragraphs):
        paragraph.fate = paragraph.fate or _ANNOUNCED.get(label.fate, "")


# Stories


def _story_starts(paragraphs: Sequence[Paragraph], masthead: Masthead) -> list[int]:
    """Give the index of each story's first paragraph; the first is 0.

    Between two paragraphs of prose a new story begins at a line that names an outlet
    found on several stories of the page, at a title with a byline or date below it,
    or where the script changes for good.
    """
    starts = [0]
    prose = [i for i, p in enumerate(paragraphs) if p.is_prose]
    for n, (above, below) in enumerate(pairwise(prose)):
        gap = range(above + 1, below)
        start = (
            _outlet_start(paragraphs, gap, masthead)
            or _titled_start(paragraphs, gap)
            or _script_start(paragraphs, gap, prose[n : n + 3])
        )
        if start:
            starts.append(start)
    return _without_teasers(paragraphs, starts)


def _outlet_start(
    paragraphs: Sequence[Paragraph], gap: range, masthead: Masthead
) -> int | None:
    for i in gap:
        if not masthead.heads_stories(paragraphs[i]):
            continue
        if i > gap.start and paragraphs[i - 1].is_title:
            return i - 1
        titles = [j for j in gap if j > i and paragraphs[j].is_title]
        return titles[0] if titles else i
    return None


def _titled_start(paragraphs: Sequence[Paragraph], gap: range) -> int | None:
    marker = None
    for i in reversed(gap):
        if paragraphs[i].look.kind in ("date", "byline"):
            marker = i
        elif paragraphs[i].is_title and marker is not None and marker - i <= 3:
            return i
        elif paragraphs[i].is_title:
            marker = None
    return None


def _script_start(
    paragraphs: Sequence[Paragraph], gap: range, prose: Sequence[int]
) -> int | None:
    above, *later = (_is_latin(paragraphs[i].sample) for i in prose)
    if len(later) < 2 or above in later:
        return None
    for i in gap:
        if not paragraphs[i].fate and _is_latin(paragraphs[i].sample) is later[0]:
            return i
    return gap.stop


def _is_latin(text: str) -> bool:
    letters = [c for c in text[:200] if c.isalpha()]
    return 2 * sum(c < "\u0250" for c in letters) >= len(letters)


def _without_teasers(paragraphs: Sequence[Paragraph], starts: list[int]) -> list[int]:
    """Leave out the starts of teasers, and mark their lines.

    A first region of that size is the standfirst of the story below where it has a
    title of its own or is as long as prose, else a banner above it.
    """
    kept = [0]
    regions = list(pairwise([*starts, len(paragraphs)]))
    for start, end in regions:
        prose = [p for p in paragraphs[start:end] if p.is_prose]
        teaser = len(prose) <= 1 and sum(p.size for p in prose) < TEASER
        if not start:
            titled = any(p.is_title for p in paragraphs[:end])
            standfirst = teaser and (titled or any(p.size >= PROSE for p in prose))
            banner = teaser and not standfirst and len(regions) > 1
            fill(paragraphs[: end if banner else 0], "text above the title")
        elif teaser:
            fill(paragraphs[start:end], "related links")
        elif standfirst:
            standfirst = False
        else:
            kept.append(start)
    return kept


# Lines of one story


def _read_story(region: Sequence[Paragraph], masthead: Masthead) -> Story | None:
    """Decide the fate of every paragraph of a region; None where it has no body."""
    end = comments_begin(region)
    _mark_comments(region[end:])
    main = region[:end]
    parts = read_body(main, masthead)
    if parts is None:
        fill(main, "outside any story")
        return None
    return Story(
        parts.title.words if parts.title else None,
        masthead.outlet(main),
        authors(parts.head, parts.tail),
        published(parts.head),
        _blocks(main),
    )


def _mark_comments(tail: Sequence[Paragraph]) -> None:
    said = any(p.is_prose for p in tail)
    fill(tail, "reader comment" if said else "related links")
