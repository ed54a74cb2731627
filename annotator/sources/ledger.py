"""Scored articles, one at a time -> a profile of each source, over all of them.

Memory grows with the sources and holds no text of an article but the sources' own
wordings; of an article its id and outlet are kept, so that copies count once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.records import Article, ScoredArticle, Share
from annotator.records.sources import Identity, SourceProfile, Tally
from annotator.sources.citations import Citation, Citations, cite
from annotator.sources.keys import fold
from annotator.sources.linking import (
    PERSON_KINDS,
    Evidence,
    Links,
    acronyms_of,
    link,
)
from annotator.sources.names import Name

SHARES = (
    "direct",
    "contested",
    "alone_in_article",
    "alone_in_paragraph",
    "first_hand",
    "position",
    "stake",
)


@dataclass(slots=True)
class _Entry:
    """What has been counted of one name; entries of one source are added up."""

    texts: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    identities: Counter[Identity] = field(default_factory=Counter)
    sides: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str | None] = field(default_factory=Counter)
    cues: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    yes: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    cited: int = 0
    articles: int = 0
    first: str | None = None
    last: str | None = None

    def add(self, other: _Entry) -> None:
        """Count another entry in."""
        for name in ("texts", "variants", "kinds", "identities", "sides", "outlets"):
            getattr(self, name).update(getattr(other, name))
        for name in ("cues", "reasons", "yes", "of"):
            getattr(self, name).update(getattr(other, name))
        self.cited += other.cited
        self.articles += other.articles
        self.date(other.first)
        self.date(other.last)

    def date(self, day: str | None) -> None:
        """Widen the time over which it was cited."""
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last or day, day)


class Ledger:
    """Gathers sources article by article.

    >>> Ledger().sources()
    ()
    """

    def __init__(self) -> None:
        self._entries: defaultdict[Name, _Entry] = defaultdict(_Entry)
        self._acronyms: Counter[tuple[str, Name]] = Counter()
        self._outlets: dict[str, str | None] = {}
        self._cited = 0
        self._attributions = 0
        self._joined: tuple[Links, dict[Name, str]] | None = None

    def add(self, scored: ScoredArticle, found: Citations | None = None) -> None:
        """Count an article in, unless it copies one of the same outlet before it.

        `found` are its citations, where they are known already.
        """
        article = scored.article
        self._outlets[article.article_id] = article.outlet
        twin = article.duplicate_of
        if twin in self._outlets and self._outlets[twin] == article.outlet:
            return
        self._joined = None
        found = found or cite(scored)
        self._acronyms.update(found.acronyms)
        self._attributions += len(scored.attributions)
        self._cited += len(found.found)
        for name, entry in _counted(article, found.found):
            self._entries[name].add(entry)

    @property
    def coverage(self) -> Share:
        """Attributions that went to a source, of all; the rest name nobody."""
        return Share(self._cited, self._attributions)

    def sources(self) -> tuple[SourceProfile, ...]:
        """Give all sources, the most cited first, then by name."""
        links, ids = self._join()
        groups: defaultdict[Name, _Entry] = defaultdict(_Entry)
        for name in sorted(self._entries, key=_order):
            groups[links[name]].add(self._entries[name])
        profiles = (_profile(ids[n], n, entry) for n, entry in groups.items())
        return tuple(sorted(profiles, key=lambda p: (-p.cited, p.name, p.source_id)))

    def source_ids(self) -> dict[Name, str]:
        """Give the id of the source that each name stands for.

        Names cited in copies alone are not among them.
        """
        links, ids = self._join()
        return {name: ids[head] for name, head in links.items()}

    def _join(self) -> tuple[Links, dict[Name, str]]:
        """Link all names, once for all that was added."""
        if self._joined is None:
            names = {name: _evidence(e) for name, e in self._entries.items()}
            links = _led(link(names, acronyms_of(self._acronyms)), names)
            self._joined = links, _ids(set(links.values()))
        return self._joined


def _counted(
    article: Article, citations: Sequence[Citation]
) -> Iterator[tuple[Name, _Entry]]:
    """Count the citations of one article, source by source."""
    by_source: defaultdict[Name, list[Citation]] = defaultdict(list)
    by_paragraph: defaultdict[int, set[Name]] = defaultdict(set)
    for citation in citations:
        by_source[citation.source].append(citation)
        by_paragraph[citation.paragraph].add(citation.source)
    for name, own in by_source.items():
        entry = _Entry(cited=len(own), articles=1)
        entry.date(article.published)
        for citation in own:
            _count(entry, citation)
        entry.outlets[article.outlet] += len(own)
        entry.of["alone_in_article"] = 1
        entry.yes["alone_in_article"] = int(len(by_source) == 1)
        mine = {c.paragraph for c in own}
        entry.of["alone_in_paragraph"] = len(mine)
        entry.yes["alone_in_paragraph"] = sum(len(by_paragraph[p]) == 1 for p in mine)
        yield name, entry


def _count(entry: _Entry, citation: Citation) -> None:
    """Count one citation."""
    attribution = citation.attribution
    entry.texts[citation.source.text] += 1
    entry.variants[citation.variant] += 1
    entry.identities[citation.identity] += 1
    entry.sides.update(citation.sides)
    if attribution.source_kind:
        entry.kinds[attribution.source_kind] += 1
    if citation.cue:
        entry.cues[citation.cue] += 1
    if citation.reason:
        entry.reasons[citation.reason] += 1
    marks = {
        "direct": (attribution.form == "direct", attribution.form is not None),
        "contested": (citation.contested, attribution.content is not None),
        "first_hand": (citation.first_hand, True),
        "position": (citation.position, True),
        "stake": (citation.stake, True),
    }
    for name, (yes, counts) in marks.items():
        entry.yes[name] += yes and counts
        entry.of[name] += counts


def _evidence(entry: _Entry) -> Evidence:
    """Give what linking asks of a name; an unknown outlet is no common place."""
    return Evidence(
        places={outlet for outlet in entry.outlets if outlet},
        person=sum(entry.kinds[kind] for kind in PERSON_KINDS),
        cited=entry.cited,
    )


def _led(links: Links, names: Mapping[Name, Evidence]) -> Links:
    """Put at the head of a person's names the full one that is cited most.

    The longest is often a title or a place and the name run together.
    """
    groups: defaultdict[Name, list[Name]] = defaultdict(list)
    for name, head in links.items():
        groups[head].append(name)
    heads: Links = {}
    for head, group in groups.items():
        full = [n for n in group if n.person and len(n.key) > 1] if head.person else []
        heads[head] = max(full, key=lambda n: (names[n].cited, n.key), default=head)
    return {name: heads[head] for name, head in links.items()}


def _order(name: Name) -> tuple[str, tuple[str, ...]]:
    return name.shape, name.key


def _ids(names: Iterable[Name]) -> dict[Name, str]:
    """Make an id a person can read and that no order of articles changes."""
    found: dict[Name, str] = {}
    for name in names:
        whole = "\x1f".join((name.shape, *name.key))
        slug = "-".join(re.sub(r"[^a-z0-9]+", "", fold(w)) for w in name.key)
        slug = re.sub(r"-+", "-", slug)[:40].strip("-")
        digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
        found[name] = "-".join(filter(None, (slug, digest[:8])))
    return found


def _profile(source_id: str, name: Name, entry: _Entry) -> SourceProfile:
    """Make the profile of one source."""
    shares = {s: Share(entry.yes[s], entry.of[s]) for s in SHARES}
    return SourceProfile(
        source_id=source_id,
        name=_shown(name, entry),
        variants=_tallies(entry.variants),
        kinds=_tallies(entry.kinds),
        identity=max(
            entry.identities, key=lambda i: (entry.identities[i], _FOUND[i], i)
        )
        if name.shape != "proper"
        else "named",
        sides=_tallies(entry.sides),
        cited=entry.cited,
        articles=entry.articles,
        outlets=_tallies(entry.outlets),
        first=entry.first,
        last=entry.last,
        cues=_tallies(entry.cues),
        **shares,
        reasons=_tallies(entry.reasons),
    )


_FOUND: dict[Identity, int] = {"none": 0, "body": 1, "role": 2, "named": 3}


def _shown(name: Name, entry: _Entry) -> str:
    """Give the wording to show: as most often written by those with the same key."""
    same = {
        text: n for text, n in entry.texts.items() if len(text.split()) >= len(name.key)
    } or dict(entry.texts)
    return max(sorted(same), key=lambda text: same[text])


def _tallies(counter: Counter[str] | Counter[str | None]) -> tuple[Tally, ...]:
    """Give a counter in falling order, ties by value, the unknown last."""
    order = sorted(counter.items(), key=lambda p: (-p[1], p[0] is None, p[0] or ""))
    return tuple(Tally(value, count) for value, count in order)
