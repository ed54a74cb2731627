"""Sentences of an article -> a text and its standoff annotations for brat.

Offsets are code points into the article as it was read (brat standoff format). The
label of a sentence is a text-bound annotation over the whole of it. An attribution is
an event on its cue, on its content where it has none; the machine's alone have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.export.items import LAYERS, Item
from annotator.export.marks import POLARITIES, VOICES, attributes
from annotator.records import Attribution, MarkedSpan, Span

_LINE_ENDS: Final = re.compile(r"[\r\n]+")
_BLANK: Final = re.compile(r"\s+")


def config() -> str:
    """Write `annotation.conf`, which names all types."""
    lines = (
        "[entities]",
        *(_type(name) for name in (*LABELS, *LAYERS)),
        "",
        "[relations]",
        "",
        "[events]",
        "Attribution\tSource?:Source, Cue?:Cue, Content?:Content",
        "",
        "[attributes]",
        f"Kind\tArg:Source|Cue|Content, Value:{'|'.join(SOURCE_KINDS)}",
        f"Polarity\tArg:Loaded, Value:{'|'.join(POLARITIES)}",
        f"Voice\tArg:Loaded, Value:{'|'.join(VOICES)}",
        f"LabelledBy\tArg:{'|'.join(map(_type, LABELS))}, Value:machine|people",
        "",
    )
    return "\n".join(lines)


def standoff(items: Iterable[Item]) -> str:
    """Write the annotations of one article."""
    return "".join(f"{line}\n" for line in _Numbered().lines(items))


class _Numbered:
    """Counts the annotations of a document; each kind has its own numbers."""

    def __init__(self) -> None:
        self._next = dict.fromkeys("TEA#", 1)

    def lines(self, items: Iterable[Item]) -> Iterator[str]:
        """Give the annotations of sentences, line by line."""
        for item in items:
            sentence, text_bound = self._text_bound(
                item, item.label, item.sentence.span
            )
            yield text_bound
            yield self._attribute("LabelledBy", sentence, item.labelled_by)
            yield self._note(item, sentence)
            marks: dict[tuple[str, Span], str] = {}
            for marked in item.spans:
                at = _in_article(item, marked)
                name, text_bound = self._text_bound(item, marked.layer, at)
                marks[marked.layer, at] = name
                yield text_bound
                for attribute, value in attributes(marked).items():
                    yield self._attribute(_type(attribute), name, value)
            for said in item.said:
                yield from self._event(item, said.attribution, marks)

    def _number(self, kind: str) -> str:
        number = self._next[kind]
        self._next[kind] = number + 1
        return f"{kind}{number}"

    def _text_bound(self, item: Item, name: str, at: Span) -> tuple[str, str]:
        """Give a text-bound annotation; one that holds line ends is in pieces."""
        number, text = self._number("T"), item.article.text
        pieces = list(_pieces(text, at))
        where = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(text[start:end] for start, end in pieces)
        return number, f"{number}\t{_type(name)} {where}\t{words}"

    def _attribute(self, name: str, of: str, value: str) -> str:
        return f"{self._number('A')}\t{name} {of} {value}"

    def _note(self, item: Item, of: str) -> str:
        told = f"{item.sentence.sentence_id} {item.machine.model} {item.note}"
        return f"{self._number('#')}\tAnnotatorNotes {of}\t{_BLANK.sub(' ', told)}"

    def _event(
        self, item: Item, found: Attribution, marks: dict[tuple[str, Span], str]
    ) -> Iterator[str]:
        """Give an attribution as an event, if all of its spans stand."""
        spans = {"content": found.content, "cue": found.cue, "source": found.source}
        there = {layer: at for layer, at in spans.items() if at}
        trigger = found.cue or found.content
        if trigger is None or not all((n, at) in marks for n, at in there.items()):
            return
        name, text_bound = self._text_bound(item, "attribution", trigger)
        yield text_bound
        roles = " ".join(f"{_type(n)}:{marks[n, at]}" for n, at in there.items())
        yield f"{self._number('E')}\tAttribution:{name} {roles}"


def _in_article(item: Item, marked: MarkedSpan) -> Span:
    start = item.sentence.start
    return Span(start + marked.span.start, start + marked.span.end)


def _pieces(text: str, at: Span) -> Iterator[Span]:
    """Give the stretches of a span between line ends."""
    start = at.start
    for ends in _LINE_ENDS.finditer(text, at.start, at.end):
        if start < ends.start():
            yield Span(start, ends.start())
        start = ends.end()
    if start < at.end:
        yield Span(start, at.end)


def _type(name: str) -> str:
    """Give the name of a type as brat writes them.

    >>> _type("reported_fact")
    'Reported_fact'
    """
    return name[:1].upper() + name[1:]
