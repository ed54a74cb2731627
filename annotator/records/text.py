"""Nothing -> the records of what was read: articles, sentences, what was left out."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple

SentenceKind = Literal["body", "headline"]


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of `Article.text` and where it stands in the decoded file.

    Attributes
    ----------
    start, end
        Range in `Article.text`.
    source_start, source_end
        Range in the file as decoded, byte order mark removed and line ends as
        they are. Same length as start:end where the text was taken verbatim;
        another length where it was repaired (mojibake, NUL bytes), and then the
        passage maps as a whole only.
    """

    start: int
    end: int
    source_start: int
    source_end: int


def _start(passage: Passage) -> int:
    return passage.start


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its body text and what is known of its origin.

    Attributes
    ----------
    article_id
        Stable for the same file path and position in it.
    source_id
        The record's own id where the input has one.
    outlet, title, author, published, url, language
        None where unknown; never guessed from style. `published` is ISO 8601,
        `language` ISO 639-1.
    topic
        As the input states it (a field "topic" or "section"); never guessed.
    text
        Body only: no furniture, no title line. Paragraphs are separated by a
        blank line.
    passages
        Where `text` stands in the decoded file; empty where the input is not
        plain text.
    headings
        Spans of `text` that are subheadings: kept, never labelled.
    notes
        In words, what a researcher should know about how it was read.
    duplicate_of
        `article_id` of the earlier near-identical article, if any.
    """

    article_id: str
    source_path: str
    text: str
    source_id: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    topic: str | None = None
    passages: tuple[Passage, ...] = ()
    headings: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    duplicate_of: str | None = None

    def source_span(self, span: Span) -> Span | None:
        """Where a span of `text` stands in the decoded file; None if unknown.

        A span that starts or ends in a repaired passage is widened to the whole
        of that passage.
        """
        if not self.passages or span.start >= span.end:
            return None
        first, last = (
            self.passages[max(0, bisect_right(self.passages, at, key=_start) - 1)]
            for at in (span.start, span.end - 1)
        )
        start, end = first.source_start, last.source_end
        if first.end - first.start == first.source_end - first.source_start:
            start += span.start - first.start
        if last.end - last.start == last.source_end - last.source_start:
            end = last.source_start + min(span.end, last.end) - last.start
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line of a file that is in no article's body, and why.

    `line` counts from 1; `start` and `end` are code points into the decoded
    file; `article_id` is the article it stood in or after, if any.
    """

    source_path: str
    line: int
    start: int
    end: int
    text: str
    reason: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was given to be read, and the SHA-256 of its bytes in hex.

    `bytes` is its size; `sha256` is None where it could not be read.
    """

    source_path: str
    bytes: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or scored: one line of `errors.jsonl`."""

    path: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article.

    Attributes
    ----------
    sentence_id
        ``<article_id>:<index>``.
    start, end
        Into `Article.text`, white space at either end left out.
    language
        ISO 639-1 of the sentence; None where too short to tell.
    skipped
        Why no label is given ("language ar", "headline"), else None.
    """

    sentence_id: str
    article_id: str
    index: int
    start: int
    end: int
    kind: SentenceKind = "body"
    language: str | None = None
    skipped: str | None = None

    @property
    def span(self) -> Span:
        """The sentence's range in `Article.text`."""
        return Span(self.start, self.end)
