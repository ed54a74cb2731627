"""Text and the day it was published -> the days it speaks of, as ordinals.

Days are proleptic Gregorian ordinals (`date.toordinal`), so that they can be taken
from one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from annotator.records import Article

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH: Final = (
    r"(?P<{}>(?:Jan|Febr)(?:uary)?|Feb|Mar(?:ch)?|Apr(?:il)?|May|June?|July?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|(?:Octo|Novem|Decem)ber|Oct|Nov|Dec)\b\.?"
)
_YEAR: Final = r"(?:19|20)\d\d\b"
_DATE: Final = re.compile(
    rf"\b(?P<y0>{_YEAR[:-2]})-(?P<m0>\d\d)-(?P<d0>\d\d)\b"
    rf"|\b(?:\d{{4}}\s)?(?P<d1>\d\d)\.(?P<m1>\d\d)\.(?P<y1>{_YEAR[:-2]})(?!\d)"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH.format('m2')}"
    rf"(?:,?\s(?P<y2>{_YEAR}))?"
    rf"|\b{_MONTH.format('m3')}\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"(?:,?\s(?P<y3>{_YEAR}))?"
    rf"|\b{_MONTH.format('m4')}(?:\s(?P<y4>{_YEAR}))?"
    rf"|(?<=\b(?:in|of|by)\s)(?P<y5>{_YEAR})|(?<=\b(?:since|until|early)\s)"
    rf"(?P<y6>{_YEAR})"
)
_RELATIVE: Final = re.compile(
    r"\b(?:(?P<next>next|coming)\s|(?P<last>last)\s)?"
    r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?P<today>today|tonight)\b|\b(?P<yesterday>yesterday)\b"
    r"|\b(?P<ago>last year|last month|in recent years"
    r"|(?:years?|months?|decades?) ago)\b",
    re.IGNORECASE,
)
_HEAD: Final = 300
"""Code points at the start of an article in which a dateline stands."""


class Days(NamedTuple):
    """A first and a last day, both included."""

    first: int
    last: int

    def within(self, days: int, other: Days) -> bool:
        """Whether some day of each is at most `days` apart."""
        return self.first - days <= other.last and other.first - days <= self.last


def article_day(article: Article) -> int | None:
    """Give the day an article was published: its date, else that of its dateline."""
    if article.published:
        try:
            return date.fromisoformat(article.published[:10]).toordinal()
        except ValueError:
            pass
    for match in _DATE.finditer(article.text[:_HEAD]):
        found = _days(match, None)
        if found and found.first == found.last:
            return found.first
    return None


def named_days(text: str, published: int | None) -> tuple[Days, ...]:
    """Give the days, months and years that a sentence names, in its order.

    A weekday is the last one up to the day of publication; without that day only
    full dates, and months and years, are read.

    >>> monday = date(2031, 5, 12).toordinal()
    >>> named_days("on Monday", monday + 3) == (Days(monday, monday),)
    True
    """
    found = [(m.start(), _days(m, published)) for m in _DATE.finditer(text)]
    if published is not None:
        found += [
            (m.start(), _relative(m, published)) for m in _RELATIVE.finditer(text)
        ]
    return tuple(days for _, days in sorted(found, key=_place) if days)


def named_weekdays(text: str) -> frozenset[str]:
    """Give the weekdays a text names, for where its day of publication is unknown.

    >>> sorted(named_weekdays("on Friday, not next Sunday"))
    ['fri', 'sun']
    """
    found = (m["weekday"] for m in _RELATIVE.finditer(text))
    return frozenset(day[:3].casefold() for day in found if day)


def without_dates(text: str) -> str:
    """Blank out dates, so that their numbers are not taken for figures."""
    return _DATE.sub(lambda m: " " * len(m[0]), text)


def _place(found: tuple[int, Days | None]) -> int:
    return found[0]


def _days(match: re.Match[str], published: int | None) -> Days | None:
    """Give the days of a date; one without a year is the nearest to publication."""
    got = {k[0]: v for k, v in match.groupdict().items() if v}
    month = got.get("m", "")
    number = int(month) if month.isdecimal() else 0
    if month and not number:
        number = 1 + _MONTHS.index(month[:3].casefold())
    years = [int(got["y"])] if "y" in got else list(_years_near(published))
    spans = [s for y in years if (s := _span(y, number, int(got.get("d", 0))))]
    if not spans or published is None:
        return spans[0] if spans else None
    return min(spans, key=lambda s: abs(s.first - published))


def _years_near(published: int | None) -> Iterator[int]:
    if published is not None:
        year = date.fromordinal(published).year
        yield from (y for y in (year - 1, year, year + 1) if 1 <= y <= 9998)


def _span(year: int, month: int, day: int) -> Days | None:
    """Give the days of a date whose month or day may be 0 for all of them."""
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        last = first
    elif month:
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    else:
        last = date(year, 12, 31)
    return Days(first.toordinal(), last.toordinal())


def _relative(match: re.Match[str], published: int) -> Days:
    if match["today"]:
        return Days(published, published)
    if match["yesterday"]:
        return Days(published - 1, published - 1)
    if match["ago"]:
        return Days(published - 3660, published - 31)
    weekday = _WEEKDAYS.index(match["weekday"][:3].casefold())
    back = (date.fromordinal(published).weekday() - weekday) % 7
    day = published - back + (7 if match["next"] else 0)
    return Days(day, day)
