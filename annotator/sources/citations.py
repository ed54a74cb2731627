"""A scored article -> its citations: who is cited, and how, one an attribution.

Only what the text shows is used. What each mark counts is in `docs/grades.md`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.records import Article, Attribution, ScoredArticle, Span
from annotator.records.sources import Identity
from annotator.sources.anonymity import anonymity_reasons, identity
from annotator.sources.contested import contested
from annotator.sources.cues import cue_class
from annotator.sources.described import Description, describe, together
from annotator.sources.keys import fold
from annotator.sources.linking import (
    PERSON_KINDS,
    Evidence,
    Links,
    acronyms_of,
    link,
)
from annotator.sources.names import Name, parse
from annotator.sources.words import words

PARTY_KINDS: Final = frozenset({"government", "military", "armed_group"})
POSITION_KINDS: Final = PARTY_KINDS | {
    "intergovernmental",
    "ngo",
    "document",
    "expert_named",
    "unnamed_official",
}

OWN_MATTER: Final = frozenset({"accused", "denied", "threatened", "condemned"})
"""Cue classes by which a party speaks of its own or its adversary's acts."""

_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n\s*")
_WORDS: Final = re.compile(r"[\w'’-]+")
_FIRST_PERSON: Final = re.compile(r"\b(?:we|our|ours|us)\b", re.I)
_OWN_FORCES: Final = re.compile(
    r"\b(?:its|their|his) (?:\w+ )?"
    r"(?:forces|troops|fighters|army|soldiers|jets|planes)\b"
)
_SAW: Final = re.compile(
    r"\b(?:I|we) (?:\w+ )?(?:saw|heard|watched|witnessed|counted|felt|smelled|found"
    r"|fled|ran|survived|escaped|treated|buried|was there|were there)\b",
    re.I,
)
_ACRONYM: Final = re.compile(
    r"((?:[A-Z][\w'’-]{1,40} (?:(?:of|for|and|the|in|to|on) ){0,2}){1,9})"
    r"\(([A-Z][A-Za-z]{1,7})[),;]"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One attribution whose source can be told from others.

    `source` is the fullest name that this article gives it. `reason` is given in
    the text for keeping the name back.
    """

    attribution: Attribution
    source: Name
    variant: str
    identity: Identity
    paragraph: int
    cue: str | None
    sides: tuple[str, ...]
    first_hand: bool
    position: bool
    stake: bool
    contested: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations of an article in the order of its text.

    `acronyms` are those the text spells out, with the body each stands for.
    """

    found: tuple[Citation, ...]
    acronyms: frozenset[tuple[str, Name]]


def cite(scored: ScoredArticle) -> Citations:
    """Find who is cited; attributions to a bare pronoun or to nobody are left out."""
    article = scored.article
    common = frozenset(w for w in _WORDS.findall(article.text) if w.islower())
    named = list(_named(scored, common))
    acronyms = frozenset(_acronyms(article.text))
    links = _linked(named, acronyms)
    breaks = [m.end() for m in _PARAGRAPH.finditer(article.text)]
    sentences = {s.sentence_id: s.span for s in scored.sentences}
    reasons = anonymity_reasons(article.text, named, sentences)
    parties = _parties(named)
    descriptions = _descriptions(article, named, links)
    denied = contested(
        [(a, links[n], _cue(article, a)) for a, n in named], sentences, article.text
    )
    return Citations(
        tuple(
            _citation(
                article,
                attribution,
                (name, links[name]),
                bisect_right(breaks, sentences[attribution.sentence_id].start),
                _Context(
                    descriptions[links[name]],
                    parties,
                    attribution in denied,
                    reasons.get(i),
                ),
            )
            for i, (attribution, name) in enumerate(named)
        ),
        acronyms,
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """What a citation takes from the rest of its article."""

    described: Description
    parties: frozenset[str]
    contested: bool
    reason: str | None


def _named(
    scored: ScoredArticle, common: frozenset[str]
) -> Iterator[tuple[Attribution, Name]]:
    """Give each attribution's name: what it was resolved to, else as written.

    A proper name as written is not given up for a wording.
    """
    text = scored.article.text
    for attribution in scored.attributions:
        name = parse(_cut(text, attribution.source), common)
        if attribution.resolved_source:
            resolved = parse(attribution.resolved_source, common)
            if not name or (resolved and resolved.shape != "wording"):
                name = resolved or name
            elif resolved and name.shape == "wording":
                name = resolved
        if name and name.key:
            yield attribution, name


def _cut(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def _cue(article: Article, attribution: Attribution) -> str | None:
    cue = _cut(article.text, attribution.cue)
    return cue_class(cue) if cue else None


def _linked(
    named: Sequence[tuple[Attribution, Name]], acronyms: frozenset[tuple[str, Name]]
) -> Links:
    """Join the names of one article."""
    evidence: defaultdict[Name, Evidence] = defaultdict(lambda: Evidence({"here"}))
    for attribution, name in named:
        evidence[name].cited += 1
        evidence[name].person += attribution.source_kind in PERSON_KINDS
    return link(evidence, acronyms_of(Counter(acronyms)))


def _acronyms(text: str) -> Iterator[tuple[str, Name]]:
    """Find "Lake Observatory for Rights (LOR)": the body whose initials these are."""
    for match in _ACRONYM.finditer(text):
        wanted = fold(match[2])
        tokens = match[1].split()
        for start in range(len(tokens)):
            initials = "".join(t[0] for t in tokens[start:])
            strict = "".join(c for c in initials if c.isupper())
            if wanted in {initials.casefold(), strict.casefold()}:
                body = parse(" ".join(tokens[start:]))
                if body and body.shape == "proper":
                    yield wanted, body
                break


def _parties(named: Sequence[tuple[Attribution, Name]]) -> frozenset[str]:
    """Give the words of the parties that the article cites, long enough to tell."""
    return frozenset(
        word
        for attribution, name in named
        if attribution.source_kind in PARTY_KINDS and name.capital
        for word in name.key
        if len(word) > 3 and word not in words().bodies
    )


def _descriptions(
    article: Article, named: Sequence[tuple[Attribution, Name]], links: Links
) -> dict[Name, Description]:
    """Say what the article as a whole says of each source."""
    found: defaultdict[Name, list[Description]] = defaultdict(list)
    for attribution, name in named:
        for span in (attribution.source, attribution.named_at):
            if span:
                found[links[name]].append(describe(article.text, span))
        found[links[name]].append(Description(office=name.office))
    return {source: together(each) for source, each in found.items()}


def _citation(
    article: Article,
    attribution: Attribution,
    names: tuple[Name, Name],
    paragraph: int,
    context: _Context,
) -> Citation:
    name, source = names
    content = _cut(article.text, attribution.content)
    cue = _cue(article, attribution)
    kind = attribution.source_kind
    described = context.described
    here = describe(article.text, attribution.source) if attribution.source else None
    return Citation(
        attribution=attribution,
        source=source,
        variant=_variant(_cut(article.text, attribution.source), name),
        identity=identity(source, kind),
        paragraph=paragraph,
        cue=cue,
        sides=tuple(sorted(here.sides)) if here else (),
        first_hand=described.witness
        or bool(attribution.form != "indirect" and _SAW.search(content)),
        position=kind in POSITION_KINDS or described.office,
        stake=(kind in PARTY_KINDS or described.party)
        and _own_matter(cue, content, context.parties),
        contested=context.contested,
        reason=context.reason,
    )


def _own_matter(cue: str | None, content: str, parties: frozenset[str]) -> bool:
    """Whether a party speaks of its own or its adversary's acts."""
    return bool(
        cue in OWN_MATTER
        or _FIRST_PERSON.search(content)
        or _OWN_FORCES.search(content)
        or parties & {fold(w) for w in re.findall(r"\w+", content)}
    )


def _variant(wording: str, name: Name) -> str:
    """Give the source as this place writes it; the resolved name for a pronoun."""
    here = parse(wording) if wording != name.text else name
    return here.text if here else name.text
