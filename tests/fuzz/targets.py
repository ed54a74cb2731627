"""Bytes -> nothing, or the first thing that must never be: what each target promises.

Every target takes any bytes, hands them to the package as a file, a page or a text,
and checks what comes back. Only `AnnotatorError` may come out of the package, and the
targets swallow it; anything else is a crash. `fuzz.py` drives them under atheris,
`test_hostile_input.py` under Hypothesis and over the cases found so far.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import docx
import numpy as np

from annotator.attribute import attribute, find_actors
from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.errors import AnnotatorError, BadTrainingData, UnreadableInput
from annotator.export import READERS as ANSWERS
from annotator.export import decisions
from annotator.ingest.articles import Origin, articles_of
from annotator.ingest.decode import decode, repair
from annotator.ingest.document import Facts, Options
from annotator.ingest.files import Found, opened
from annotator.ingest.page import split_page
from annotator.ingest.reading import READERS
from annotator.records import (
    Article,
    DroppedLine,
    Failure,
    Label,
    MarkedSpan,
    Passage,
    ScoredArticle,
    Sentence,
    Span,
    SpanLayer,
    TaggedSentence,
)
from annotator.segment import segment
from annotator.tag.spans import best_spans
from annotator.tag.windows import NO_SENTENCE, WindowBuilder, WindowShape, tokens_of
from annotator.train.formats import read_rows

MODEL: Final = Path(__file__).parents[2] / "models" / "compact"
LONGEST_REASON: Final = 1_000
"""Characters of a message: the words of a file may be in it, and not all of them."""
SMALL: Final = Options(max_bytes=2_000_000, max_chars=200_000)
NOW: Final = datetime(2031, 5, 11, tzinfo=UTC)
LAYERS: Final[tuple[SpanLayer, ...]] = ("source", "cue", "content", "loaded")

Target = Callable[[bytes], None]


# Files


def _file(suffix: str) -> Target:
    def target(data: bytes) -> None:
        reader = READERS[suffix]
        origin = Origin(Found(Path(f"a{suffix}"), suffix, False), Facts(), None, {})
        try:
            for document in reader(io.BytesIO(data), SMALL):
                if isinstance(document, UnreadableInput):
                    check_reason(str(document))
                    continue
                for item in articles_of(document, origin, SMALL):
                    _check_item(item, document.source or document.text)
        except UnreadableInput as fault:
            check_reason(str(fault))

    return target


def gzipped(data: bytes) -> None:
    """Read bytes as a .gz of text, and what they compress to as well."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.txt.gz"
        for content in (data, b"\x1f\x8b\x08" + data, gzip.compress(data)):
            path.write_bytes(content)
            with (
                suppress(UnreadableInput),
                opened(Found(path, ".txt", True), SMALL, None) as stream,
            ):
                _file(".txt")(stream.read())


def word(data: bytes) -> None:
    """Read bytes as the document inside a Word file; as the whole file they are too."""
    _file(".docx")(data)
    _file(".docx")(_word_around(data))


def _word_around(document: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, member in _word_members().items():
            inner = name == "word/document.xml"
            archive.writestr(name, document if inner else member)
    return made.getvalue()


@cache
def _word_members() -> dict[str, bytes]:
    empty = io.BytesIO()
    docx.Document().save(empty)
    with zipfile.ZipFile(empty) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _check_item(item: Article | DroppedLine | Failure, source: str) -> None:
    match item:
        case Failure():
            check_reason(item.reason)
        case DroppedLine():
            assert source[item.start : item.end] == item.text != ""
            assert item.line > 0
        case Article():
            check_article(item, source)


def check_reason(reason: str) -> None:
    """A message is there, short, and can be stored."""
    assert 0 < len(reason) < LONGEST_REASON, reason
    reason.encode("utf-8", "surrogatepass")


def check_article(article: Article, source: str) -> None:
    """Its text can be stored, and every span of it stands."""
    text = article.text
    assert text.strip()
    text.encode()
    for span in article.headings:
        assert 0 <= span.start < span.end <= len(text)
    _check_passages(article.passages, text, source)
    sentences = segment(article)
    check_tiling(text, sentences)
    for sentence in sentences:
        there = article.source_span(sentence.span)
        if there:
            assert 0 <= there.start < there.end <= len(source)


def _check_passages(passages: Sequence[Passage], text: str, source: str) -> None:
    at = 0
    for p in passages:
        assert at <= p.start < p.end <= len(text)
        assert 0 <= p.source_start < p.source_end <= len(source)
        assert not text[at : p.start].strip()
        at = p.end
    assert not passages or not text[at:].strip()


# Pages, sentences, spans


def decoding(data: bytes) -> None:
    """Decode bytes, and say where each stretch of the repaired text came from."""
    with suppress(UnreadableInput):
        text = decode(data).text
        repaired = repair(text)
        repaired.text.encode()
        pieces = repaired.pieces
        assert "".join(repaired.text[p.start : p.end] for p in pieces) == repaired.text
        ends = [0, *(p.source_end for p in pieces)]
        for piece, before in zip(pieces, ends, strict=False):
            assert before <= piece.source_start <= piece.source_end <= len(text)


def page(data: bytes) -> None:
    """Split a text as a page of several stories, and as one record."""
    text = repair(_any_text(data)).text
    head, _, rest = text.partition("\n")
    if rest.strip():
        _check_split(rest, several=False, title=head)
    if text.strip():
        _check_split(text, several=True, title=None)


def _check_split(text: str, *, several: bool, title: str | None) -> None:
    """Every line that is not blank stands once, in a body or among the dropped."""
    found = split_page(text, several=several, title=title)
    kept = [line for s in found.stories for b in s.blocks for line in b.lines]
    titles = [d.span for d in found.dropped]
    spans = sorted([*kept, *titles])
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        at = span.end
    for dropped in found.dropped:
        assert dropped.reason
        assert dropped.story is None or 0 <= dropped.story < len(found.stories)
    left = set(text) if not spans else set(_between(text, spans))
    assert all(c.isspace() or not c.isalnum() for c in left), left


def _between(text: str, spans: Sequence[Span]) -> Iterator[str]:
    at = 0
    for span in spans:
        yield from text[at : span.start]
        at = span.end
    yield from text[at:]


def sentences(data: bytes) -> None:
    """Segment any text, with headings anywhere in it."""
    cuts = sorted(data[:4])
    text = _any_text(data[4:])
    headings = tuple(map(Span, cuts[0::2], cuts[1::2]))
    inside = tuple(h for h in headings if h.end <= len(text))
    article = Article("a", "", text, headings=inside)
    check_tiling(text, segment(article))


def check_tiling(text: str, found: Sequence[Sentence]) -> None:
    """Sentences tile a text but for white space."""
    at = 0
    for number, sentence in enumerate(found):
        words = text[sentence.start : sentence.end]
        assert sentence.index == number
        assert at <= sentence.start < sentence.end <= len(text)
        assert words == words.strip()
        assert not text[at : sentence.start].strip()
        at = sentence.end
    assert not text[at:].strip()


def windows(data: bytes) -> None:
    """Map tokens to characters: of sentences, of a span, and of the likeliest spans."""
    seed = data[0] if data else 0
    texts = _text(data[1:]).split("\n")[:40]
    for window in _builder().windows(texts, texts[-1]):
        assert len(window.token_ids) <= _builder().shape.max_tokens
        for number in sorted(set(window.sentence_index) - {NO_SENTENCE}):
            where = np.flatnonzero(window.sentence_index == number)[:-1]
            offsets, text = window.offsets[where], texts[number]
            assert (offsets[:, 0] >= 0).all()
            assert (offsets[:, 0] <= offsets[:, 1]).all()
            assert (offsets[:, 1] <= len(text)).all()
            logits = np.random.default_rng(seed).normal(size=(len(where), 4, 3)) * 3
            for _, tokens in best_spans(logits, window.words[where], (0.0,) * 4):
                first, last = offsets[tokens.start], offsets[tokens.stop - 1]
                assert 0 <= first[0] <= last[1] <= len(text)
                assert len(tokens_of(Span(int(first[0]), int(last[1])), offsets))


@cache
def _builder() -> WindowBuilder:
    return WindowBuilder(MODEL / "tokenizer.json", WindowShape())


def tagged(data: bytes) -> None:
    """Attribute a text with spans of every layer anywhere in its sentences."""
    cut = 4 * data[0] if data else 0
    marks, text = data[1 : 1 + cut], _text(data[1 + cut :])
    article = Article("a", "", text)
    check_attribution(article, _marked(article, marks))


def _marked(article: Article, marks: bytes) -> list[tuple[Sentence, TaggedSentence]]:
    """Give sentences spans, those of a layer apart from each other as the tagger's are.

    Four bytes say layer and sentence, kind, start and length.
    """
    body = [s for s in segment(article) if s.skipped is None]
    given: list[list[MarkedSpan]] = [[] for _ in body]
    for i in range(0, len(marks) - 3, 4) if body else ():
        which, kind, start, length = marks[i : i + 4]
        number = (which // 4) % len(body)
        size = body[number].end - body[number].start
        first = start % size
        span = Span(first, min(size, first + 1 + length % 40))
        mark = _mark(LAYERS[which % 4], span, kind)
        own = (m.span for m in given[number] if m.layer == mark.layer)
        if all(span.end <= other.start or other.end <= span.start for other in own):
            given[number].append(mark)
    likely = (0.1, 0.7, 0.1, 0.1)
    return [
        (s, TaggedSentence(likely, 1.0, tuple(sorted(g, key=_place)), False, ()))
        for s, g in zip(body, given, strict=True)
    ]


def _mark(layer: SpanLayer, span: Span, kind: int) -> MarkedSpan:
    if layer == "loaded":
        return MarkedSpan(layer, span, polarity="-", voice="outlet")
    return MarkedSpan(layer, span, kind=SOURCE_KINDS[kind % len(SOURCE_KINDS)])


def _place(mark: MarkedSpan) -> tuple[int, Span]:
    return LAYERS.index(mark.layer), mark.span


def check_attribution(
    article: Article, found: Sequence[tuple[Sentence, TaggedSentence]]
) -> None:
    """Whatever is attributed stands inside its sentence; voices tile each."""
    body = {s.sentence_id: s for s, _ in found}
    for mention in find_actors(article.text, list(body.values())):
        _check_inside(mention.span, body[mention.sentence_id])
    result = attribute(article, found)
    for a in result.attributions:
        for span in (a.source, a.cue, a.content):
            if span:
                _check_inside(span, body[a.sentence_id])
    for term in result.loaded_terms:
        _check_inside(term.span, body[term.sentence_id])
    at = {name: s.start for name, s in body.items()}
    for voice in result.voices:
        assert at[voice.sentence_id] == voice.span.start < voice.span.end
        at[voice.sentence_id] = voice.span.end
    assert all(at[name] == s.end for name, s in body.items())


def _check_inside(span: Span, sentence: Sentence) -> None:
    assert sentence.start <= span.start < span.end <= sentence.end


# What other programs wrote


def answers(data: bytes) -> None:
    """Read bytes as annotations of each program, and take them for decisions."""
    for name, reader in ANSWERS.items():
        with suppress(AnnotatorError):
            found = reader(data)
            for refused in found.refused:
                check_reason(refused.reason)
            for answer in found.answers:
                for marked in answer.spans or ():
                    assert 0 <= marked.span.start < marked.span.end <= len(answer.text)
            decisions(found, [_scored()], name, NOW, "Amal")


@cache
def _scored() -> ScoredArticle:
    text = "The mill burnt. It was arson."
    article = Article("a", "", text)
    body = segment(article)
    likely = (0.7, 0.1, 0.1, 0.1)
    labels = {
        s.sentence_id: Label(s.sentence_id, LABELS[0], likely, 0.7, (), "")
        for s in body
    }
    return ScoredArticle(article, body, labels, (), (), (), (), None, skipped=None)


def training(data: bytes) -> None:
    """Read bytes as labelled rows in every format that training takes."""
    with TemporaryDirectory() as folder:
        for suffix in (".txt", ".csv", ".json", ".jsonl"):
            path = Path(folder) / f"a{suffix}"
            path.write_bytes(data)
            with suppress(BadTrainingData):
                for row in read_rows(path):
                    if isinstance(row, BadTrainingData):
                        check_reason(str(row))


def _text(data: bytes) -> str:
    """Any text that can be stored, as every article's is."""
    return data.decode("utf-8", "replace")


def _any_text(data: bytes) -> str:
    """Any text at all, lone surrogates too."""
    return data.decode("utf-8", "surrogateescape")


TARGETS: Final[dict[str, Target]] = {
    **{
        suffix.removeprefix("."): _file(suffix)
        for suffix in READERS
        if suffix not in (".docx", ".markdown", ".htm", ".xhtml", ".ndjson")
    },
    "docx": word,
    "gz": gzipped,
    "decode": decoding,
    "page": page,
    "sentences": sentences,
    "windows": windows,
    "tagged": tagged,
    "answers": answers,
    "training": training,
}
