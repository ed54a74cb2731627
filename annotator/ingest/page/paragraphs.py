"""Decoded text -> its paragraphs, hard-wrapped lines joined, with what each looks like.

A line ends at LF, CRLF or CR. Spans are code points into the text as decoded and
leave out white space and line ends, so a joined paragraph has one span a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from annotator.ingest.page.furniture import (
    Look,
    bullet,
    ends_as_sentence,
    is_speaker,
    look,
)
from annotator.records import Span

WIDTHS: Final = range(40, 111)
"""Columns at which text is hard-wrapped in practice (mail 72, print-outs 80 to 100)."""

SAMPLE: Final = 1000
"""Characters of a paragraph that rules look at: its beginning and its end. A bound,
so that a line of megabytes costs no more than a sentence."""

_LINE: Final = re.compile(r"[^\r\n]+|\r\n|\r|\n")


@dataclass(slots=True)
class Paragraph:
    """One paragraph, bullet, heading or piece of furniture.

    Attributes
    ----------
    lines
        One span a line; a bullet sign is left out, a number or (a) is not.
    number
        Of its first line, from 1.
    gap
        Blank lines above it.
    sample
        Its text, joined; of a long one, the beginning and the end.
    fate
        "body", "heading", or why it is dropped; empty while undecided.
    """

    lines: tuple[Span, ...]
    number: int
    gap: int
    sample: str
    bullet: bool
    look: Look
    fate: str = ""

    @property
    def size(self) -> int:
        """Length in code points, line ends left out."""
        return sum(end - start for start, end in self.lines)

    @property
    def words(self) -> str:
        """The sample with single spaces: how a title or name is given on."""
        return " ".join(self.sample.split())

    @property
    def is_prose(self) -> bool:
        """Whether it may be body by its looks, and nothing was decided."""
        return not self.fate and self.look.kind in ("sentence", "speaker")

    @property
    def is_title(self) -> bool:
        """Whether it may be a title by its looks, and nothing was decided."""
        words = sum(any(map(str.isalpha, w)) for w in self.sample.split())
        label = self.look.kind == "label" and words >= 3
        return not self.fate and (label or (self.look.kind == "name" and words >= 4))


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    number: int
    gap: int
    indent: int
    bullet: int
    first_word: int
    ends: bool


def read_paragraphs(text: str) -> list[Paragraph]:
    """Read the paragraphs of a text in order; every non-blank line is in one."""
    lines = list(_lines(text))
    width = _wrap_width(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _continues(text, groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(text, group) for group in groups]


def fill(paragraphs: Sequence[Paragraph], fate: str) -> None:
    """Give every paragraph without a fate this one."""
    for paragraph in paragraphs:
        paragraph.fate = paragraph.fate or fate


def _lines(text: str) -> Iterator[_Line]:
    number, gap, blank = 1, 0, True
    for match in _LINE.finditer(text):
        if text[match.start()] in "\r\n":
            gap, blank, number = gap + blank, True, number + 1
            continue
        raw = match.group()
        inner = raw.strip()
        if not inner:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        yield _Line(
            span=Span(start, start + len(inner)),
            number=number,
            gap=gap,
            indent=start - match.start(),
            bullet=bullet(inner[:80]),
            first_word=len(inner[:80].split(maxsplit=1)[0]),
            ends=ends_as_sentence(inner),
        )
        gap, blank = 0, False


def _wrap_width(lines: Sequence[_Line]) -> int | None:
    """Give the column at which the text is hard-wrapped; None where it is not."""
    pairs = [(a, b) for a, b in pairwise(lines) if not b.gap and not b.bullet]
    if len(pairs) < 3:
        return None
    widths = sorted(_right(a) for a, _ in pairs)
    width = widths[int(0.95 * (len(widths) - 1))]
    full = [a for a, b in pairs if _full(a, b, width)]
    open_ends = sum(not a.ends for a in full)
    wrapped = 2 * len(full) >= len(pairs) and 2 * open_ends >= len(full)
    return width if wrapped and width in WIDTHS else None


def _continues(text: str, group: list[_Line], line: _Line, width: int | None) -> bool:
    """Tell a line that goes on with the paragraph above it."""
    last = group[-1]
    if (
        line.gap
        or line.bullet
        or is_speaker(text[line.span.start : line.span.start + 80])
    ):
        return False
    if group[0].bullet and line.indent > group[0].indent:
        return not last.ends or text[line.span.start].islower()
    return width is not None and _full(last, line, width)


def _full(line: _Line, below: _Line, width: int) -> bool:
    """Tell a line that had no room left for the first word of the line below."""
    return _right(line) + 1 + below.first_word > width


def _right(line: _Line) -> int:
    return line.indent + line.span.end - line.span.start


def _paragraph(text: str, group: list[_Line]) -> Paragraph:
    first = group[0]
    numbered = text[first.span.start].isdigit() or text[first.span.start] == "("
    sign = 0 if numbered else first.bullet
    spans = (
        Span(first.span.start + sign, first.span.end),
        *(x.span for x in group[1:]),
    )
    sample = _sample(text, spans)
    return Paragraph(
        spans, first.number, first.gap, sample, bool(first.bullet), look(sample)
    )


def _sample(text: str, spans: Sequence[Span]) -> str:
    if sum(end - start for start, end in spans) <= SAMPLE:
        return " ".join(text[start:end] for start, end in spans)
    half = SAMPLE // 2
    head, tail = spans[0], spans[-1]
    beginning = text[head.start : min(head.end, head.start + half)]
    return f"{beginning} {text[max(tail.start, tail.end - half) : tail.end]}"
