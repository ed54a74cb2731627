"""A name or an adjective -> the state it belongs to, or a body that the world knows.

Names, adjectives and capitals are those of `countryinfo`; what newspapers write
besides stands below. Bodies are those of `bodies.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from countryinfo import all_countries

_ALSO_NAMED: Final = {
    "us": "United States",
    "usa": "United States",
    "america": "United States",
    "uk": "United Kingdom",
    "britain": "United Kingdom",
    "uae": "United Arab Emirates",
    "emirates": "United Arab Emirates",
    "holland": "Netherlands",
    "drc": "Democratic Republic of the Congo",
    "dprk": "North Korea",
    "eswatini": "Swaziland",
    "turkiye": "Turkey",
    "saudi": "Saudi Arabia",
    "czechia": "Czech Republic",
    "north macedonia": "Republic of Macedonia",
    "kosovo": "Kosovo",
}
_ALSO_PEOPLE: Final = {
    "us": "United States",
    "uk": "United Kingdom",
    "uae": "United Arab Emirates",
    "saudi": "Saudi Arabia",
    "briton": "United Kingdom",
    "argentine": "Argentina",
    "argentinian": "Argentina",
    "ecuadorian": "Ecuador",
    "philippine": "Philippines",
    "kyrgyz": "Kyrgyzstan",
    "tajik": "Tajikistan",
    "uzbek": "Uzbekistan",
    "kazakh": "Kazakhstan",
    "azeri": "Azerbaijan",
    "slovenian": "Slovenia",
    "bosnian": "Bosnia and Herzegovina",
    "kosovar": "Kosovo",
    "kosovan": "Kosovo",
    "turk": "Turkey",
    "dane": "Denmark",
    "swede": "Sweden",
    "finn": "Finland",
    "pole": "Poland",
    "spaniard": "Spain",
    "serb": "Serbia",
    "croat": "Croatia",
    "icelander": "Iceland",
    "macedonian": "Republic of Macedonia",
    "burmese": "Myanmar",
}
_ALSO_CAPITAL: Final = {"washington": "United States", "kiev": "Ukraine"}
_SEATS: Final = {
    "white house": "United States",
    "kremlin": "Russia",
    "downing street": "United Kingdom",
    "elysee": "France",
    "blue house": "South Korea",
    "zhongnanhai": "China",
}
_SHOWN: Final = {
    "United States": "US",
    "United Kingdom": "British",
    "Saudi Arabia": "Saudi",
    "Philippines": "Philippine",
    "Democratic Republic of the Congo": "DR Congo",
    "Botswana": "Botswana",
    "Lesotho": "Lesotho",
}
"""Adjectives that stand before "government" in newspapers."""

SMALLEST: Final = 300_000
"""Inhabitants under which only the name of a state counts: the capitals of small
islands are other people's names ("Hamilton", "Victoria", "Stanley")."""

_SHARED_NAMES: Final = frozenset(
    {"georgia", "jordan", "chad", "guinea", "mali", "oman"}
)
_NOT_CAPITALS: Final = frozenset({"brussels", "san jose", "santiago", "kingston"})


class _States(NamedTuple):
    names: dict[str, str]
    people: dict[str, str]
    capitals: dict[str, str]
    adjectives: dict[str, str]


@lru_cache(maxsize=2**14)
def fold(name: str) -> str:
    """Give a name without case, accents, dots and a possessive.

    >>> [fold(n) for n in ("U.S.", "Türkiye", "Syria's", "the Netherlands")]
    ['us', 'turkiye', 'syria', 'netherlands']
    """
    name = re.sub(r"['’][sS]?$", "", name.strip())
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    plain = "".join(c for c in plain if c.isalnum() or c in " -")
    return " ".join(plain.split()).removeprefix("the ")


def state_named(name: str) -> str | None:
    """Give the state of a name or of a usual abbreviation.

    A possessive that has lost its apostrophe ("Syrias") is none of the name.

    >>> state_named("Russian Federation"), state_named("U.S."), state_named("Aleppo")
    ('Russia', 'United States', None)
    """
    low, names = fold(name), _states().names
    return names.get(low) or names.get(low.removesuffix("s"))


def state_of_people(word: str) -> str | None:
    """Give the state of an adjective, or of its people in the plural.

    >>> state_of_people("Syrian"), state_of_people("Turks"), state_of_people("Greek")
    ('Syria', 'Turkey', 'Greece')
    """
    low, people = fold(word), _states().people
    return people.get(low) or people.get(low.removesuffix("s"))


def state_of_capital(name: str) -> str | None:
    """Give the state whose capital it is.

    >>> state_of_capital("Damascus"), state_of_capital("Aleppo")
    ('Syria', None)
    """
    return _states().capitals.get(fold(name))


def state_of_seat(name: str) -> str | None:
    """Give the state whose government sits in a building, by which it is named.

    >>> state_of_seat("the White House"), state_of_seat("the Green House")
    ('United States', None)
    """
    return _SEATS.get(fold(name).removesuffix(" palace"))


def adjective_of(state: str) -> str:
    """Give the adjective of a state; its name where none is known.

    >>> adjective_of("Syria"), adjective_of("United States")
    ('Syrian', 'US')
    """
    return _states().adjectives.get(state, state)


def is_shared(name: str) -> bool:
    """Whether a state's name is also that of people or of other places.

    >>> is_shared("Georgia"), is_shared("Syria")
    (True, False)
    """
    return fold(name) in _SHARED_NAMES


def is_known_body(name: str) -> bool:
    """Whether `bodies.toml` has a name; an acronym counts in capitals alone.

    >>> [is_known_body(n) for n in ("Daesh", "the Hezbollah", "IS", "Is", "Orlan")]
    [True, True, True, False, False]
    """
    low = fold(name)
    return low in (names := _bodies()) and (not names[low] or name.isupper())


@cache
def _bodies() -> dict[str, bool]:
    """Names of the table, and whether each is an acronym."""
    text = files("annotator").joinpath("bodies.toml").read_text(encoding="utf-8")
    actors = tomllib.loads(text)["actor"]
    names = [name for row in actors for name in (row["name"], *row.get("also", ()))]
    return {fold(name): name.isupper() for name in names}


@cache
def _states() -> _States:
    """Read the table; of two states with one name the larger has it."""
    names, people, capitals = dict(_ALSO_NAMED), dict(_ALSO_PEOPLE), dict(_ALSO_CAPITAL)
    adjectives = dict(_SHOWN)
    infos = [country.info() for country in all_countries()]
    for info in sorted(infos, key=lambda i: -(i.get("population") or 0)):
        state = info["name"].removeprefix("The ")
        large = (info.get("population") or 0) >= SMALLEST
        names.setdefault(fold(state), state)
        for spelling in info.get("altSpellings") or () if large else ():
            if len(spelling) > 3:
                names.setdefault(fold(spelling), names[fold(state)])
        for word in re.split(r"[,/]", info.get("demonym") or ""):
            if word and people.setdefault(fold(word), state) == state:
                adjectives.setdefault(state, word)
        if large and info.get("capital"):
            capitals.setdefault(fold(info["capital"]), state)
    for name in _NOT_CAPITALS:
        capitals.pop(name, None)
    return _States(names, people, capitals, adjectives)
