"""One document -> its articles, the lines left out of them, and failures.

What is known of an article comes, in this order, from the manifest, the record or
page itself, the name of the folder (if asked for) and the text. Where one file holds
several articles, title, author, date and address in a manifest are those of the
first; outlet, language and topic hold for all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from annotator.errors import UnreadableInput
from annotator.ingest.dates import iso_date
from annotator.ingest.document import Document, Facts, Options, check_lines
from annotator.ingest.files import STDIN, Found
from annotator.ingest.outlets import canonical, host_of
from annotator.ingest.page import Block, SplitPage, Story, split_page
from annotator.records import Article, DroppedLine, Failure, Passage, Span

_RUN = re.compile(r"\s{20,}")
"""Wider than any indent or gap between sentences. Rules that look for what stands
before or after white space would try every place of a longer run in turn."""
_OF_ALL = ("outlet", "language", "topic")
"""Facts of a manifest that hold for every article of a file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where documents come from and what is known of it beside them."""

    found: Found
    manifest: Facts
    folder: str | None
    aliases: Mapping[str, str]

    def article_id(self, position: int) -> str:
        """Give the stable id of the article at a position of the file, from 1."""
        return blake2b(
            self.found.identity + b"\n%d" % position, digest_size=8
        ).hexdigest()


def origin_of(
    found: Found, manifest: Facts, aliases: Mapping[str, str], options: Options
) -> Origin:
    """Gather what is known of a file before it is opened."""
    named = options.outlet_from_folder and str(found.path) != STDIN
    folder = found.folder if named else None
    return Origin(found, manifest, folder or None, aliases)


def articles_of(
    document: Document, origin: Origin, options: Options
) -> Iterator[Article | DroppedLine | Failure]:
    """Clean a document, split it into articles and say what became of every line.

    Dropped lines come first: who stores an article then knows how many it lost.
    """
    try:
        check_lines(document.text.count("\n"), options)
    except UnreadableInput as fault:
        yield Failure(origin.found.name, "ingest", f"{_where(document)}{fault}")
        return
    page = _split(document)
    ids: list[str | None] = []
    made: list[Article | Failure] = []
    for i, story in enumerate(page.stories):
        position = document.position + i
        article = _article(document, story, origin, position)
        ids.append(article.article_id)
        if len(article.text) > options.max_chars:
            ids[-1] = None
            failure = Failure(
                origin.found.name,
                "ingest",
                f"an article of {len(article.text):,} characters: expected at most "
                f"{options.max_chars:,}; split it or raise the limit",
            )
            made.append(failure)
        else:
            made.append(article)
    for dropped in page.dropped:
        start, end = _in_source(document, dropped.span)
        yield DroppedLine(
            origin.found.name,
            dropped.line,
            start,
            end,
            (document.source or document.text)[start:end],
            dropped.reason,
            None if dropped.story is None else ids[dropped.story],
        )
    yield from made
    if not page.stories:
        why = Counter(dropped.reason for dropped in page.dropped).most_common(3)
        lines = ", ".join(f"{reason} ({n})" for reason, n in why) or "none"
        reason = f"{_where(document)}no article text found: lines there are: {lines}"
        yield Failure(origin.found.name, "ingest", reason)


def _where(document: Document) -> str:
    """Say which record of a file a document is, unless it is the first."""
    return f"record {document.position}: " if document.position > 1 else ""


def _split(document: Document) -> SplitPage:
    """Find the stories; a record of one line, as in sets of sentences, is all body."""
    if not document.text.strip():
        return SplitPage((), ())
    if document.page:
        return split_page(document.text)
    if "\n" not in document.text.strip():
        start = len(document.text) - len(document.text.lstrip())
        span = Span(start, len(document.text.rstrip()))
        block = Block((span,), "body")
        return SplitPage((Story(None, None, None, None, (block,)),), ())
    return split_page(document.text, several=False, title=document.facts.title)


def _article(
    document: Document, story: Story, origin: Origin, position: int
) -> Article:
    """Put an article together."""
    text, lines, headings = _join(document, story.blocks)
    stated = origin.manifest
    if position > 1:
        stated = Facts(**{name: getattr(stated, name) for name in _OF_ALL})
    told = Facts(
        outlet=story.outlet,
        title=story.title,
        author=story.author,
        published=story.published,
    )
    facts = _first_of([stated, document.facts, Facts(outlet=origin.folder), told])
    notes = list(document.notes)
    published = facts.published and iso_date(facts.published)
    if facts.published and not published:
        notes.append(f"date left unknown: {facts.published[:60]!r} is not a full date")
    language = _language(facts.language)
    if facts.language and not language:
        notes.append(f"language left open: {facts.language[:20]!r} is not ISO 639-1")
    return Article(
        origin.article_id(position),
        origin.found.name,
        text,
        source_id=facts.source_id,
        outlet=facts.outlet and canonical(facts.outlet, origin.aliases),
        title=facts.title,
        author=facts.author,
        published=published,
        url=facts.url,
        language=language,
        topic=facts.topic,
        passages=tuple(_passages(document.pieces, lines)),
        headings=headings,
        notes=tuple(notes),
    )


def _first_of(sources: Sequence[Facts]) -> Facts:
    """Take each fact from the first source that has it.

    A source that gives an address and no outlet names the outlet by its host.
    """
    sources = [
        replace(s, outlet=s.outlet or (host_of(s.url) if s.url else None))
        for s in sources
    ]
    return Facts(
        **{
            name: next(filter(None, (getattr(s, name) for s in sources)), None)
            for name in Facts.__slots__
        }
    )


def _language(code: str | None) -> str | None:
    """Reduce a language tag to ISO 639-1: ``en-GB`` -> ``en``; None of a name."""
    head = (code or "").replace("_", "-").partition("-")[0].strip().lower()
    return head if len(head) == 2 and head.isascii() and head.isalpha() else None


def _join(
    document: Document, blocks: Sequence[Block]
) -> tuple[str, list[tuple[int, Span]], tuple[Span, ...]]:
    """Join blocks by a blank line and wrapped lines by a space.

    Runs of white space within a line, which columns and hostile files have, become
    a space too.

    Returns
    -------
    text
    lines
        Where each line begins in the text, and its span in the document.
    headings
        Spans in the text.
    """
    parts: list[str] = []
    lines: list[tuple[int, Span]] = []
    headings: list[Span] = []
    length = 0
    for block in blocks:
        gap = "\n\n" if parts else ""
        begin = length + len(gap)
        for span in _without_runs(document.text, block.lines):
            words = document.text[span.start : span.end]
            parts += [gap, words]
            lines.append((length + len(gap), span))
            length += len(gap) + len(words)
            gap = " "
        whole = document.text[block.lines[0].start : block.lines[-1].end]
        if block.kind == "heading" or whole in document.headings:
            headings.append(Span(begin, length))
    return "".join(parts), lines, tuple(headings)


def _without_runs(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Cut lines where they hold a run of white space."""
    for line in lines:
        start = line.start
        for run in _RUN.finditer(text, line.start, line.end):
            yield Span(start, run.start())
            start = run.end()
        yield Span(start, line.end)


def _passages(
    pieces: Sequence[Passage], lines: Sequence[tuple[int, Span]]
) -> Iterator[Passage]:
    """Say where each line of an article stands in the decoded file."""
    for begin, span in lines if pieces else ():
        shift = begin - span.start
        first = max(0, bisect_right(pieces, span.start, key=_start) - 1)
        for piece in pieces[first : bisect_right(pieces, span.end - 1, key=_start)]:
            cut = _cut(piece, span)
            yield Passage(
                cut.start + shift, cut.end + shift, cut.source_start, cut.source_end
            )


def _start(piece: Passage) -> int:
    return piece.start


def _cut(piece: Passage, span: Span) -> Passage:
    """Cut a piece to a span; a repaired one keeps the whole of its source."""
    start, end = max(piece.start, span.start), min(piece.end, span.end)
    if piece.end - piece.start != piece.source_end - piece.source_start:
        return Passage(start, end, piece.source_start, piece.source_end)
    shift = piece.source_start - piece.start
    return Passage(start, end, start + shift, end + shift)


def _in_source(document: Document, span: Span) -> Span:
    """Give a span of the document in the decoded file, where that is known."""
    passages = list(_passages(document.pieces, [(span.start, span)]))
    if not passages:
        return span
    return Span(passages[0].source_start, passages[-1].source_end)
