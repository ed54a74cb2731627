"""Profiles of outlets -> figure files, PNG and SVG, with what the report shows.

Colours are of Okabe and Ito's palette, and nothing is told by colour alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Final, NamedTuple

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from annotator.profile.measures import MeasureKind
from annotator.records import AxisPlace, OutletAxis
from annotator.report.contents import cut
from annotator.report.naming import NameRow, NamingCell, NamingMatrix
from annotator.report.profiles import (
    Panel,
    ProfilesSection,
    axis_parts,
    profiles_section,
)
from annotator.report.readings import Reading
from annotator.report.scales import Scale, tick
from annotator.report.stances import StancePanel
from annotator.report.terminal import UNKNOWN, percent
from annotator.store import Results

BLUE, VERMILION, GREY = "#0072b2", "#d55e00", "#777777"
MARKS: Final = {0: "o", 1: "^", -1: "v"}
WIDTH, ROW, FRAME = 7.0, 0.3, 1.9
"""Inches: of a figure, of a row, and of what stands above and below the rows."""

NAME_WIDTH, CAPTION_WIDTH = 32, 125
"""Characters."""

DPI: Final = 150

STYLE: Final = {
    "text.parse_math": False,  # a "$" in a name is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "source-annotator",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 9,
}

_NOT_XML: Final = re.compile("[\ufffe\uffff]")


class Dot(NamedTuple):
    """A mark with its whisker in row `y`."""

    y: float
    value: float
    low: float | None = None
    high: float | None = None
    sign: int = 0
    quoted: bool = False


def write_figures(results: Results, out: Path) -> list[Path]:
    """Write each figure of a results folder as PNG and SVG into the folder `out`.

    A figure written twice is the same, byte for byte.

    Returns
    -------
    list of Path
        The files, PNG and SVG of each figure together; none where outlets were not
        profiled.
    """
    section = profiles_section(results)
    if section is None:
        return []
    out.mkdir(parents=True, exist_ok=True)
    written = []
    with rc_context(STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        # The SVG holds letters that the PNG's font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        for name, figure in figures(section):
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # laid out once for both files
            for suffix in ("png", "svg"):
                path = out / f"{name}.{suffix}"
                metadata = {"Date": None} if suffix == "svg" else None
                figure.savefig(path, dpi=DPI, metadata=metadata)
                written.append(path)
    return written


def figures(section: ProfilesSection) -> Iterator[tuple[str, Figure]]:
    """Draw the figures, each with the name of its file."""
    for panel in (*section.panels, *section.folded):
        if panel.rows:
            yield f"outlets-{panel.name.replace('_', '-')}", measure_figure(panel)
    if section.matrix:
        yield "naming", naming_figure(section.matrix)
    for number, stances in enumerate(section.stances, start=1):
        yield f"stance-{number:02}-{_slug(stances.actor.name)}", stance_figure(stances)
    if section.axis and section.axis.told:
        yield "axis", axis_figure(section.axis)


def measure_figure(panel: Panel) -> Figure:
    """Draw a measure over outlets: dot, whisker, pooled figure, all together."""
    top = len(panel.rows) - 1
    dots = [_dot(top - i, r) for i, r in enumerate(panel.rows)]
    figure, axes = _figure(
        panel.measure.title,
        f"{panel.measure.explanation}; n = {panel.articles:,} articles of "
        f"{len(panel.rows) + len(panel.too_few) + panel.left_out:,} outlets. Whiskers: "
        "95 % intervals, articles resampled. Diamonds: pooled. Dashed: all outlets "
        "together. Triangles: above or below all other outlets, q at most 0.05."
        + _left_out(len(panel.too_few)),
        len(panel.rows),
    )
    axes.axvline(panel.mean, color=GREY, linestyle="--", linewidth=1)
    _draw(axes, dots, panel.measure.kind)
    pooled = [
        (p, top - i)
        for i, r in enumerate(panel.rows)
        if (p := r.estimate.pooled) is not None
    ]
    if pooled:
        places, rows = zip(*pooled, strict=True)
        axes.scatter(places, rows, 22, "white", marker="D", edgecolor="black", zorder=3)
    names = [
        f"{_name(r.estimate.group.outlet)}  ({r.estimate.articles:,})"
        for r in panel.rows
    ]
    _rows(axes, names)
    axes.set_xlim(_ends(panel.scale))
    return figure


def stance_figure(panel: StancePanel) -> Figure:
    """Draw the stance of outlets towards one actor, quoted voices apart."""
    dots, top = [], len(panel.rows) - 1
    for i, (_, readings) in enumerate(panel.rows):
        for voice, reading in readings.items():
            if reading:
                quoted = voice == "quoted"
                y = top - i - 0.17 if quoted else top - i + 0.17
                dots.append(_dot(y, reading, quoted))
    figure, axes = _figure(
        f"Stance towards {_name(panel.actor.name)}",
        f"Probability of a favourable less that of an unfavourable stance, mean over "
        f"mentions; n = {panel.actor.mentions:,} mentions in "
        f"{panel.actor.articles:,} articles. Filled: the narrator. Hollow and dotted: "
        "quoted voices. Whiskers: 95 % intervals, articles resampled. Triangles: above "
        "or below all other outlets, q at most 0.05." + _left_out(len(panel.too_few)),
        len(panel.rows) * 1.3,
    )
    axes.axvline(0, color=GREY, linestyle="--", linewidth=1)
    _draw(axes, dots, "mean")
    _rows(axes, [_name(outlet) for outlet, _ in panel.rows])
    axes.set_xlim(_ends(panel.scale))
    return figure


def naming_figure(matrix: NamingMatrix) -> Figure:
    """Draw the naming matrix, a column an outlet, actors one below the other."""
    rows = [(group, row) for group in matrix.groups for row in group.rows]
    shares = np.array([[_share(c) for c in row.cells] for _, row in rows])
    mentions = sum(n for group in matrix.groups for n in group.mentions)
    figure, axes = _figure(
        "What each outlet calls whom",
        "Of an outlet's mentions of an actor in its own voice, the share that uses "
        f"each name; n = {mentions:,} mentions. − and + mark names that take sides. In "
        "brackets: too few articles for an interval.",
        len(rows),
    )
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
    for y, (_, row) in enumerate(rows):
        for x, cell in enumerate(row.cells):
            if cell:
                text = percent(cell.share)
                text = text if cell.share.low is not None else f"({text})"
                axes.text(x, y, text, ha="center", va="center", fontsize=8)
    names = [f"{_name(g.actor.name)}: {_name_of(row)}" for g, row in rows]
    axes.set_yticks(range(len(rows)), names)
    columns = [fill(_name(o), 10, max_lines=3) for o in matrix.outlets]
    axes.set_xticks(range(len(columns)), columns, fontsize=8)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    below = np.cumsum([len(group.rows) for group in matrix.groups])[:-1]
    axes.hlines(below - 0.5, -0.5, len(columns) - 0.5, color="white", linewidth=4)
    axes.spines[:].set_visible(False)
    return figure


def axis_figure(axis: OutletAxis) -> Figure:
    """Draw the outlets on their axis, and below them what loads on its ends."""
    parts = axis_parts(axis)
    places: list[AxisPlace] = [*parts.outlets, *parts.low, *reversed(parts.high)]
    top = len(places) - 1
    figure, axes = _figure(
        "The first axis on which outlets differ",
        f"It holds {100 * axis.inertia:.0f} % of all differences in naming and stance; "
        f"articles dealt to outlets at random give as much in {100 * axis.p:.1f} % of "
        f"draws. Above the line: {len(parts.outlets):,} outlets with 95 % intervals; "
        f"below: what loads most, of {parts.features:,}. It has no other name.",
        len(places),
    )
    dots = [Dot(top - i, p.place, p.low, p.high) for i, p in enumerate(places)]
    axes.axvline(0, color=GREY, linestyle="--", linewidth=1)
    axes.axhline(top - len(parts.outlets) + 0.5, color=GREY, linewidth=0.8)
    _draw(axes, dots, "mean")
    _rows(axes, [_name(p.name) for p in places])
    return figure


def _figure(title: str, caption: str, rows: float) -> tuple[Figure, Axes]:
    """Open a figure of so many rows with its title above and its caption below."""
    height = FRAME + ROW * max(rows, 3)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    figure.supxlabel(
        fill(caption, CAPTION_WIDTH), x=0.01, ha="left", fontsize=7.5, color="#444444"
    )
    return figure, axes


def _dot(y: float, reading: Reading, quoted: bool = False) -> Dot:
    return Dot(y, reading.value, reading.low, reading.high, reading.sign, quoted)


def _draw(axes: Axes, dots: Iterable[Dot], kind: MeasureKind) -> None:
    """Draw marks and whiskers, and write the figures below as their kind asks."""
    for dot in dots:
        colour = VERMILION if dot.quoted else BLUE
        if dot.low is not None and dot.high is not None:
            style = ":" if dot.quoted else "-"
            ends = (dot.low, dot.high)
            axes.plot(ends, (dot.y, dot.y), color=colour, linestyle=style, linewidth=2)
        face = "white" if dot.quoted else colour
        axes.plot(
            dot.value,
            dot.y,
            marker=MARKS[dot.sign],
            markersize=6,
            markerfacecolor=face,
            markeredgecolor=colour,
            zorder=4,
        )
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick(round(x, 9), kind)))


def _rows(axes: Axes, names: Sequence[str]) -> None:
    """Name the rows, the first on top."""
    axes.set_yticks(range(len(names) - 1, -1, -1), names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.7, len(names) - 0.3)


def _ends(scale: Scale) -> tuple[float, float]:
    """Leave room for marks at either end of a line."""
    room = 0.02 * (scale.high - scale.low)
    return scale.low - room, scale.high + room


def _share(cell: NamingCell | None) -> float:
    """Give a share to be coloured; NaN leaves its place blank."""
    value = cell.share.value if cell else None
    return float("nan") if value is None else value


def _left_out(too_few: int) -> str:
    if not too_few:
        return ""
    return f" {too_few:,} outlet{'' if too_few == 1 else 's'} with not enough data."


def _name_of(row: NameRow) -> str:
    sign = {"-": "− ", "+": "+ ", None: ""}[row.loaded]
    return f"{sign}{_name(row.name)}"


def _name(text: str | None) -> str:
    """Give a name that neither breaks the figure nor its file."""
    shown = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text or UNKNOWN)
    return cut(shown, NAME_WIDTH)


def _slug(name: str) -> str:
    """Give a name in letters that every file system takes."""
    return (
        re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "actor"
    )
