"""Source profiles and their grades -> the table of `annotator sources`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from rich.table import Table
from rich.text import Text

from annotator.records import Grade, Identity, Override, SourceProfile, Tally
from annotator.report.terminal import percent, safe

FOUND_BY: Final[dict[Identity, str]] = {
    "named": "name",
    "role": "office",
    "body": "body only",
    "none": "nothing",
}
"""What a reader could find a source by."""

CAPTION: Final = (
    "Grade: source reliability of the Admiralty code, A to E, F where it cannot be "
    "judged; a person's beside the machine's. Quoted: wholly in quotation marks. "
    "Denied: claims that another source of the same text denies. Alone: articles that "
    "cite nobody else."
)

VARIANTS_SHOWN: Final = 3
CUES_SHOWN: Final = 3


def source_table(
    profiles: Iterable[SourceProfile],
    grades: Mapping[str, Grade],
    overrides: Mapping[str, Override] | None = None,
    *,
    limit: int | None = None,
) -> Table:
    """Lay out sources in their order, at most `limit` of them.

    `grades` and `overrides` are by source id; a source without a grade has a dash.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), caption=CAPTION)
    table.caption_justify = "left"
    table.add_column("source", overflow="fold", min_width=14, max_width=36)
    table.add_column("grade", min_width=5)
    table.add_column("cited", justify="right")
    table.add_column("found by", min_width=6)
    table.add_column("outlets", justify="right")
    table.add_column("cues", overflow="fold", max_width=26)
    for name in ("quoted", "denied", "alone"):
        table.add_column(name, justify="right")
    for profile in islice(profiles, limit):
        override = (overrides or {}).get(profile.source_id)
        table.add_row(
            _name(profile),
            _grade(grades.get(profile.source_id), override),
            f"{profile.cited:,}",
            FOUND_BY[profile.identity],
            f"{len(profile.outlets):,}",
            Text(_few(profile.cues, CUES_SHOWN)),
            percent(profile.direct),
            percent(profile.contested),
            percent(profile.alone_in_article),
        )
    return table


def _name(profile: SourceProfile) -> Text:
    """Give the name, and under it what else the source is called and its side."""
    name = Text(safe(profile.name), style="bold" if profile.identity == "named" else "")
    others = [t for t in profile.variants if t.value != profile.name]
    if others:
        name.append(f"\n{_few(others, VARIANTS_SHOWN)}", "not bold dim")
    if profile.sides:
        name.append(f"\nside: {_few(profile.sides, 2)}", "not bold dim")
    return name


def _grade(grade: Grade | None, override: Override | None) -> Text:
    """Give the machine's grade, and under it a person's."""
    cell = Text(grade.value if grade else "–")
    if override and override.reliability:
        cell.append(
            f"\n{override.reliability} {safe(override.reviewer)}", style="italic"
        )
    return cell


def _few(tallies: Iterable[Tally], few: int) -> str:
    """Give the first tallies in words.

    >>> _few([Tally("said", 4), Tally(None, 1)], 2)
    'said 4, unknown 1'
    """
    shown = (
        f"{safe(t.value) if t.value is not None else 'unknown'} {t.count:,}"
        for t in islice(tallies, few)
    )
    return ", ".join(shown)
