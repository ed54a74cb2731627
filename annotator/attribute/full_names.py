"""An article's names and who they are -> what each person is called in full."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from annotator.attribute.entities import Entities
from annotator.attribute.mentions import Mention
from annotator.attribute.titles import gender_of_name
from annotator.states import fold


def full_names(
    mentions: Sequence[Mention], entities: Entities, titled: Sequence[bool]
) -> dict[int, str]:
    """Give the full name of each person, by number of the entity.

    Runs of capitals that take in more than a name ("Omar Deniz Airstrikes") are left
    out where the article has the name without them.

    Parameters
    ----------
    mentions
        Of the article, in order of the text.
    titled
        Whether each stands in a title, where any word may have a capital.
    """
    running: defaultdict[int, Counter[str]] = defaultdict(Counter)
    printed: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for number, mention in enumerate(mentions):
        entity = entities.of(number)
        if entity is not None and entity.kind == "person":
            (printed if titled[number] else running)[entity.number][mention.name] += 1
    return {n: _fullest(running[n] or printed[n]) for n in running | printed}


def _fullest(names: Mapping[str, int]) -> str:
    """The longest name that ends as the person is mostly called."""
    plain = [n for n in names if " of " not in n] or [*names]
    long = [n for n in plain if " " in n or not gender_of_name(n.lower())] or plain
    endings: Counter[str] = Counter()
    for name in long:
        endings[_last(name)] += names[name]
    ending = min(endings, key=lambda e: (-endings[e], e))
    fits = [n for n in long if _last(n) == ending]
    named = [n for n in fits if gender_of_name(n.split()[0].lower())] or fits
    said = [n for n in named if not n.isupper()] or named
    return min(said, key=lambda n: (-len(n.split()), -len(n), n))


def _last(name: str) -> str:
    return fold(name.split()[-1]).rpartition("-")[2]
