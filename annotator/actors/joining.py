"""Counted names -> which of them are one person or body.

A short name joins a fuller one only where it fits nobody else, so that two people
with different first names are never joined. The answer does not depend on the order
in which names were counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from annotator.actors.keys import abbreviates, same_spelling, skeleton
from annotator.actors.reading import Key
from annotator.records import ActorKind

AGREED: Final = 0.9
"""Share of the evidence that must point to one actor; the rest is left to misprints
and to namesakes."""


PUBLIC: Final = 3
"""Outlets that give a full name, from which on its bearer is taken to be known."""

MOSTLY: Final = 0.75
"""Share of the namings of all bearers of a family name that must be of a public figure
for the bare name to be taken for theirs."""

TELLING: Final = 0.2
"""Share of mentions that must tell an actor's kind: "Nahr fighters", now and then, do
not make the body Nahr a group."""

SAID_OFTEN: Final = 3
"""Times that texts must spell an acronym out that has not the letters of the name, so
that one slip of a writer joins nothing ("YPG" of a name in another language)."""


@dataclass(slots=True)
class Entry:
    """What is counted of one key: mentions, by outlet, by name and so on.

    `articles` are ids; `variants` are names as written, `names` the fullest of the
    article.
    """

    mentions: int = 0
    articles: set[str] = field(default_factory=set)
    outlets: Counter[str | None] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[ActorKind] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)

    def add(self, other: Entry) -> None:
        """Take another's counts in."""
        self.mentions += other.mentions
        self.articles |= other.articles
        self.outlets.update(other.outlets)
        self.variants.update(other.variants)
        self.names.update(other.names)
        self.kinds.update(other.kinds)
        self.families.update(other.families)

    @property
    def kind(self) -> ActorKind:
        """The commonest that is known, unless nearly all mentions leave it open."""
        known = sorted(k for k in self.kinds if k != "unknown")
        kind: ActorKind = "unknown"
        kind = max(known, key=lambda k: self.kinds[k], default=kind)
        return kind if self.kinds[kind] >= TELLING * self.mentions else "unknown"


Links = dict[Key, Key]
"""From a key to the one that all names of its actor share."""


def most(counts: Mapping[str, int]) -> str:
    """Give the commonest, of equals the first in the alphabet."""
    return min(counts, key=lambda name: (-counts[name], name))


def agreed(counts: Mapping[Key, int]) -> Key | None:
    """Give the key that nearly all of the evidence points to."""
    if not counts:
        return None
    first = min(counts, key=lambda k: (-counts[k], k))
    return first if counts[first] >= AGREED * sum(counts.values()) else None


def spellings(entries: Mapping[Key, Entry]) -> Links:
    """Join names that differ in how they are written in Latin letters."""
    blocks: defaultdict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key in entries:
        if key.form == "name":
            blocks[tuple(map(skeleton, key.words))].append(key)
    links: Links = {}
    for block in blocks.values():
        heads: list[Key] = []
        for key in sorted(block, key=lambda k: (-entries[k].mentions, k)):
            fits = (h for h in heads if same_spelling(h.words, key.words))
            head = next(fits, None)
            if head is None:
                heads.append(key)
            else:
                links[key] = head
    return links


def lost_apostrophes(entries: Mapping[Key, Entry]) -> Links:
    """Join a possessive that has lost its apostrophe with the name ("Omar Deniz's").

    Only to a name of several words that is commoner, so that nobody called "Roberts"
    becomes a "Robert".
    """
    links: Links = {}
    for key, entry in entries.items():
        *first, last = key.words
        bare = Key(key.form, (*first, last.removesuffix("s")))
        known = entries.get(bare) if key.form == "name" and first else None
        if bare != key and known is not None and known.mentions >= entry.mentions:
            links[key] = bare
    return links


def middle_names(entries: Mapping[Key, Entry]) -> Links:
    """Join a person's name with the one that has a middle name or initial besides."""
    ends: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
    for key, entry in entries.items():
        if key.form == "name" and len(key.words) > 1 and entry.kind in _HUMAN:
            ends[key.words[0], key.words[-1]].append(key)
    links: Links = {}
    for same in ends.values():
        for short in same:
            fuller = [f for f in same if _is_part(short.words, f.words)]
            longest = [
                f for f in fuller if not any(_is_part(f.words, g.words) for g in fuller)
            ]
            if len(longest) == 1:
                links[short] = longest[0]
    return links


def stems(entries: Mapping[Key, Entry]) -> Links:
    """Join a body's name with the one that goes on to say what it is for, or what.

    "Lake Observatory" is the "Lake Observatory for Human Rights", "Nahr" the "Nahr
    Front", where no other body of the same outlet begins so.
    """
    longer: defaultdict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key, entry in entries.items():
        if key.form == "name" and entry.kind != "person":
            words = key.words
            if "for" in words[1:]:
                longer[words[: words.index("for", 1)]].append(key)
            elif len(words) > 1 and words[-1] in _SORTS:
                longer[words[:-1]].append(key)
    links: Links = {}
    for key, entry in entries.items():
        if key.form == "name" and entry.kind != "person" and key.words in longer:
            mine = entry.outlets.keys()
            fuller = {
                k: sum(entries[k].outlets[o] for o in mine) for k in longer[key.words]
            }
            body = agreed({k: n for k, n in fuller.items() if n})
            if body is not None:
                links[key] = body
    return links


def family_names(entries: Mapping[Key, Entry]) -> Links:
    """Join a family name with the one full name it fits in its outlet.

    Where that leaves it open, with the public figure of that name, if it is mostly one
    and the same who is named.
    """
    full: defaultdict[str, list[Key]] = defaultdict(list)
    for key, entry in entries.items():
        if key.form == "name" and len(key.words) > 1 and entry.kind in _HUMAN:
            full[key.words[-1]].append(key)
    links: Links = {}
    for key in entries:
        if key.form != "short":
            continue
        word, outlet = key.words
        near = full[word if word in full else word.removesuffix("s")]
        bearers = {f: n for f in near if (n := entries[f].outlets[outlet or None])}
        links[key] = agreed(bearers) or _public(near, entries) or Key("name", (word,))
    return links


def _public(bearers: Sequence[Key], entries: Mapping[Key, Entry]) -> Key | None:
    """Give the bearer of a family name whom several outlets name, and mostly."""
    first = max(bearers, key=lambda k: (entries[k].mentions, k), default=None)
    if first is None or len(entries[first].outlets) < PUBLIC:
        return None
    total = sum(entries[k].mentions for k in bearers)
    return first if entries[first].mentions >= MOSTLY * total else None


def acronyms(
    spelt_out: Mapping[tuple[str, Key], int], links: Links, entries: Mapping[Key, Entry]
) -> Links:
    """Join an acronym with the one body that nearly all texts say it stands for.

    Where none says it, with the one body of a common outlet that has its initials.
    """
    meant: defaultdict[str, Counter[Key]] = defaultdict(Counter)
    last = ends(links, (key for _, key in spelt_out))
    for (acronym, key), count in spelt_out.items():
        meant[acronym][last[key]] += count
    initials: defaultdict[str, Counter[Key]] = defaultdict(Counter)
    for key, entry in entries.items():
        if key.form == "name" and len(key.words) > 1 and entry.kind == "body":
            letters = "".join(w[0] for w in key.words if w not in _UNSAID)
            initials[letters][key] += entry.mentions
    found: Links = {}
    for key, entry in entries.items():
        if key.form != "name" or len(key.words) > 1 or not _is_acronym(entry):
            continue
        word = key.words[0]
        said = {
            b: n
            for b, n in meant[word].items()
            if n >= SAID_OFTEN or abbreviates(word, " ".join(b.words))
        }
        body = agreed(said or _beside(entry, initials[word], entries))
        if body is not None and body in entries and body != key:
            found[key] = body
    return found


def _beside(
    entry: Entry, bodies: Mapping[Key, int], entries: Mapping[Key, Entry]
) -> dict[Key, int]:
    """Give the bodies that share an outlet."""
    return {
        b: n for b, n in bodies.items() if entry.outlets.keys() & entries[b].outlets
    }


def _is_acronym(entry: Entry) -> bool:
    return any(name.isupper() for name in entry.names)


def grouped(entries: Mapping[Key, Entry], links: Links) -> dict[Key, Entry]:
    """Add up the entries of linked keys."""
    groups: defaultdict[Key, Entry] = defaultdict(Entry)
    last = ends(links, entries)
    for key, entry in entries.items():
        groups[last[key]].add(entry)
    return dict(groups)


def ends(links: Links, keys: Iterable[Key]) -> Links:
    """Follow each key's links to their end."""
    found: Links = {}
    for key in keys:
        at, seen = key, {key}
        while at in links and links[at] not in seen:
            at = links[at]
            seen.add(at)
        found[key] = at
    return found


_UNSAID: Final = frozenset({"of", "for", "the", "and", "on", "to"})
_SORTS: Final = frozenset({"front", "group", "movement", "party", "organisation"})
_HUMAN: Final = frozenset({"person", "unknown"})


def _is_part(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the words of a name are some of another's, in order."""
    if len(short) >= len(full):
        return False
    rest = iter(full)
    return all(any(word == other for other in rest) for word in short)
