"""The paragraphs of one story, comments cut off -> what is its title and its body.

Every paragraph gets its fate from where it stands: above the first prose, between
prose, or below the last. In doubt a line stays: losing body is the worse mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from annotator.ingest.page.furniture import (
    PROSE,
    Look,
    byline_author,
    ends_as_sentence,
    is_name,
    is_title_case,
    line_key,
)
from annotator.ingest.page.masthead import Masthead
from annotator.ingest.page.paragraphs import Paragraph, fill

_CLAUSE_OPENER: Final = re.compile(
    r"(?:he|she|it|they|we|i|you|but|and|so|yet|this|that|these|those|there)\b", re.I
)
_MARKERS: Final = ("date", "byline", "handle")


@dataclass(frozen=True, slots=True)
class Parts:
    """A story's title, its lines down to the second prose, those below the last."""

    title: Paragraph | None
    head: Sequence[Paragraph]
    tail: Sequence[Paragraph]


def read_body(main: Sequence[Paragraph], masthead: Masthead) -> Parts | None:
    """Decide the fate of every paragraph; None, and no fate, where none is prose."""
    _mark_lists(main)
    prose = [i for i, p in enumerate(main) if p.is_prose]
    if len(prose) > 1 and _is_title_sentence(main, prose[0]):
        main[prose[0]].look = Look("label")
        del prose[0]
    if not prose:
        return None
    title = _mark_head(main[: prose[0]], masthead)
    _mark_names_beside_markers(main)
    _mark_biography(main)
    last = _mark_middle(main, prose, title)
    tail = main[last + 1 :]
    for paragraph in tail:
        if masthead.names(paragraph):
            paragraph.fate = "outlet name"
    fill(tail, "after the story")
    return Parts(title, main[: prose[min(1, len(prose) - 1)] + 1], tail)


def _is_title_sentence(main: Sequence[Paragraph], i: int) -> bool:
    """Tell a title that looks like a sentence: a byline or date stands right below."""
    text = main[i].sample
    untitled = not any(p.is_title for p in main[:i])
    short = len(text) <= 2 * PROSE and (not ends_as_sentence(text) or text[-1] in "?!")
    return untitled and short and main[i + 1].look.kind in (*_MARKERS, "name")


def _mark_lists(main: Sequence[Paragraph]) -> None:
    """Give what follows "Related News", "Tags" and the like its reason, up to prose."""
    reason = ""
    for paragraph in main:
        if paragraph.look.kind == "opens":
            reason = paragraph.fate
        elif reason and not paragraph.fate:
            text = paragraph.sample
            link = len(text) < PROSE and (text[-1] == "?" or not ends_as_sentence(text))
            if paragraph.is_prose and not paragraph.bullet and not link:
                reason = ""
            paragraph.fate = reason


def _mark_head(head: Sequence[Paragraph], masthead: Masthead) -> Paragraph | None:
    """Decide the lines above the prose; give the title."""
    for paragraph in head:
        if masthead.names(paragraph):
            paragraph.fate = "outlet name"
    title = _choose_title(head)
    below = False
    for paragraph in head:
        below = below or paragraph is title
        if paragraph is title:
            paragraph.fate = "title"
        elif title and line_key(paragraph.sample).startswith(line_key(title.sample)):
            paragraph.fate = "repeated title"
        elif paragraph.look.kind == "name" and not paragraph.fate and below:
            paragraph.fate = "name above the story"
        else:
            paragraph.fate = paragraph.fate or ("caption" if below else "navigation")
    return title


def _choose_title(head: Sequence[Paragraph]) -> Paragraph | None:
    """Give the line that is repeated, else the first of four words, else of three.

    Lines above the first byline, date or outlet name go first.
    """
    titles = [p for p in head if p.is_title]
    if not titles:
        return _short_title(head)
    marked = [i for i, p in enumerate(head) if _is_marker(p)]
    first = titles[0].number
    marks = [head[i].number for i in marked if head[i].number > first]
    above = [p for p in titles if not marks or p.number < marks[0]]
    seen = Counter(line_key(p.sample) for p in above)
    repeated = [p for p in above if seen[line_key(p.sample)] > 1]
    longer = [p for p in above if sum(map(str.isalpha, p.sample.split())) >= 4]
    return (repeated or longer or above)[0]


def _short_title(head: Sequence[Paragraph]) -> Paragraph | None:
    for paragraph, below in pairwise(head):
        short = not paragraph.fate and paragraph.look.kind in ("label", "name")
        if short and _is_marker(below):
            return paragraph
    return None


def _is_marker(paragraph: Paragraph) -> bool:
    return paragraph.look.kind in _MARKERS or paragraph.fate == "outlet name"


def _mark_names_beside_markers(main: Sequence[Paragraph]) -> None:
    """Mark an author's name that stands beside a date, a time or an account's name."""
    for above, below in pairwise(main):
        for paragraph, marker in ((above, below), (below, above)):
            named = paragraph.fate in ("", "name above the story", "caption")
            starts_as_name = is_name(" ".join(paragraph.sample.split()[:2]))
            short = len(paragraph.sample.split()) <= 6 and not paragraph.is_prose
            beside = marker.look.kind in _MARKERS or (
                marker.fate == "timestamp" and paragraph.look.kind == "name"
            )
            if named and starts_as_name and short and beside:
                paragraph.fate = "byline"


def _mark_biography(main: Sequence[Paragraph]) -> None:
    """Mark a last paragraph that introduces the author named above the story."""
    names = [p for p in main if p.fate in ("byline", "name above the story")]
    prose = [p for p in main if p.is_prose]
    for name in names if len(prose) > 2 else ():
        author = byline_author(name.sample) or name.words
        if prose[-1].words.startswith((f"{author} is a", f"{author} is the ")):
            prose[-1].fate = "author biography"
            name.fate = "byline"


def _mark_middle(
    main: Sequence[Paragraph], prose: Sequence[int], title: Paragraph | None
) -> int:
    """Decide the lines from the first prose to the last; give the last one's index."""
    last = prose[-1]
    while last + 1 < len(main) and main[last + 1].bullet and not main[last + 1].fate:
        last += 1
    titled = title is not None and is_title_case(title.sample)
    usual = sorted(p.gap for p in main[prose[0] : last + 1])[(last - prose[0]) // 2]
    listing = False
    for i in range(prose[0], last + 1):
        paragraph = main[i]
        if paragraph.fate:
            continue
        if paragraph.is_prose:
            paragraph.fate = "body"
            listing = paragraph.sample.endswith(":")
        elif paragraph.bullet or listing or paragraph.look.kind == "signed":
            paragraph.fate = "body"
        elif _beside_picture(main, i):
            paragraph.fate = "caption"
        else:
            spaced = paragraph.gap > usual
            paragraph.fate = _fate_of_label(paragraph, titled=titled, spaced=spaced)
    return last


def _beside_picture(main: Sequence[Paragraph], i: int) -> bool:
    """Tell a line that is repeated (a picture's name and its caption) or credited."""
    for j, gap in ((i - 1, main[i].gap), (i + 1, main[i + 1].gap)):
        if main[j].sample == main[i].sample:
            return True
        if main[j].look.kind == "credited" and not gap:
            return True
    return False


def _fate_of_label(paragraph: Paragraph, *, titled: bool, spaced: bool) -> str:
    """Tell subheading, caption or a short sentence without its stop.

    An outlet writes subheadings as it writes titles: under a Title With Capitals, a
    line without them that stands no further off than a paragraph is a caption.
    """
    words = paragraph.sample.split()
    capitals = is_title_case(paragraph.sample)
    if _CLAUSE_OPENER.match(words[0]) or (len(words) > 12 and not capitals):
        return "body"
    if titled and not capitals and not spaced and paragraph.look.kind == "label":
        return "caption"
    return "heading"
