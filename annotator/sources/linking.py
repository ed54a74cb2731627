"""Names -> which of them are one source, within an article or over a collection.

A short name joins a fuller one only if exactly one fuller name fits, so two people
with different first names are never joined, and only if they are cited in a common
place (the article, or an outlet).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from annotator.sources.keys import fold, proper_key, transliteration
from annotator.sources.names import Name
from annotator.sources.words import words

PERSON_KINDS: Final = frozenset({"named_person", "expert_named"})

AGREED: Final = 0.9
"""Share of the texts spelling an acronym out that must mean the same body; the rest
is left to misprints."""

LONGEST_NAME: Final = 8
"""Words of a person's name."""


@dataclass(slots=True)
class Evidence:
    """What linking needs to know of a name besides itself.

    `places` are where it is cited; `person` and `cited` count attributions.
    """

    places: set[str] = field(default_factory=set)
    person: int = 0
    cited: int = 0

    @property
    def of_person(self) -> bool:
        """Whether most of its attributions are to a person."""
        return 2 * self.person >= self.cited


Links = dict[Name, Name]
"""From a name to the fullest name of the same source; itself if there is none."""


def link(
    names: Mapping[Name, Evidence], acronyms: Mapping[str, Name] | None = None
) -> Links:
    """Say which names are one source.

    Parameters
    ----------
    names
        All that are cited, in any order; the answer does not depend on it.
    acronyms
        Folded acronyms and the one body that the text says each stands for.
    """
    links = {name: name for name in names}
    people = _people(names)
    links |= _variants(people, names)
    links |= _shorter(people, names)
    links |= _with_office(people, names)
    links |= _spelt_out(names, acronyms or {})
    return {name: _end(name, links) for name in names}


def _people(names: Mapping[Name, Evidence]) -> dict[tuple[str, ...], list[Name]]:
    """Give the names that may be people's, by their transliteration, fullest first."""
    people: defaultdict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name, evidence in names.items():
        if name.shape == "proper" and name.person and evidence.of_person:
            people[tuple(map(transliteration, name.key))].append(name)
    for same in people.values():
        same.sort(key=lambda n: (-names[n].cited, n.key))
    return dict(people)


def _variants(
    people: Mapping[tuple[str, ...], list[Name]], names: Mapping[Name, Evidence]
) -> Links:
    """Join names that differ only in how they are transliterated."""
    return {name: same[0] for same in people.values() for name in same[1:]}


def _shorter(
    people: Mapping[tuple[str, ...], list[Name]], names: Mapping[Name, Evidence]
) -> Links:
    """Join a short name to the one fuller name that it may stand for."""
    families: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in people:
        families[key[-1]].append(key)
    places = {
        key: set().union(*(names[n].places for n in same))
        for key, same in people.items()
    }
    found: Links = {}
    for short, same in people.items():
        fuller = [k for k in families[short[-1]] if _stands_for(short, k)]
        fullest = [k for k in fuller if not any(_stands_for(k, f) for f in fuller)]
        if len(fullest) == 1 and places[short] & places[fullest[0]]:
            found[same[0]] = people[fullest[0]][0]
    return found


def _stands_for(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the words of a name are a part of another's, in order; initials count.

    >>> full = ("john", "forbes", "kerry")
    >>> [_stands_for(s, full) for s in (("kerry",), ("j", "kerry"), ("ann", "kerry"))]
    [True, True, False]
    """
    if len(short) > len(full) or short == full:
        return False
    rest = iter(full)
    return all(
        any(word == other or (len(word) == 1 and other[:1] == word) for other in rest)
        for word in short
    )


def _with_office(
    people: Mapping[tuple[str, ...], list[Name]], names: Mapping[Name, Evidence]
) -> Links:
    """Join what ends with a full name, and is none itself, to that person.

    "Head of the Lake Observatory Adnan Deniz" is he; "spokesman for President Adnan
    Deniz" is not.
    """
    others = words().titles | words().links
    found: Links = {}
    for name in names:
        if name.shape == "wording" or name.person:
            continue
        lows = [fold(word) for word in name.text.split()][-LONGEST_NAME - 1 :]
        for i in range(1, len(lows) - 1):
            same = people.get(tuple(map(transliteration, proper_key(lows[i:]))))
            if same and lows[i - 1] not in others:
                found.setdefault(name, same[0])
    return found


def _spelt_out(names: Mapping[Name, Evidence], acronyms: Mapping[str, Name]) -> Links:
    """Join an acronym to the body that the text says it stands for."""
    return {
        name: acronyms[name.key[0]]
        for name in names
        if len(name.key) == 1
        and name.shape == "proper"
        and acronyms.get(name.key[0], name) in names
        and name.key[0] in acronyms
    }


def _end(name: Name, links: Links) -> Name:
    """Follow links to their end; a ring ends at its least name."""
    seen = [name]
    while links[seen[-1]] not in seen:
        seen.append(links[seen[-1]])
    last = seen[-1]
    ring = seen[seen.index(links[last]) :]
    return min(ring, key=lambda n: (n.shape, n.key))


def acronyms_of(spelt: Mapping[tuple[str, Name], int]) -> dict[str, Name]:
    """Keep the acronyms that stand for one body in nearly all texts that spell them.

    `spelt` counts the texts in which an acronym stands for a body.
    """
    bodies: defaultdict[str, Counter[Name]] = defaultdict(Counter)
    for (acronym, body), texts in spelt.items():
        bodies[acronym][body] += texts
    return {
        acronym: body
        for acronym, counts in bodies.items()
        for body, texts in counts.items()
        if texts >= AGREED * counts.total()
    }
