"""Decisions of people <-> `decisions.parquet`, and what they change in an article.

The table is a copy of the log of a review, a row a decision in order of arrival, so
that a results folder says by itself what people decided. Spans are a list of layer,
start and end in the sentence's text, kind, polarity and voice; null leaves the
machine's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Final

import pyarrow as pa

from annotator.records import (
    Decision,
    LoadedTerm,
    MarkedSpan,
    ScoredArticle,
    Sentence,
    Span,
    Verdict,
    VoicedSpan,
)
from annotator.store.derived import write_derived
from annotator.store.tables import (
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Row,
    fields,
    schema,
    taken,
)

MARKED: Final = pa.struct(
    {
        "layer": TEXT,
        "start": WHOLE,
        "end": WHOLE,
        "kind": TEXT,
        "polarity": TEXT,
        "voice": TEXT,
    }
)

DECISIONS: Final = schema(
    decision_id=TEXT,
    sentence_id=TEXT,
    article_id=TEXT,
    reviewer=TEXT,
    action=TEXT,
    label=TEXT,
    spans=pa.list_(MARKED),
    note=TEXT,
    seconds=NUMBER,
    at=pa.timestamp("us", "UTC"),
    blind=YES_NO,
    turn=TEXT,
    machine_label=TEXT,
    machine_confidence=NUMBER,
    model=TEXT,
    origin=TEXT,
)


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write the decisions of people into a results folder, in order of arrival.

    Those written before are replaced: give all of them.

    Raises
    ------
    BadResults
        If the folder is being written by another run.
    """
    rows = map(decision_row, decisions)
    write_derived(path, {"decisions": rows}, {"decisions": DECISIONS})


def decision_row(decision: Decision) -> Row:
    """Give a row of `decisions`."""
    spans = decision.spans
    return fields(decision) | {
        "spans": None if spans is None else [_mark_row(mark) for mark in spans]
    }


def decision(row: Row) -> Decision:
    """Read a row of `decisions` back."""
    spans = row["spans"]
    read = {
        "spans": None if spans is None else tuple(map(_mark, spans)),
        "at": row["at"].astimezone(UTC),
    }
    return Decision(**taken(Decision, row) | read)


def _mark_row(mark: MarkedSpan) -> Row:
    row = fields(mark)
    row["start"], row["end"] = row.pop("span")
    return row


def _mark(row: Row) -> MarkedSpan:
    span = Span(row["start"], row["end"])
    return MarkedSpan(**taken(MarkedSpan, row), span=span)


def reviewed(scored: ScoredArticle, verdicts: Mapping[str, Verdict]) -> ScoredArticle:
    """Give an article with the verdicts on its sentences.

    Its labels stay the machine's. Loaded terms are those that people want, where they
    corrected the spans of a sentence: one that the machine marked too keeps its target
    and speaker, another is in the voice in which it stands and has no target; one
    without a polarity is left out. Attributions stay the machine's, since whom a
    corrected source stands for is not known.
    """
    own = {i: verdicts[i] for i in scored.labels if i in verdicts}
    corrected = {i: v.spans for i, v in own.items() if v.spans is not None}
    terms = _terms(scored, corrected) if corrected else scored.loaded_terms
    return replace(scored, verdicts=own, loaded_terms=terms)


def _terms(
    scored: ScoredArticle, corrected: Mapping[str, tuple[MarkedSpan, ...]]
) -> tuple[LoadedTerm, ...]:
    """Give the loaded terms of an article, sentence by sentence."""
    found: defaultdict[str, list[LoadedTerm]] = defaultdict(list)
    for term in scored.loaded_terms:
        found[term.sentence_id].append(term)
    voices: defaultdict[str, list[VoicedSpan]] = defaultdict(list)
    for voiced in scored.voices:
        voices[voiced.sentence_id].append(voiced)
    for sentence in scored.sentences:
        name = sentence.sentence_id
        if name in corrected:
            known = {term.span: term for term in found[name]}
            found[name] = [
                _term(sentence, mark, known, voices[name])
                for mark in corrected[name]
                if mark.layer == "loaded" and mark.polarity
            ]
    return tuple(t for s in scored.sentences for t in found[s.sentence_id])


def _term(
    sentence: Sentence,
    mark: MarkedSpan,
    known: Mapping[Span, LoadedTerm],
    voices: Iterable[VoicedSpan],
) -> LoadedTerm:
    """Give a loaded term as a person marked it."""
    span = Span(sentence.start + mark.span.start, sentence.start + mark.span.end)
    heard = next((v for v in voices if v.span.start <= span.start < v.span.end), None)
    told = heard.voice if heard else "outlet"
    term = known.get(span) or LoadedTerm(
        sentence.sentence_id,
        span,
        None,
        "-",
        told,
        heard.attribution_id if heard else None,
        heard.speaker if heard else None,
    )
    return replace(
        term, polarity=mark.polarity or term.polarity, voice=mark.voice or term.voice
    )
