"""Made articles and sentences for the tests of exchange with other programs."""

from __future__ import annotations

from hypothesis import strategies as st

from annotator.codebook import LABELS, SOURCE_KINDS, LabelName
from annotator.export.items import Item, Known, Scope, in_order, items
from annotator.records import (
    Article,
    Attribution,
    Label,
    LoadedTerm,
    MarkedSpan,
    ScoredArticle,
    Sentence,
    Span,
    Verdict,
)

PARTS = (
    "The bridge at Karland was shut on Monday.",
    "\U0001f6a8 Harbour police said the so-called \u201cregime\u201d had\r\nlied.",
    "قالت وزارة النقل إن الجسر آمن.",
    "Re\u0301my Dole\u0301 called it a farce \U0001f9d1\u200d\U0001f692.",
)
MODEL = "made@0"
LETTERS = "ab e\u0301\u0651\U0001f6a8\U0001f9d1\u200dقال\n\r\\n=@\t"
"""Emoji, a joiner, combining marks, Arabic, line ends, and what passes for one."""


def label(sentence_id: str, name: LabelName, *, flagged: bool = True) -> Label:
    reasons = ("close call",) if flagged else ()
    return Label(sentence_id, name, (0.4, 0.3, 0.2, 0.1), 0.4, reasons, MODEL)


def article(
    article_id: str = "a1", parts: tuple[str, ...] = PARTS, **facts: str
) -> ScoredArticle:
    """One sentence a part: the second attributes something, the last is not flagged."""
    text = "\n\n".join(parts)
    sentences, start = [], 0
    for index, part in enumerate(parts):
        end = start + len(part)
        name = f"{article_id}:{index}"
        sentences.append(Sentence(name, article_id, index, start, end))
        start = end + 2
    labels = {
        s.sentence_id: label(
            s.sentence_id, LABELS[s.index % 4], flagged=s.index < len(parts) - 1
        )
        for s in sentences
    }
    return ScoredArticle(
        Article(article_id, f"{article_id}.txt", text, **facts),
        tuple(sentences),
        labels,
        *((attributed(sentences[1], text),) if parts == PARTS else ()),
        loaded_terms=(loaded(sentences[1], text),) if parts == PARTS else (),
    )


def at(sentence: Sentence, text: str, words: str) -> Span:
    start = text.index(words, sentence.start)
    return Span(start, start + len(words))


def attributed(sentence: Sentence, text: str) -> tuple[Attribution, ...]:
    found = Attribution(
        sentence.sentence_id,
        at(sentence, text, "Harbour police"),
        at(sentence, text, "said"),
        at(sentence, text, "the so-called \u201cregime\u201d had\r\nlied"),
        "government",
        resolved_source="Harbour police",
        form="indirect",
        attribution_id=f"{sentence.sentence_id}#0",
    )
    return (found,)


def loaded(sentence: Sentence, text: str) -> LoadedTerm:
    where = at(sentence, text, "regime")
    return LoadedTerm(sentence.sentence_id, where, None, "-", "quoted")


def verdict(
    sentence_id: str,
    name: LabelName = "opinion",
    spans: tuple[MarkedSpan, ...] | None = None,
) -> Verdict:
    return Verdict(sentence_id, name, spans, ("Amal", "Bo"), False, True)


def every(*scored: ScoredArticle, known: Known | None = None) -> list[Item]:
    scope, known = Scope("all"), known or Known()
    return [item for each in scored for item in items(each, known, scope)]


@st.composite
def settled(draw: st.DrawFn) -> Item:
    """A sentence of any text that people labelled, marked and wrote a note on."""
    text = draw(st.text(LETTERS, min_size=2, max_size=30))
    name = draw(st.sampled_from(LABELS))
    spans = draw(st.none() | st.lists(marks(len(text)), max_size=4, unique=True))
    note = draw(st.text(LETTERS, max_size=12))
    wanted = None if spans is None else in_order(spans)
    known = Known({"a1:0": verdict("a1:0", name, wanted)}, {"a1:0": note})
    (item,) = every(article("a1", (text,)), known=known)
    return item


@st.composite
def marks(draw: st.DrawFn, length: int) -> MarkedSpan:
    start = draw(st.integers(0, length - 1))
    span = Span(start, draw(st.integers(start + 1, length)))
    layer = draw(st.sampled_from(("source", "cue", "content", "loaded")))
    if layer == "loaded":
        polarity = draw(st.sampled_from(("+", "-")))
        voice = draw(st.sampled_from((None, "outlet", "quoted")))
        return MarkedSpan(layer, span, polarity=polarity, voice=voice)
    return MarkedSpan(layer, span, draw(st.none() | st.sampled_from(SOURCE_KINDS)))
