"""Outlet profiles -> the closing table, an outlet a row.

Also `safe`, through which all text from outside goes before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rich.table import Table
from rich.text import Text

from annotator.codebook import LabelName
from annotator.records import OutletProfile, Share

SHORT: Final[dict[LabelName, str]] = {
    "reported_fact": "fact",
    "attributed_claim": "claim",
    "opinion": "opinion",
    "unverifiable_allegation": "alleged",
}

UNKNOWN: Final = "unknown outlet"

CAPTION: Final = (
    "Shares of labelled sentences, [95 % interval, articles resampled]. "
    "Flagged: a person should look."
)

_SPACES: Final = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def safe(text: str) -> str:
    r"""Give text that can neither steer a terminal nor reorder what stands around it.

    Line ends and tabs become a space; other control characters, bidirectional
    overrides and lone surrogates become their number in brackets. Marks that
    right-to-left text needs (U+200E, U+200F, U+061C) stay.

    >>> safe("Daily \x1b[31mRed\x1b[0m\r\nPress")
    'Daily ⟨1B⟩[31mRed⟨1B⟩[0m Press'
    """
    return _UNSAFE.sub(lambda m: f"⟨{ord(m[0]):02X}⟩", _SPACES.sub(" ", text))


def percent(share: Share) -> str:
    r"""Give a share in whole per cent; a dash for a share of nothing.

    >>> percent(Share(1, 3)), percent(Share(1, 1000)), percent(Share(0, 0))
    ('33\xa0%', '<1\xa0%', '–')
    """
    if share.value is None:
        return "–"
    if 0 < share.value < 0.005:
        return "<1\N{NO-BREAK SPACE}%"
    return f"{100 * share.value:.0f}\N{NO-BREAK SPACE}%"


def interval(share: Share) -> str:
    """Give the interval of a share in whole per cent; nothing if it has none.

    >>> interval(Share(41, 100, 0.352, 0.478))
    '35–48'
    """
    if share.low is None or share.high is None:
        return ""
    return f"{100 * share.low:.0f}–{100 * share.high:.0f}"


def outlet_table(profiles: Iterable[OutletProfile]) -> Table:
    """Lay out profiles in their order, for 80 columns and more.

    Below 100 columns the intervals go to a second line. Where there are too few
    articles for intervals, the outlet's cell says so.
    """
    profiles = list(profiles)
    # Intervals take the width that "too few articles" needs to stay on one line.
    outlet, share = (8, 8) if any(p.enough for p in profiles) else (16, 7)
    table = Table(box=None, padding=(0, 1, 0, 0), caption=CAPTION)
    table.caption_justify = "left"
    table.add_column("outlet", overflow="fold", min_width=outlet, max_width=30)
    for name in ("articles", "sentences", *SHORT.values(), "flagged"):
        whole = name not in SHORT.values()
        table.add_column(
            name, justify="right", no_wrap=whole, min_width=max(len(name), share)
        )
    for profile in profiles:
        table.add_row(
            _name(profile),
            f"{profile.n_articles:,}",
            f"{profile.n_sentences:,}",
            *(_cell(share) for share in profile.labels),
            percent(profile.flagged),
        )
    return table


def _name(profile: OutletProfile) -> Text:
    """Give the outlet's name, and under it what stands against its figures."""
    if profile.outlet is None:
        name = Text(UNKNOWN, style="italic")
    else:
        name = Text(safe(profile.outlet), style="bold")
    if not profile.enough:
        name.append("\ntoo few articles", style="not bold dim")
    if profile.n_duplicates:
        many = "copy" if profile.n_duplicates == 1 else "copies"
        name.append(f"\n+ {profile.n_duplicates:,} {many}", "not bold dim")
    return name


def _cell(share: Share) -> Text:
    """Give a share, and its interval if it has one."""
    cell = Text(percent(share))
    if between := interval(share):
        cell.append(f" [{between}]", style="dim")
    return cell
