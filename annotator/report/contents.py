"""Results -> what the HTML report shows, cut to a size a browser opens at once.

Everything is counted over all results; what is shown in full is bounded, and
every bound is stated in the report beside what it leaves out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from markupsafe import escape

from annotator.codebook import LABELS, LabelName
from annotator.records import (
    DroppedLine,
    Failure,
    Group,
    Label,
    OutletProfile,
    Sentence,
    Verdict,
)
from annotator.report.terminal import safe
from annotator.store import Results, StoredArticle

LETTERS: Final[dict[LabelName, str]] = dict(zip(LABELS, "fcoa", strict=True))

ARTICLE_BYTES: Final = 6_500_000
"""Markup of articles shown in full; the rest of the report fits in 3.5 MB more."""

SENTENCE_BYTES, ARTICLE_FRAME_BYTES = 70, 1_500
"""Markup around one sentence and one article."""

DROPPED_BYTES: Final = 1_000_000
DROPPED_LINES, DROPPED_WIDTH, DROPPED_FRAME_BYTES = 20, 140, 90
OUTLETS_SHOWN: Final = 200
FLAGGED_SHOWN: Final = 600
FAILURES_SHOWN: Final = 50


class FlaggedSentence(NamedTuple):
    """An entry of the list of flagged claims; sorts with the most pressing first."""

    rank: tuple[int, float]
    article: int
    place: int
    title: str | None
    text: str
    label: Label
    verdict: Verdict | None

    @property
    def name(self) -> LabelName:
        """The label that counts."""
        return (self.verdict or self.label).label

    @property
    def anchor(self) -> str:
        """The id of the sentence in the page."""
        return f"s{self.article}-{self.place}"


class SentenceView(NamedTuple):
    """A sentence as marked up: its letter, per cents, flag reasons, reason skipped.

    `machine` is the letter of the machine's label where people decided.
    """

    letter: str
    text: str
    percents: str
    reasons: str
    skipped: str | None
    anchor: str | None
    machine: str | None


class ArticleView(NamedTuple):
    """An article as shown: paragraphs of sentences, and lines left out."""

    number: int
    stored: StoredArticle
    paragraphs: list[list[SentenceView]]
    counts: list[int]
    flagged: int
    dropped: list[DroppedLine]


@dataclass(slots=True)
class Overview:
    """What one pass over the results finds.

    `decided` counts labels that people gave, `overridden` those of them that differ
    from the machine's, `adjudicated` those that an adjudicator settled.
    """

    articles: int = 0
    duplicates: int = 0
    sentences: int = 0
    labelled: int = 0
    shown: int = 0
    decided: int = 0
    overridden: int = 0
    adjudicated: int = 0
    skipped_articles: Counter[str] = field(default_factory=Counter)
    skipped_sentences: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    n_failures: int = 0
    flagged: dict[str | None, list[FlaggedSentence]] = field(default_factory=dict)
    n_flagged: Counter[str | None] = field(default_factory=Counter)
    outlets: list[OutletProfile] = field(default_factory=list)
    n_outlets: int = 0
    outlets_left_out: int = 0
    labels_by_people: dict[Group, int] = field(default_factory=dict)

    def by_people(self, outlet: str | None) -> int:
        """How many of the labels behind an outlet's row people gave."""
        return self.labels_by_people.get(Group(outlet or ""), 0)

    @property
    def scored(self) -> int:
        """Articles in which something was labelled."""
        return self.articles - self.skipped_articles.total()


def cut(text: str, width: int) -> str:
    """Make a text safe and cut it off after so many characters.

    >>> cut("Northern Courier", 9)
    'Northern…'
    """
    text = safe(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def overview(results: Results) -> Overview:
    """Count everything and choose what is shown."""
    found = Overview(labels_by_people=results.labels_by_people())
    profiles = results.outlets()
    found.n_outlets = sum(p.outlet is not None for p in profiles)
    largest = sorted(profiles, key=lambda p: -p.n_articles)[:OUTLETS_SHOWN]
    shown = {p.outlet for p in largest}
    found.outlets = [p for p in profiles if p.outlet in shown]
    found.outlets_left_out = len(profiles) - len(found.outlets)
    each = max(3, min(25, FLAGGED_SHOWN // max(1, len(found.outlets))))
    flagged: defaultdict[str | None, list[FlaggedSentence]] = defaultdict(list)
    room, reasons = ARTICLE_BYTES, set[str]()
    for number, (stored, rows) in enumerate(_articles(results)):
        found.articles += 1
        found.duplicates += stored.article.duplicate_of is not None
        if stored.status == "skipped":
            found.skipped_articles[stored.reason or "no reason given"] += 1
        found.sentences += len(rows)
        found.labelled += sum(row.label is not None for row in rows)
        for sentence, label, verdict in rows:
            if verdict:
                found.decided += 1
                found.overridden += verdict.overrides
                found.adjudicated += verdict.adjudicated
            if label is None:
                found.skipped_sentences[sentence.skipped or "no reason given"] += 1
            elif label.flagged:
                outlet = stored.article.outlet
                found.n_flagged[outlet] += 1
                entry = _flagged(number, stored, sentence, label, verdict)
                flagged[outlet].append(entry)
                if len(flagged[outlet]) > 10 * each:
                    flagged[outlet] = sorted(flagged[outlet])[:each]
        if room >= 0:
            room -= _cost(stored, rows, reasons)
            found.shown = number + (room >= 0)
    found.flagged = {o: sorted(flagged[o])[:each] for o in flagged if o in shown}
    for failure in results.failures():
        found.n_failures += 1
        if len(found.failures) < FAILURES_SHOWN:
            found.failures.append(failure)
    return found


def article_views(
    results: Results, found: Overview, reasons: dict[str, int], led_to: set[str]
) -> Iterator[ArticleView]:
    """Give the articles shown in full.

    Each flag reason is numbered in `reasons`; `led_to` are sentences that other
    sections of the page lead to.
    """
    anchors = {f.anchor for listed in found.flagged.values() for f in listed} | led_to
    dropped = _dropped(results)
    for number, (stored, rows) in enumerate(islice(_articles(results), found.shown)):
        labels = [row.label for row in rows if row.label]
        names = Counter((row.verdict or row.label).label for row in rows if row.label)
        yield ArticleView(
            number,
            stored,
            list(_paragraphs(number, stored, rows, reasons, anchors)),
            [names[name] for name in LABELS],
            sum(label.flagged for label in labels),
            dropped.get(stored.article.article_id, []),
        )


class Row(NamedTuple):
    """A sentence, the machine's label of it, and what people say of that."""

    sentence: Sentence
    label: Label | None
    verdict: Verdict | None


Rows = list[Row]


def _articles(results: Results) -> Iterator[tuple[StoredArticle, Rows]]:
    """Give each article with its sentences, both tables read once and in step."""
    said = results.verdicts()
    rows = (Row(s, label, said.get(s.sentence_id)) for s, label in results.sentences())
    for stored in results.articles():
        yield stored, list(islice(rows, stored.n_sentences))


def _flagged(
    number: int,
    stored: StoredArticle,
    sentence: Sentence,
    label: Label,
    verdict: Verdict | None,
) -> FlaggedSentence:
    """Rank allegations first, the surest first; then the closest calls.

    What people decided comes last.
    """
    best, second = sorted(label.probabilities, reverse=True)[:2]
    if verdict:
        rank = (2, -label.confidence)
    elif label.label == "unverifiable_allegation":
        rank = (0, -label.confidence)
    else:
        rank = (1, best - second)
    text = stored.article.text[sentence.start : sentence.end]
    return FlaggedSentence(
        rank, number, sentence.index, stored.article.title, text, label, verdict
    )


def _cost(stored: StoredArticle, rows: Rows, reasons: set[str]) -> int:
    """Estimate the bytes of an article's markup; adds its flag reasons to `reasons`."""
    new = {r for row in rows if row.label for r in row.label.flag_reasons} - reasons
    reasons |= new
    frames = ARTICLE_FRAME_BYTES + SENTENCE_BYTES * len(rows)
    return frames + _bytes(stored.article.text) + sum(map(_bytes, new))


def _bytes(text: str) -> int:
    """Count the bytes of a text in the page."""
    return len(escape(text).encode("utf-8", "replace"))


def _paragraphs(
    number: int,
    stored: StoredArticle,
    rows: Rows,
    reasons: dict[str, int],
    anchors: set[str],
) -> Iterator[list[SentenceView]]:
    """Break the sentences of an article where its text has a blank line."""
    text, paragraph, end = stored.article.text, list[SentenceView](), 0
    for sentence, label, verdict in rows:
        if paragraph and "\n\n" in text[end : sentence.start]:
            yield paragraph
            paragraph = []
        end = sentence.end
        anchor = f"s{number}-{sentence.index}"
        percents = [round(100 * p) for p in label.probabilities] if label else []
        numbers = [
            reasons.setdefault(reason, len(reasons))
            for reason in (label.flag_reasons if label else ())
        ]
        paragraph.append(
            SentenceView(
                LETTERS[(verdict or label).label] if label else "n",
                text[sentence.start : end],
                " ".join(map(str, percents)),
                " ".join(map(str, numbers)),
                None if label else sentence.skipped or "no reason given",
                anchor if anchor in anchors else None,
                LETTERS[label.label] if label and verdict else None,
            )
        )
    if paragraph:
        yield paragraph


def _dropped(results: Results) -> dict[str, list[DroppedLine]]:
    """Gather the first dropped lines of each article, until there is no room."""
    lines: defaultdict[str, list[DroppedLine]] = defaultdict(list)
    room = DROPPED_BYTES
    for line in results.dropped():
        if line.article_id is None or not line.text.strip():
            continue
        if room > 0 and len(lines[line.article_id]) < DROPPED_LINES:
            lines[line.article_id].append(line)
            room -= DROPPED_FRAME_BYTES + _bytes(line.text[:DROPPED_WIDTH])
    return lines
