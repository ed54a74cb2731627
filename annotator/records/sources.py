"""Nothing -> the records of sources over many articles, their grades, the sourcing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from annotator.records.profiles import Share

Identity = Literal["named", "role", "body", "none"]
"""How far a reader could find a source, from best to worst. named: a person, body or
document with a name. role: an office one person holds. body: somebody of a body, or
a body without a name of its own ("the army"). none: nobody."""

Axis = Literal["reliability", "credibility"]

SCALES: Final[dict[Axis, str]] = {"reliability": "ABCDEF", "credibility": "123456"}
"""The Admiralty code, best first; the last of each means "cannot be judged"."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one value was met; `value` is None where it is unknown."""

    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class SourceProfile:
    """What one source adds up to over all articles.

    A source without identity is a wording ("local sources"), not one person.
    Tallies are in falling order of count. A `Share` counts attributions unless
    said otherwise. Copies of an article count once in each outlet.

    Attributes
    ----------
    source_id
        Made from the fullest name; the same for any order of the articles.
    variants
        As written, without articles and titles.
    kinds
        Of `codebook.SOURCE_KINDS`.
    sides
        Only where the text states one ("rebel", "pro-government").
    outlets
        Attributions in each.
    first, last
        Dates, ISO 8601; None where no article that cites the source has one.
    cues
        Classes of `sources/cues.toml`; attributions without a cue are left out.
    direct
        Wholly in quotation marks, of those with a known form.
    contested
        Claims that another source of the same text denies next to them.
    alone_in_article, alone_in_paragraph
        Articles and paragraphs that cite nobody else, of those that cite it.
    first_hand
        Was there, saw it, or gives an own record.
    position
        Speaks from an office or as a body that deals with the matter.
    stake
        A party speaking of its own or its adversary's acts.
    reasons
        Given in the text for keeping the name back, in its words.
    """

    source_id: str
    name: str
    variants: tuple[Tally, ...]
    kinds: tuple[Tally, ...]
    identity: Identity
    sides: tuple[Tally, ...]
    cited: int
    articles: int
    outlets: tuple[Tally, ...]
    first: str | None
    last: str | None
    cues: tuple[Tally, ...]
    direct: Share
    contested: Share
    alone_in_article: Share
    alone_in_paragraph: Share
    first_hand: Share
    position: Share
    stake: Share
    reasons: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How the claims of one source stand against others' in this collection.

    Agreement counts only where someone else than the source says it too.

    Attributes
    ----------
    corroborated, contradicted
        Claims with more independent origins for them than against, or the reverse.
    differing
        Claims where others give other figures and none contradicts.
    alone
        Claims nobody else speaks to.
    """

    corroborated: int = 0
    contradicted: int = 0
    differing: int = 0
    alone: int = 0

    @property
    def upheld(self) -> Share:
        """Corroborated claims, of those corroborated or contradicted."""
        return Share(self.corroborated, self.corroborated + self.contradicted)


@dataclass(frozen=True, slots=True)
class Grade:
    """The machine's grade on one axis of the Admiralty code.

    Attributes
    ----------
    subject
        A source id for reliability, a sentence id for credibility.
    value
        "A" to "F" or "1" to "6".
    rules
        Ids of the rules that made or changed the grade, in order.
    sentence
        The reasons, for quotation.
    version
        Of the table of rules.
    """

    subject: str
    axis: Axis
    value: str
    rules: tuple[str, ...]
    sentence: str
    version: int

    @property
    def rank(self) -> int | None:
        """1 (best) to 5; None for F and 6, which say that nothing can be judged."""
        place = SCALES[self.axis].index(self.value) + 1
        return place if place < len(SCALES[self.axis]) else None


@dataclass(frozen=True, slots=True)
class Override:
    """A person's grade of a source or a claim; it never replaces the machine's.

    `subject` is a source's id or name, or a sentence id, as the person wrote it.
    """

    subject: str
    reliability: str | None
    credibility: str | None
    reviewer: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sourcing:
    """How an article, or all articles of an outlet, is sourced.

    Attributes
    ----------
    article_id
        None for an outlet's sum.
    words, attributions
        In the body.
    named
        Sources with a name, of all that can be told apart in an article.
    first_hand, documents
        Attributions to someone who was there, and to documents; of all.
    single_source_paragraphs
        Paragraphs that cite one source only, of those that cite any.
    one_anonymous
        Claims whose paragraph has no other source than one unnamed one; of all
        claims.
    sides
        Stated in the text, with attributions.
    parties
        Governments, armies and armed groups heard, with attributions.
    replied
        Accusations of a named actor who is heard in the same article or said to
        have been asked; of all accusations of a named actor.
    """

    article_id: str | None
    outlet: str | None
    articles: int
    words: int
    attributions: int
    named: Share
    first_hand: Share
    documents: Share
    single_source_paragraphs: Share
    one_anonymous: Share
    sides: tuple[Tally, ...]
    parties: tuple[Tally, ...]
    replied: Share

    @property
    def per_thousand_words(self) -> float | None:
        """Attributions per 1,000 words; None of no words."""
        return 1000 * self.attributions / self.words if self.words else None
