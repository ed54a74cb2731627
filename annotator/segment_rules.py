"""A line of text -> where its sentences start.

Every mark that may end a sentence is looked at, with what stands before and after
it. Each decision reads a bounded stretch, so time grows with length alone. Why no
splitting library decides what these rules leave open: `benchmarks/splitters.md`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES: Final = _words(
    "Mr Mrs Ms Mx Messrs Dr Prof Rev Fr Msgr Hon Gen Lt Col Maj Brig Capt Cmdr Cdr Adm "
    "Sgt Cpl Pfc Pvt Spc Sen Sens Rep Reps Gov Govs Pres Amb Atty Asst Supt Det Insp "
    "Sec Ret St Mt Ft Mme Mlle"
)
"""A name follows: never the end of a sentence."""

_LATIN: Final = _words("e.g i.e a.k.a cf vs v viz approx ca")
"""The clause goes on: never the end of a sentence."""

_NUMBERED: Final = _words(
    "no nos p pp fig figs vol art arts para paras ch pt sec col prop"
)
"""No end of a sentence where a number follows."""

_OPEN: Final = _words(
    "Inc Corp Ltd Co Cos Bros Jr Sr etc al Dept Univ Assn Ave Blvd Rd Ph.D vol est ft "
    "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri "
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss "
    "Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo km kg lb mm mph"
)
"""End a sentence only where a word follows that opens one; so do initials."""

_STARTERS: Final = _words(
    "The A An This That These Those There Here He She It They We You I His Her Its "
    "Their Our My But And Or So Yet For In On At By From To With As After Before When "
    "While If Since Because Although Though However Meanwhile Also Then Now Not No "
    "What Who Why How Where Some Many Most Both Each Another One Two Three All Such "
    "Under Until Despite During According Asked Earlier Later"
)
"""Capitalised words that open sentences far oftener than they go on with a name."""

_NAMES_WITH_MARK: Final = frozenset({"Yahoo", "Jeopardy"})

_AFTER_TIME: Final = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Eastern|Pacific|Central|Local)\b|"
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b|[A-Z]{1,3}T\b|UTC\b"
)
"""What may follow "5 p.m." in the same sentence: a day, a month, a time zone."""

_ATTRIBUTION: Final = re.compile(
    r"(?:[^\W\d_][\w.’'-]*\s+){1,5}"
    r"(?:said|says|asked|asks|told|tells|wrote|writes|added|adds|replied|shouted|cried|"
    r"tweeted|exclaimed|wondered|demanded|insisted|joked)\b"
)

_MARK: Final = re.compile(
    r"(?P<mark>[.!?…؟۔。！？।]+(?:\s[.…]++(?!\w))*)"
    r"(?P<close>[\"'”’)\]」』]*(?:\s?[»”])*)"
    r"(?P<note>(?:\[[^\[\]]{1,30}\]|[¹²³⁰-⁹])*)"
    r"(?P<emoji>(?:\s?[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d])*)"
    r"(?P<gap>\s*)"
)
"""A terminator and all that belongs to the sentence before it. Nothing after the
first group can fail to match, so no input makes it backtrack."""

_OPENERS: Final = "\"'“‘«([•*-–—¿¡ \u00a0"
_LOWER_CASE_NAME: Final = re.compile(r"[a-z]{1,2}[A-Z]|(?:al|el|an|as|ash|at)-[A-Z]")
_TAGS: Final = re.compile(r"(?:(?:#\w++|https?://\S++)\s*+)+")
_AGENCY: Final = re.compile(r"/[A-Z]+/")
_WEB: Final = re.compile(r"[/@]|^www\.")
_CAPITALISED: Final = re.compile(r"[A-Z][a-z]*(?![\w./@])")
_FIRST_WORD: Final = re.compile(r"\w+(?=[\s,'’]|$)")

_NEAR: Final = 80
"""Code points read on either side: more than any abbreviation or attribution."""


def sentence_starts(line: str, allowed: Container[int] | None = None) -> Iterator[int]:
    """Offsets at which the second and every further sentence of `line` start.

    Parameters
    ----------
    line
        Text without a line break inside.
    allowed
        Where a splitter would let sentences start. It is asked about a full stop
        that no rule decides; None lets every such stop end its sentence.

    Examples
    --------
    >>> list(sentence_starts("Gen. Idris left the U.S. The army stayed."))
    [25]
    """
    for mark in _MARK.finditer(line):
        verdict = _ends_sentence(line, mark)
        if verdict is None:
            verdict = allowed is None or mark.end() in allowed
        if verdict:
            yield mark.end()


def _ends_sentence(line: str, mark: re.Match[str]) -> bool | None:
    """Whether a sentence ends at a mark; None where no rule knows."""
    previous = line[mark.start() - 1 : mark.start()]
    if mark.end() - mark.start() == 1 and previous.isupper():
        return False
    after = line[mark.end() : mark.end() + _NEAR]
    following = after.lstrip(_OPENERS)
    if not following or _goes_on(following) or after.startswith(("—", "–", "--")):
        return False
    before = line[max(0, mark.start() - _NEAR) : mark.start()]
    *earlier, word = before.rsplit(None, 2) or [""]
    word = word.lstrip(_OPENERS)
    if not word:
        return bool(earlier) and _opens_sentence(following)
    if not mark["gap"] and mark["mark"] not in "。！？":
        return _has_lost_its_space(word, mark, following)
    if _AGENCY.fullmatch(word) or (len(after) < _NEAR and _TAGS.fullmatch(after)):
        return False
    if mark["mark"] != ".":
        return not _runs_on(word, mark, following)
    verdict = _ends_at_full_stop(earlier, word, following)
    if verdict is None and (mark["close"] or mark["note"]):
        return True
    return verdict


def _goes_on(following: str) -> bool:
    """Whether the next word or mark is one that no sentence starts with."""
    if following[0].islower():
        return not _LOWER_CASE_NAME.match(following)
    return following[0] in ",;:.!?%)”’/"


def _ends_at_full_stop(earlier: list[str], word: str, following: str) -> bool | None:
    """Verdict on a single full stop after a number, initial or abbreviation."""
    opens_item = not earlier or (
        earlier[-1][-1] in ".!?:;…" and earlier[-1].rstrip(".") not in _OPEN
    )
    if opens_item and (len(word) == 1 or (len(word) == 2 and word.isdecimal())):
        return False
    if word.lower() in _LATIN or (word[:1].isupper() and word.capitalize() in _TITLES):
        return False
    if word.lower() in _NUMBERED and following[0].isdecimal():
        return False
    if word in ("a.m", "p.m"):
        return not _AFTER_TIME.match(following)
    if word in _OPEN or all(len(p) == 1 and p.isalpha() for p in word.split(".")):
        return _opens_sentence(following)
    return None


def _opens_sentence(following: str) -> bool:
    first = _FIRST_WORD.match(following)
    return first is not None and first[0].capitalize() in _STARTERS


def _runs_on(word: str, mark: re.Match[str], following: str) -> bool:
    """Whether it goes on: "Yahoo! News", "“Why?” Ms Orman asked", "I ... I do"."""
    if mark["mark"][0] in ".…" and following.startswith(word + " "):
        return True
    if _opens_sentence(following):
        return False
    asked = mark["close"] and mark["mark"][-1] in "!?"
    return word in _NAMES_WITH_MARK or bool(asked and _ATTRIBUTION.match(following))


def _has_lost_its_space(word: str, mark: re.Match[str], following: str) -> bool:
    """Whether two sentences touch ("killed.The army"), unlike in an address or file."""
    if word[-1].isupper() and not (mark["close"] or mark["note"]):
        return False
    if word.rstrip(".").capitalize() in _TITLES or _WEB.search(word):
        return False
    return _CAPITALISED.match(following) is not None
