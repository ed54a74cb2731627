"""A line of a saved page -> what it looks like, on its own.

Looks are general properties of saved pages: length, final punctuation, capitals,
dates, handles, and the phrases of `furniture.toml`. What a line *is* depends on its
neighbours; `page` decides that.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from dateutil import parser as dates

Kind = Literal[
    "sentence",  # ends as a sentence does, or is too long for anything else
    "label",  # a few words without an end: title, heading, caption, link
    "name",  # a label in the shape of a name
    "speaker",  # "Q:", "A:", "Smith:" and what was said
    "furniture",  # says by its words what it is
    "opens",  # furniture that announces more of its kind
    "date",
    "byline",
    "credited",  # ends in a picture credit
    "handle",  # an account's name on a platform
    "signed",  # the line over a comment: "X says:", a name with a time
]


@dataclass(frozen=True, slots=True)
class Look:
    """What a line looks like; `reason` is empty where only neighbours can tell."""

    kind: Kind
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Phrases:
    whole: re.Pattern[str]
    starts: re.Pattern[str]
    contains: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]

    def find(self, key: str) -> str | None:
        match = None
        if len(key) <= LONG_LINE:
            match = self.whole.fullmatch(key) or self.starts.match(key)
        if match and match.lastgroup:
            return self.reasons[int(match.lastgroup[1:])]
        return next((reason for words, reason in self.contains if words in key), None)


LONG_LINE: Final = 300
"""Characters; whole-line phrases are not looked for in longer lines."""

PROSE: Final = 90
"""Characters from which words without a final stop are read as prose: headings and
captions of the pages in `tests/pages` are shorter. `pytest tests/test_page.py`."""

AFTER_DATE: Final = 40
"""Characters a date line has after its date: time, zone, "updated 2 years ago"."""

_EDGES: Final = " \t\u00a0*•·∙◦▪●–—-|>›»«‹→←↑↓▸►✓:…\u200b\ufeff"
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})
_BULLET: Final = re.compile(
    r"(?:[*•·∙◦▪●▸►‣]|[-–](?=\s)|\d{1,3}[.)](?=\s)|\([a-z\d]{1,2}\)(?=\s))\s*(?=\S)"
)
_SENTENCE_END: Final = re.compile(
    r"[.!?…。！？؟۔।]{1,4}[\"'”’»)\]]{0,3}(?:\s?\[\d+\])?$|[.!?,]['\"”’»]{1,2}$"
)
_SPEAKER: Final = re.compile(
    r"(?:[QA]|[A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{1,20}){0,2}|[A-Z]{2,12})\s?: \S"
)
_NAME_PART: Final = re.compile(
    r"\(?(?:[^\W\d_][\w.'’-]*|\d{1,2}|&|[^\W\d_]\.)\)?$", re.UNICODE
)
_PARTICLE: Final = re.compile(
    r"(?:al|el|bin|ibn|abu|de|la|le|du|da|di|van|von|der|den|of|the|and|ter|y|e|&)$",
    re.IGNORECASE,
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DATE: Final = re.compile(
    rf"\b(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d\d?\.\d\d?\.\d{4})",
    re.IGNORECASE,
)
_BEFORE_DATE: Final = re.compile(
    r"(?:(?:date|posted|published|updated|created|first|last|modified|on|at|mon|tues?"
    r"|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[\s:,.|]*)*$",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"(?:written |reported |story |posted )?by:? (?=\S)", re.I)
_POSTED_BY: Final = re.compile(r"(?:posted|published)\b.{5,40}\bby (?=\S)", re.I)
_SIGNATURE: Final = re.compile(r"[—–-]{1,2} ?(?=[^\W\d_])")
_CREDIT: Final = re.compile(
    r"(?:[\[(](?:photo|image|picture|credit|file|ap|afp|reuters|epa|getty)\b[^\])]{0,60}"
    r"[\])]|\b(?:photograph|photo|image|picture|credit|foto)s?(?: by| credit)?:"
    r" [^.!?]{2,60}|\([^()]{2,40}/ ?(?:ap|afp|reuters|getty images|epa)\b[^()]{0,30}\)"
    r"|\|? ?(?:getty images|afp/getty|shutterstock|ap photo/?[^.]{0,40}))$",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?:[^@]{0,60}[\s\W])?@\w{2,30}(?: ?[·•-] ?.{1,20})?$")
_TWEET: Final = re.compile(r"[—–-]{1,2} .{1,60}\(@\w+\) .{4,30}$")
_SAYS: Final = re.compile(r"(.{1,45}) (?:says|wrote|commented)\s?:$")
_NOT_WORDS: Final = re.compile(r"[\W\d_]*[^\W\d_]?[\W\d_]*$")


def look(text: str) -> Look:
    """Tell what a line looks like, on its own.

    `text` is the line without white space at its ends; of a very long line, its two
    ends are enough. Only its first and last few hundred characters are examined.
    """
    text = " ".join(text.split())
    key = line_key(text)
    if len(text) <= 60 and _NOT_WORDS.match(text):
        time = _table("whole").find(key)
        return _dated(text) or Look("furniture", time or "number or symbol")
    reason = _table("opens").find(key)
    if reason:
        return Look("opens", reason)
    reason = certain_furniture(text) or _table("whole").find(key) or _button(key)
    if reason:
        return Look("furniture", reason)
    return _shape(text)


def certain_furniture(text: str) -> str | None:
    """Give the reason of a line that no article's body would hold."""
    reason = _table("certain").find(line_key(text))
    if reason is None and len(text) <= 600 and _TWEET.search(text[-110:]):
        return "embedded post"
    return reason


def line_key(text: str) -> str:
    """Give a line in the form the phrases of `furniture.toml` are written in."""
    words = " ".join(text[:700].translate(_APOSTROPHES).casefold().split())
    return words.strip(_EDGES)


def bullet(text: str) -> int:
    """Give the length of the bullet or number a line opens with, else 0."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def is_speaker(text: str) -> bool:
    """Tell a line that opens with its speaker ("Q: When did you see it?")."""
    return bool(_SPEAKER.match(text))


def ends_as_sentence(text: str) -> bool:
    """Tell a line that ends as a sentence or a quotation does."""
    quoted = len(text) > 4 and text[0] in "\"“‘'«„" and text[-1] in "\"”’'»"
    return quoted or bool(_SENTENCE_END.search(text[-12:]))


def is_name(text: str) -> bool:
    """Tell one to five words in the shape of a name."""
    words = text.split() if len(text) <= 45 else []
    if not 1 <= len(words) <= 5 or text[-1] in ",;:":
        return False
    capital = [w for w in words if w.lstrip("(")[:1].isupper()]
    return (
        all(_NAME_PART.match(w) for w in words)
        and words[0].lstrip("(")[:1].isupper()
        and all(w in capital or w.isdigit() or _PARTICLE.match(w) for w in words)
    )


def is_title_case(text: str) -> bool:
    """Tell a line whose longer words nearly all have a capital."""
    words = [w for w in re.findall(r"[^\W\d_][\w'’-]*", text) if len(w) > 3]
    return bool(words) and sum(w[0].isupper() for w in words) >= 0.7 * len(words)


def date_in(text: str) -> str | None:
    """Give the first full date written in a line as ISO 8601 (YYYY-MM-DD)."""
    match = DATE.search(text[:LONG_LINE])
    if match is None:
        return None
    try:
        date = dates.parse(match.group(), dayfirst="." in match.group()[:3])
        return date.date().isoformat()
    except (ValueError, OverflowError):
        return None


def byline_author(text: str) -> str | None:
    """Give the author a byline or closing signature names, as written."""
    text = " ".join(text.split())
    opening = _BY.match(text) or _POSTED_BY.match(text) or _SIGNATURE.match(text)
    if opening is None:
        return None
    rest = text[opening.end() :]
    date = DATE.search(rest)
    rest = rest[: date.start()] if date else rest
    rest = re.split(r" [|•·–—-] |,| in (?=[A-Z])| for (?=[A-Z])", rest)[0].strip(" |•·")
    return rest or None


def _shape(text: str) -> Look:
    if len(text) <= 120:
        dated = _dated(text)
        if dated:
            return dated
        if _HANDLE.match(text) and not ends_as_sentence(text):
            return Look("handle", "embedded post")
        says = _SAYS.match(text)
        if says and is_name(says[1]):
            return Look("signed")
    if len(text) <= 400 and _CREDIT.search(text[-100:]):
        return Look("credited", "caption")
    if is_speaker(text):
        return Look("speaker")
    words = text.split(maxsplit=5)
    if ends_as_sentence(text) or (text.endswith(":") and len(words) >= 5):
        return Look("label" if _is_title_question(text) else "sentence")
    if is_name(text):
        return Look("name")
    long = len(text) > 2 * PROSE or (len(text) >= PROSE and not is_title_case(text))
    return Look("sentence" if long else "label")


def _dated(text: str) -> Look | None:
    date = DATE.search(text)
    author = byline_author(text)
    sentence = ends_as_sentence(text) and len(text) > 40
    if date and not sentence and (author or len(text) - date.end() <= AFTER_DATE):
        if _BEFORE_DATE.match(text[: date.start()].strip()):
            return Look("byline" if author else "date", "byline" if author else "date")
        if author:
            return Look("byline", "byline")
        if is_name(text[: date.start()].strip(" ,|•·-")) and len(text) <= 80:
            return Look("signed")
    if author and not ends_as_sentence(text) and _is_author(author):
        return Look("byline", "byline")
    return None


def _is_author(text: str) -> bool:
    people = [p.strip() for p in re.split(r" and | & |, ", text)]
    return all(is_name(person) for person in people)


def _is_title_question(text: str) -> bool:
    return text.endswith("?") and len(text.split()) >= 5 and is_title_case(text)


def _button(key: str) -> str | None:
    if len(key) > 120:
        return None
    row, reasons = _buttons()
    match = row.fullmatch(key)
    return reasons[match.group("first")] if match else None


@cache
def _buttons() -> tuple[re.Pattern[str], dict[str, str]]:
    reasons: dict[str, str] = {}
    for reason, group in _toml().items():
        for word in group.get("buttons", ()):
            reasons.setdefault(word, reason)
    words = "|".join(sorted(map(re.escape, reasons), key=len, reverse=True))
    between = r"(?: ?[|•·∙/,&–-] ?| )"
    row = rf"(?P<first>{words})(?:{between}(?:{words})){{0,12}}"
    return re.compile(row), reasons


@cache
def _table(name: Literal["whole", "certain", "opens"]) -> _Phrases:
    groups = {
        reason: group if name == "whole" else group.get(name, {})
        for reason, group in _toml().items()
    }
    reasons = tuple(groups)

    def pattern(key: str) -> re.Pattern[str]:
        parts = [
            f"(?P<r{i}>{'|'.join(f'(?:{p})' for p in groups[reason][key])})"
            for i, reason in enumerate(reasons)
            if groups[reason].get(key)
        ]
        nameless = [re.sub(r"(?<!\\)\((?!\?)", "(?:", part) for part in parts]
        return re.compile("|".join(nameless) or r"(?!)")

    contains = tuple(
        (words, reason)
        for reason in reasons
        for words in groups[reason].get("contains", ())
    )
    return _Phrases(pattern("whole"), pattern("starts"), contains, reasons)


@cache
def _toml() -> dict[str, dict[str, Any]]:
    source = files("annotator.ingest.page").joinpath("furniture.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
