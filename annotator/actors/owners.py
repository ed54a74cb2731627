"""Keys and what texts say besides -> whose each class of people is, and all links.

A bare "the regime" is that of the only owner its article names; "Assad regime" is the
Syrian government where the collection calls Assad the president of Syria and names no
other leader's; "Hezbollah fighters" are Hezbollah.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

from annotator.actors.aliases import Aliases
from annotator.actors.joining import (
    Entry,
    Links,
    acronyms,
    agreed,
    ends,
    family_names,
    grouped,
    lost_apostrophes,
    middle_names,
    spellings,
    stems,
)
from annotator.actors.keys import fold, words_of
from annotator.actors.reading import Key, as_owner, family_of, is_state, read
from annotator.records import ScoredArticle, Stance
from annotator.states import state_named, state_of_people

_LEADS: Final = re.compile(
    r"(?:([^\W\d_][\w.’'-]*)\s+)?(?:(?:prime|supreme|military)\s+)?"
    r"(?:president|minister|premier|chancellor|king|emir|sultan|leader|dictator|ruler"
    r"|strongman)\s+$",
    re.I,
)
_SPELT_OUT: Final = re.compile(r"\s*\(\s*([A-Z][A-Z.]{1,9})\s*\)")
_REACH: Final = 60
"""Characters before a name in which its office stands."""

_GOVERNMENT: Final = "leadership"
_ITS_OWN: Final = frozenset({"armed group", "army"})
"""Families whose nouns mean the body that stands before them ("Hezbollah fighters")."""


_STEPS: Final = (
    lost_apostrophes,
    spellings,
    middle_names,
    family_names,
    spellings,
    stems,
)
"""In this order: a family name is sought among full names whose spellings are joined,
and what is left of the short names may be spellings of one."""


class Keys:
    """The keys of one article's namings.

    Parameters
    ----------
    scored
        The article.
    aliases
        A name in it is keyed by its actor there.
    """

    def __init__(self, scored: ScoredArticle, aliases: Aliases) -> None:
        self._outlet = scored.article.outlet
        self._aliases = aliases
        self._owners: defaultdict[str, set[str]] = defaultdict(set)
        for stance in scored.stances:
            key = self._read(stance)
            if key is None or key.form != "family" or stance.head is None:
                continue
            owner, family, noun = key.words
            if owner and not noun:
                self._owners[stance.head].add(owner)
                self._owners[family].add(owner)

    def of(self, stance: Stance) -> Key | None:
        """Give the key of a naming; None where nothing is left of its name."""
        key = self._read(stance)
        if key is None or key.form != "bare":
            return key
        (family,) = key.words
        if family_of(family).whose != "article":
            return Key("family", ("", family, ""))
        return Key("bare", (family, *sorted(self._owners_of(family, stance.head))))

    def _owners_of(self, family: str, head: str | None) -> set[str]:
        """Whose a noun alone may be: the same noun's, the government's, the family's.

        "Regime forces" are those of the regime.
        """
        first = (head or "").split()[0]
        if first in self._owners:
            return self._owners[first]
        same = self._owners.get(head or "", set())
        return same or self._owners[family] | self._owners[_GOVERNMENT]

    def _read(self, stance: Stance) -> Key | None:
        name = fold(stance.target)
        alias = self._aliases.meant.get(name)
        if alias is not None:
            return Key("alias", (alias.name,))
        if name in self._aliases.barred:
            return Key("apart", (name,))
        key = read(stance, self._outlet)
        if key is not None and key.form in {"name", "short"}:
            alias = self._aliases.meant.get(
                " ".join(key.words[:1] if key.form == "short" else key.words)
            )
            if alias is not None and alias.kind != "person":
                return Key("alias", (alias.name,))
        return key


class Evidence:
    """What texts say that joins names: who leads a state, what an acronym means."""

    def __init__(self) -> None:
        self.leads: Counter[tuple[Key, str]] = Counter()
        self.spelt_out: Counter[tuple[str, Key]] = Counter()

    def add(self, scored: ScoredArticle) -> None:
        """Gather it from an article's text, around its namings."""
        text = scored.article.text
        for stance in scored.stances:
            words = words_of(stance.target)
            if not words or stance.family is not None:
                continue
            start, end = stance.span
            written = text[start:end]
            if written.isupper() and len(words) > 1 and " " not in written:
                self.spelt_out[fold(written), Key("name", words)] += 1
            if stance.kind == "person":
                found = _LEADS.search(text[max(0, start - _REACH) : start])
                if found:
                    near = found[1] or ""
                    state = state_of_people(near) or state_named(near) or ""
                    named = read(stance, scored.article.outlet)
                    if named is not None:
                        self.leads[named, state] += 1
            elif len(words) > 1:
                short = _SPELT_OUT.match(text, end, end + 20)
                if short and short[1][0] == text[start].upper():
                    self.spelt_out[fold(short[1]), Key("name", words)] += 1


def linked(entries: Mapping[Key, Entry], evidence: Evidence, aliases: Aliases) -> Links:
    """Link all keys of one actor to one of them."""
    links: Links = {}
    merged = dict(entries)
    for step in _STEPS:
        links |= step(merged)
        merged = grouped(merged, links)
    links |= acronyms(evidence.spelt_out, links, merged)
    merged = grouped(entries, links)
    owners = _Owners(merged, links, evidence, aliases)
    links |= {key: owners.link(key) for key in merged if key.form in {"family", "bare"}}
    return ends(links, entries)


class _Owners:
    """Whose the classes of people are, over the whole collection."""

    def __init__(
        self,
        entries: Mapping[Key, Entry],
        links: Links,
        evidence: Evidence,
        aliases: Aliases,
    ) -> None:
        self._entries = entries
        self._aliases = aliases
        self._links = ends(links, links)
        self._people: defaultdict[str, Counter[Key]] = defaultdict(Counter)
        for key, entry in entries.items():
            if key.form == "name" and entry.kind == "person":
                self._people[key.words[-1]][key] = entry.mentions
        self._states = _led(evidence, links)
        self._leaders = self._only_leaders()

    def link(self, key: Key) -> Key:
        """Give the key that stands for a class's actor."""
        if key.form == "bare":
            family, *given = key.words
            owners = {self._owner(o) for o in given}
            owner = owners.pop() if len(owners) == 1 else ""
            owner, noun = owner if self._governs(owner) else "", ""
        else:
            owner, family, noun = key.words
            owner = self._owner(owner)
        alias = self._aliases.meant.get(owner)
        if family in _ITS_OWN and alias is not None and alias.kind == "body":
            return Key("alias", (alias.name,))
        body = self._links.get(named := Key("name", tuple(owner.split())), named)
        known = self._entries.get(body)
        if family in _ITS_OWN and known is not None and known.kind != "person":
            return body
        return Key("family", (owner, family, noun))

    def _governs(self, owner: str) -> bool:
        """Whether an owner is a state or a person, who alone have a bare "regime"."""
        return is_state(owner) or self._person(owner) is not None

    def _owner(self, owner: str) -> str:
        """Give an owner by its state or by its full name."""
        person = self._person(owner)
        if person is None:
            return owner
        return self._leaders.get(person) or " ".join(person.words)

    def _person(self, owner: str) -> Key | None:
        """Give the one person of a name; of namesakes the one who has led a state."""
        if not owner or is_state(owner):
            return None
        first, last = owner.split()[0], owner.split()[-1]
        people = self._people
        bearers = people[last if last in people else last.removesuffix("s")]
        full = {k: n for k, n in bearers.items() if len(k.words) > 1}
        if first != last:
            full = {k: n for k, n in full.items() if k.words[0] == first}
        heads = {k: n for k, n in full.items() if k in self._states}
        return agreed(heads or full or bearers)

    def _only_leaders(self) -> dict[Key, str]:
        """Leaders whose government is no other than their state's.

        Where a collection names the governments of two leaders of one state, they
        stay apart; one whose state no text gives may be of any.
        """
        named: defaultdict[str, Counter[Key]] = defaultdict(Counter)
        for key, entry in self._entries.items():
            person = self._person(key.words[0]) if key.form == "family" else None
            if person is not None and person in self._states:
                named[self._states[person]][person] += entry.mentions
        unknown = named.pop("", Counter())
        leaders = {state: agreed(counts + unknown) for state, counts in named.items()}
        return {
            p: as_owner(s)
            for s, p in leaders.items()
            if p is not None and p not in unknown
        }


def _led(evidence: Evidence, links: Links) -> dict[Key, str]:
    """Give the state that each leader leads, "" where texts give none or disagree."""
    last = ends(links, (key for key, _ in evidence.leads))
    states: defaultdict[Key, Counter[Key]] = defaultdict(Counter)
    for (key, state), count in evidence.leads.items():
        states[last[key]] += Counter({Key("state", (state,)): count if state else 0})
    found = {key: agreed(counts) for key, counts in states.items()}
    return {key: s.words[0] if s is not None else "" for key, s in found.items()}
