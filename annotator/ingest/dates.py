"""A date as written -> ISO 8601, or None where it cannot be told.

Neither the clock nor the time zone of the machine has a part in it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from dateutil import parser

_LONGEST = 60
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")


def iso_date(written: str) -> str | None:
    """Normalise a date, as precisely as it is given.

    A day and month that can be read both ways round (``03/04/2020``) and a date
    without a year are None: unknown, not guessed.

    Examples
    --------
    >>> iso_date("May 21, 2020"), iso_date("May 2020"), iso_date("03/04/2020")
    ('2020-05-21', '2020-05', None)
    >>> iso_date("Thu, 21 May 2020 09:30:00 GMT")
    '2020-05-21T09:30:00+00:00'
    """
    written = written.strip()
    if not written or len(written) > _LONGEST:
        return None
    if re.fullmatch(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?", written):
        return written
    if _EPOCH.fullmatch(written):
        seconds = float(written)
        seconds /= 1000 if seconds > 1e11 else 1
        return datetime.fromtimestamp(int(seconds), UTC).isoformat()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return _free_form(written)
    return moment.date().isoformat() if len(written) <= 10 else moment.isoformat()


def _free_form(written: str) -> str | None:
    """Read a date in words or in a local order of figures."""
    one, other = datetime(2000, 1, 1), datetime(2001, 2, 2)
    read = partial(parser.parse, parserinfo=_Years(), tzinfos=_zone)
    try:
        moment = read(written, default=one)
        again = read(written, default=other)
        swapped = read(written, default=one, dayfirst=True)
    except (ValueError, OverflowError):
        return None
    if moment != swapped or moment.year != again.year:
        return None
    if moment.month != again.month:
        return f"{moment.year:04}"
    if moment.day != again.day:
        return f"{moment.year:04}-{moment.month:02}"
    if re.search(r"\d:\d\d|\d ?[ap]\.?m\b", written, re.I):
        return moment.isoformat()
    return moment.date().isoformat()


class _Years(parser.parserinfo):
    """Years of two digits are those from 1969 to 2068 (POSIX, `strptime`)."""

    def convertyear(self, year: int, century_specified: bool = False) -> int:
        """Give the year that is meant."""
        if year >= 100 or century_specified:
            return year
        return year + (1900 if year >= 69 else 2000)


def _zone(name: str | None, offset: int | None) -> timezone | None:
    """Give the zone of an offset in seconds; a name alone may stand for several."""
    return None if offset is None else timezone(timedelta(seconds=offset))
