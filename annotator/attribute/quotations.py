"""Article text -> its quotations: what stands between quotation marks.

A paragraph is read at a time, so that a mark that is never closed reaches no further
than its paragraph. A paragraph that opens with a mark after an unclosed one runs the
quotation on, as printers have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.records import Sentence, Span

_PARAGRAPH: Final = re.compile(r"[^\r\n]+")
_LABEL: Final = re.compile(
    r"\s*(?:[^\W\d_a-z][\w.'’-]*\s){0,3}([^\W\d_a-z][\w'’-]*)\s?:\s+(?=[^\s\"“«„‘'])"
)
_MARK: Final = re.compile(r"``|''|[\"“”„‟«»‹›‘’‚']")
_CLOSES: Final = {
    '"': '"”',
    "“": '”"“',
    "”": "”",
    "„": '“”"',
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "``": "''",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
}
"""Which marks may close a quotation, by the mark that opened it."""

QUOTE_MARKS: Final = "\"“”„‟«»‹›‘’‚'"
_SINGLE: Final = "‘’‚'"
_BEFORE_OPENING: Final = re.compile(r"[\s(\[{—–…:;,\"“„«*>|/-]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks, the marks left out.

    Attributes
    ----------
    opened, closed
        Whether each mark is there. Without the closing one the span ends with the
        paragraph, without the opening one it begins with it.
    runs_on
        Whether it carries the quotation before it on.
    """

    span: Span
    opened: bool = True
    closed: bool = True
    runs_on: bool = False


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    runs_on: bool


def find_quotations(
    text: str, sentences: Sequence[Sentence], speakers: frozenset[str] = frozenset()
) -> list[Quotation]:
    """Outermost quotations of a text, in order.

    A paragraph that one of `speakers` opens, by the last word of the name in small
    letters, with a colon behind it, is a quotation as a whole: an answer as printed
    in interviews.
    """
    found: list[Quotation] = []
    unclosed = False
    starts = [s.start for s in sentences]
    for paragraph in _PARAGRAPH.finditer(text):
        if not paragraph[0].strip():
            continue
        label = _LABEL.match(text, *paragraph.span())
        if label and label[1].lower() in speakers:
            end = paragraph.start() + len(paragraph[0].rstrip())
            found.append(Quotation(Span(label.end(), max(end, label.end()))))
            unclosed = False
            continue
        here = [
            _from_its_sentence(q, starts)
            for q in _of_paragraph(text, Span(*paragraph.span()), unclosed)
        ]
        unclosed = bool(here) and not here[-1].closed
        found += here
    return found


def _from_its_sentence(quotation: Quotation, starts: Sequence[int]) -> Quotation:
    """A quotation without an opening mark begins no earlier than its last sentence."""
    if quotation.opened or not starts:
        return quotation
    start, end = quotation.span
    sentence = starts[max(bisect_right(starts, end - 1) - 1, 0)]
    return replace(quotation, span=Span(min(max(start, sentence), end), end))


def _of_paragraph(text: str, span: Span, unclosed: bool) -> Iterator[Quotation]:
    opened: _Open | None = None
    head = last_end = _skip_space(text, *span)
    for match in _MARK.finditer(text, *span):
        mark, at = match[0], match.start()
        opens, closes = _sides(text, match, span)
        if opened is None:
            if opens and mark in _CLOSES and _is_closed(text, match, span):
                opened = _Open(mark, match.end(), runs_on=at == head and unclosed)
            elif closes and mark in '"”»' and not text[at - 1].isdigit():
                start = _skip_space(text, last_end, at)
                if start < at:
                    yield Quotation(Span(start, at), opened=False, runs_on=unclosed)
                unclosed, last_end = False, match.end()
        elif closes and mark in _CLOSES[opened.mark]:
            if opened.start < at:
                yield Quotation(Span(opened.start, at), runs_on=opened.runs_on)
            opened, unclosed, last_end = None, False, match.end()
        elif opens and mark == opened.mark and mark not in _SINGLE:
            yield Quotation(Span(opened.start, at), True, False, opened.runs_on)
            opened = _Open(mark, match.end(), runs_on=True)
    if opened is not None:
        end = span.start + len(text[span.start : span.end].rstrip())
        if end > opened.start:
            yield Quotation(Span(opened.start, end), True, False, opened.runs_on)


def _sides(text: str, match: re.Match[str], span: Span) -> tuple[bool, bool]:
    """Whether a mark may open here, and whether it may close."""
    before = text[match.start() - 1] if match.start() > span.start else " "
    after = text[match.end()] if match.end() < span.end else " "
    mark = match[0]
    if mark in _SINGLE:
        return (
            not before.isalnum() and after.isalnum() and mark != "’",
            not before.isspace() and not after.isalnum(),
        )
    free = _BEFORE_OPENING.match(before) is not None
    if mark in '"“”':
        return (
            (free or mark == "“") and not after.isspace() and mark != "”",
            (not free or before in ',-–—…*/"') and (mark != "“" or not after.isalnum()),
        )
    return mark in "«‹„‟``" or (
        free and not after.isspace()
    ), mark in "»›''" or not free


def _is_closed(text: str, match: re.Match[str], span: Span) -> bool:
    """Whether a single mark that may open is closed in its paragraph.

    The other marks need no closing: nothing but a quotation looks like them.
    """
    if match[0] not in _SINGLE:
        return True
    following = (m for m in _MARK.finditer(text, match.end(), span.end))
    for mark in following:
        if mark[0] in _CLOSES[match[0]] and _sides(text, mark, span)[1]:
            return True
        if mark[0] in _SINGLE and _sides(text, mark, span)[0]:
            return False
    return False


def _skip_space(text: str, start: int, end: int) -> int:
    return start + len(text[start:end]) - len(text[start:end].lstrip())


class Quoted:
    """Quotations, found by place."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self.all = quotations
        self._starts = [q.span.start for q in quotations]

    def at(self, place: int) -> int | None:
        """Number of the quotation that holds a place."""
        number = bisect_right(self._starts, place) - 1
        if number >= 0 and place < self.all[number].span.end:
            return number
        return None

    def within(self, span: Span) -> list[Span]:
        """What stands in quotation marks inside a span."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        last = bisect_left(self._starts, span.end)
        pieces: list[Span] = []
        for quotation in self.all[first:last]:
            start = max(span.start, quotation.span.start)
            end = min(span.end, quotation.span.end)
            if start < end:
                pieces.append(Span(start, end))
        return pieces
