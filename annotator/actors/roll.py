"""Scored articles, one at a time -> the actors of all, and whom each naming means.

Names are counted first, and joined when all articles are in: spellings, middle names,
family names, acronyms that texts spell out, leaders and their states, and last the
user's table of aliases.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

from annotator.actors.aliases import Aliases
from annotator.actors.joining import Entry, Links, ends, grouped, most
from annotator.actors.keys import fold, words_of
from annotator.actors.owners import Evidence, Keys, linked
from annotator.actors.reading import LONGEST, Key, family_of, is_state, state_in
from annotator.records import Actor, ScoredArticle, Stance, Tally
from annotator.states import adjective_of

UNSPECIFIED: Final = "unspecified"


class Roll:
    """Joins the names of a collection's actors.

    Parameters
    ----------
    aliases
        The user's, which have the last word, before the known bodies.

    Examples
    --------
    >>> Roll().actors()
    ()
    """

    def __init__(self, aliases: Aliases | None = None) -> None:
        self._aliases = (aliases or Aliases()).with_known()
        self._entries: defaultdict[Key, Entry] = defaultdict(Entry)
        self._copies: dict[tuple[str, str | None], tuple[str, dict[Key, Entry]]] = {}
        self._outlets: dict[str, str | None] = {}
        self._evidence = Evidence()
        self._joined: tuple[Links, dict[Key, Actor]] | None = None
        self._read: tuple[str, Keys] | None = None

    def add(self, scored: ScoredArticle) -> None:
        """Count an article's namings in.

        A copy of an article of the same outlet counts nothing; of the copies of
        another outlet's article one in each outlet does.
        """
        article = scored.article
        self._joined = None
        self._outlets[article.article_id] = article.outlet
        self._evidence.add(scored)
        counts = _count(scored, Keys(scored, self._aliases))
        if article.duplicate_of is None:
            for key, entry in counts.items():
                self._entries[key].add(entry)
            return
        place = article.duplicate_of, article.outlet
        held = self._copies.get(place)
        if held is None or article.article_id < held[0]:
            self._copies[place] = article.article_id, counts

    def actors(self) -> tuple[Actor, ...]:
        """Give all actors, the most mentioned first, then by name."""
        _, actors = self._join()
        return tuple(
            sorted(actors.values(), key=lambda a: (-a.mentions, a.name, a.actor_id))
        )

    def actor_of(self, scored: ScoredArticle, stance: Stance) -> Actor | None:
        """Say whom one naming of an article means; None where nobody is known.

        The article must have been added.
        """
        links, actors = self._join()
        known = self._read
        if known is None or known[0] != scored.article.article_id:
            known = self._read = (
                scored.article.article_id,
                Keys(scored, self._aliases),
            )
        key = known[1].of(stance)
        return actors.get(links.get(key, key)) if key is not None else None

    def _join(self) -> tuple[Links, dict[Key, Actor]]:
        """Join all names, once for all that was added."""
        if self._joined is None:
            entries = self._counted()
            links = linked(entries, self._evidence, self._aliases)
            groups = grouped(entries, links)
            names = {key: name_of(key, entry) for key, entry in groups.items()}
            for key, name in names.items():
                alias = self._aliases.meant.get(fold(name))
                if alias is not None and key.form != "apart":
                    links[key] = Key("alias", (alias.name,))
            links = ends(links, entries)
            groups = grouped(entries, links)
            self._joined = links, {k: self._actor(k, e) for k, e in groups.items()}
        return self._joined

    def _counted(self) -> dict[Key, Entry]:
        """Add the copies to what was counted."""
        entries: defaultdict[Key, Entry] = defaultdict(Entry)
        held = [self._entries]
        for (twin, outlet), (_, counts) in self._copies.items():
            if twin not in self._outlets or self._outlets[twin] != outlet:
                held.append(defaultdict(Entry, counts))
        for counts in held:
            for key, entry in counts.items():
                entries[key].add(entry)
        return dict(entries)

    def _actor(self, key: Key, entry: Entry) -> Actor:
        alias = self._aliases.meant.get(fold(key.words[0])) if _is_alias(key) else None
        name = name_of(key, entry)
        family = key.words[1] if key.form == "family" else None
        if family is None and 2 * entry.families.total() > entry.mentions:
            family = most(entry.families)
        outlets = Counter(self._outlets[a] for a in entry.articles)
        return Actor(
            actor_id=_actor_id(name, key),
            name=name,
            kind=alias.kind if alias and alias.kind else entry.kind,
            mentions=entry.mentions,
            articles=len(entry.articles),
            outlets=_tallies(outlets),
            variants=_tallies(entry.variants),
            family=alias.family if alias and alias.family else family,
        )


def _count(scored: ScoredArticle, keys: Keys) -> dict[Key, Entry]:
    """Count the namings of one article by key."""
    article = scored.article
    counts: defaultdict[Key, Entry] = defaultdict(Entry)
    for stance in scored.stances:
        key = keys.of(stance)
        if key is None:
            continue
        entry = counts[key]
        written = article.text[slice(*stance.span)][:LONGEST]
        entry.mentions += 1
        entry.articles.add(article.article_id)
        entry.outlets[article.outlet] += 1
        entry.variants[" ".join(written.split())] += 1
        if stance.head is None or key.form == "alias":
            entry.names[stance.target[:LONGEST]] += 1
        entry.kinds[stance.kind] += 1
        if stance.family is not None:
            entry.families[stance.family] += 1
    return dict(counts)


def name_of(key: Key, entry: Entry) -> str:
    """Name an actor: by its owner and family, or as it is called most in full."""
    if key.form in {"alias", "state"}:
        return key.words[0]
    if key.form != "family":
        same = {v: n for v, n in entry.variants.items() if words_of(v) == key.words}
        return most(_full(entry.names) or same or entry.names or entry.variants)
    owner, family, noun = key.words
    label = family_of(family).label
    if not noun and is_state(owner):
        return f"{adjective_of(state_in(owner))} {label}"
    if not noun and not owner:
        return f"{label}, {UNSPECIFIED}"
    named = owner.rpartition(" ")[2]
    whose = {v: n for v, n in entry.variants.items() if named in fold(v)}
    return most(whose or entry.variants)


def _full(names: Mapping[str, int]) -> dict[str, int]:
    """Give the names of several words, not shouted if they are said elsewhere."""
    full = {name: count for name, count in names.items() if len(words_of(name)) > 1}
    said = {name: count for name, count in full.items() if not name.isupper()}
    return said or full


def _is_alias(key: Key) -> bool:
    return key.form == "alias"


def _actor_id(name: str, key: Key) -> str:
    """Make an id that can be read, and told from that of another of the same name."""
    slug = "-".join(words_of(name))[:40].strip("-")
    mark = hashlib.sha256("\x1f".join((key.form, *key.words)).encode()).hexdigest()
    return f"{slug}-{mark[:8]}"


def _tallies(counts: Mapping[str, int] | Mapping[str | None, int]) -> tuple[Tally, ...]:
    ordered = sorted(counts.items(), key=lambda c: (-c[1], c[0] or "", c[0] is None))
    return tuple(Tally(value, count) for value, count in ordered)
