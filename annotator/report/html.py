"""Results -> one HTML file that needs no network and runs no code but its own.

The page's style and script stand in it, and its Content-Security-Policy allows
those two by their hash and nothing else. All text from outside is escaped by
Jinja2 and passes `safe`, so that it can neither become markup nor reorder the
text around it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from annotator.codebook import LABELS, MEANING, LabelName
from annotator.profile import MEASURES
from annotator.records import OutletProfile, Share
from annotator.report import contents, methods, profiles, samples, scales, together
from annotator.report.evidence import NOT_FOUND, Cell
from annotator.report.terminal import UNKNOWN, interval, percent, safe
from annotator.store import Results

TITLES: Final[dict[LabelName, str]] = {
    "reported_fact": "Reported fact",
    "attributed_claim": "Attributed claim",
    "opinion": "Opinion",
    "unverifiable_allegation": "Unverifiable allegation",
}


def write_report(results: Results, out: Path) -> None:
    """Write the report of a results folder; under 10 MB however large the results.

    What does not fit is left out, and the page says what and where it stands.
    """
    environment = Environment(
        loader=PackageLoader("annotator.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "plain": safe,
        "percent": percent,
        "interval": interval,
        "written": scales.written,
        "signed": scales.signed,
        "tick": scales.tick,
    }
    found = contents.overview(results)
    events = together.events_section(results)
    section = profiles.profiles_section(results)
    cells = section.cells if section else []
    behind = samples.collect(results, cells, found.shown)
    led_to = behind.anchors | (events.anchors if events else set())
    reasons: dict[str, int] = {}
    style, script = _asset("report.css"), _asset("report.js")
    page = environment.get_template("report.html.j2").generate(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
        found=found,
        facts=_facts(results.run),
        labels=[(contents.LETTERS[n], TITLES[n], MEANING[n]) for n in LABELS],
        titles=TITLES,
        letters=contents.LETTERS,
        unknown=UNKNOWN,
        segments=_segments,
        whiskers=_whiskers,
        sources=together.sources_section(results),
        events=events,
        profiles=section,
        cells={cell: number for number, cell in enumerate(cells)},
        cell_of=_term_cell,
        axis_parts=profiles.axis_parts,
        between=scales.between,
        profile_width=profiles.NAME_WIDTH,
        few_shown=profiles.OUTLETS_SHOWN,
        not_found=[MEASURES[name].title for name in NOT_FOUND],
        behind=behind.data | {"titles": section.titles(cells) if section else []},
        methods=methods.methods(results),
        passage_width=together.PASSAGE_WIDTH,
        name_width=together.NAME_WIDTH,
        articles=contents.article_views(results, found, reasons, led_to),
        dropped_width=contents.DROPPED_WIDTH,
        reasons=reasons,
    )
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open(
            "w", encoding="utf-8", errors="replace", newline="\n"
        ) as file:
            file.writelines(page)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


def _term_cell(outlet: str, term: str) -> Cell:
    return Cell(outlet, "term", term)


def _asset(name: str) -> str:
    """Read a file that is inlined; no line end but the one that is hashed."""
    return files("annotator.report").joinpath("templates", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy: this style, this script, nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    ]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; "
        f"script-src 'sha256-{hashes[1]}'; base-uri 'none'; form-action 'none'"
    )


def _facts(run: Mapping[str, object]) -> list[tuple[str, str]]:
    """Give what is known of the run, a name and a value each."""
    return [
        (key.replace("_", " "), _words(value))
        for key, value in run.items()
        if key not in ("format", "schema_version") and value not in (None, "", {}, [])
    ]


def _words(value: object) -> str:
    """Give a value of run.json in words."""
    if isinstance(value, Mapping):
        parts = (f"{str(k).replace('_', ' ')} {_words(v)}" for k, v in value.items())
        return " · ".join(parts)
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _segments(counts: list[int]) -> list[tuple[str, float, float, str]]:
    """Cut a bar 100 wide: letter, left end, width and what is written on it."""
    total, left, cut = sum(counts), 0.0, []
    for name, count in zip(LABELS, counts, strict=True):
        if count:
            width = 100 * count / total
            letter = contents.LETTERS[name]
            written = f"{letter.upper()} {width:.0f}" if width >= 8 else ""
            if not written and width >= 3.5:
                written = letter.upper()
            cut.append((letter, round(left, 2), round(width, 2), written))
            left += width
    return cut


def _whiskers(
    share: Share, profile: OutletProfile
) -> tuple[float, float, float] | None:
    """Give the interval's left end, its width, and the share, on a line 100 long."""
    if not profile.enough or share.value is None:
        return None
    low, high = share.low or 0.0, share.high or 0.0
    return (
        round(100 * low, 1),
        round(100 * (high - low), 1),
        round(100 * share.value, 1),
    )
