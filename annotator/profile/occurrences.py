"""A scored article -> each thing that a measure counts in it, and where it stands.

The figures add these up, and the report shows them, so that a figure and the sentences
behind it rest on one rule.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from annotator.records import Attribution, ScoredArticle, Span, Voice

_WORD: Final = re.compile(r"\w+(?:['’-]\w+)*")

WordsBySentence = Mapping[str, Counter[Voice]]
"""By the id of a labelled sentence, words of each voice."""


class Occurrence(NamedTuple):
    """What a measure counts at one place.

    `span`, into `Article.text`, is what shows it there; None where that is the whole
    sentence. `adds` is how much it adds to the measure's numerator.
    """

    measure: str
    sentence_id: str
    span: Span | None = None
    adds: int = 1


def occurrences(scored: ScoredArticle) -> Iterator[Occurrence]:
    """Give what the measures count in an article, measure by measure.

    Left out are the measures that ask who is behind an attribution: see
    `annotator.sources`.
    """
    for sentence_id, label in scored.labels.items():
        yield Occurrence(scored.label_of(sentence_id), sentence_id)
        if label.flagged:
            yield Occurrence("flagged", sentence_id)
    yield from _loaded(scored)
    yield from _attributed(scored)
    yield from _hedged(scored)


def words_by_sentence(scored: ScoredArticle) -> WordsBySentence:
    """Count the words of each voice in the sentences that have a label."""
    words: defaultdict[str, Counter[Voice]] = defaultdict(Counter)
    for voiced in scored.voices:
        if voiced.sentence_id in scored.labels:
            words[voiced.sentence_id][voiced.voice] += _length(scored, voiced.span)
    return words


def narrated(words: WordsBySentence) -> set[str]:
    """Give the sentences that are mostly the narrator's."""
    return {s for s, n in words.items() if n["outlet"] > n["quoted"]}


def _length(scored: ScoredArticle, span: Span) -> int:
    return len(_WORD.findall(scored.article.text[slice(*span)]))


def _loaded(scored: ScoredArticle) -> Iterator[Occurrence]:
    """Loaded terms in sentences that have words of a known voice."""
    told = {v.sentence_id for v in scored.voices} & scored.labels.keys()
    for term in scored.loaded_terms:
        if term.sentence_id not in told:
            continue
        yield Occurrence("all_loaded", term.sentence_id, term.span)
        if term.voice == "outlet":
            polarity = "loaded_negative" if term.polarity == "-" else "loaded_positive"
            yield Occurrence("loaded", term.sentence_id, term.span)
            yield Occurrence(polarity, term.sentence_id, term.span)


def _attributed(scored: ScoredArticle) -> Iterator[Occurrence]:
    for said in scored.attributions:
        yield Occurrence("attributions", said.sentence_id, said.source or said.cue)
        if said.source_kind == "document":
            yield Occurrence("documents", said.sentence_id, said.source)
        if said.form == "direct":
            yield Occurrence("direct_quotation", said.sentence_id, said.content)
    for voiced in scored.voices:
        if voiced.voice == "quoted" and voiced.sentence_id in scored.labels:
            words = _length(scored, voiced.span)
            if words:
                yield Occurrence(
                    "attributed_words", voiced.sentence_id, voiced.span, words
                )


def _hedged(scored: ScoredArticle) -> Iterator[Occurrence]:
    """Narrated sentences that hedge, each once."""
    first: dict[str, Span | None] = {}
    for said in filter(_hedges, scored.attributions):
        first.setdefault(said.sentence_id, said.cue)
    for sentence_id in sorted(first.keys() & narrated(words_by_sentence(scored))):
        yield Occurrence("hedging", sentence_id, first[sentence_id])


def _hedges(attribution: Attribution) -> bool:
    """Whether the narrator says that something is said, and by nobody."""
    return (
        attribution.source_kind == "hearsay"
        and attribution.source is None
        and attribution.resolved_source is None
        and attribution.depth == 0
    )
