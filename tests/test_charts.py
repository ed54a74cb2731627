"""Figure files: PNG and SVG of what the report shows, readable by anything."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from annotator.profile.measures import MEASURES
from annotator.records import (
    Actor,
    AxisPlace,
    Estimate,
    Group,
    OutletAxis,
    Share,
)
from annotator.report.charts import (
    axis_figure,
    measure_figure,
    naming_figure,
    stance_figure,
    write_figures,
)
from annotator.report.evidence import Cell
from annotator.report.naming import NameRow, NamingCell, NamingGroup, NamingMatrix
from annotator.report.profiles import Panel
from annotator.report.readings import Reading, TooFew
from annotator.report.scales import Scale
from annotator.report.stances import StancePanel
from annotator.store import ResultsWriter, profiles, read_results, write_derived

ACTOR = Actor("a", "Ellorian government", "body", 24, 12, (), ())


def reading(outlet: str, value: float, sign: int = 0) -> Reading:
    made = Estimate(Group(outlet), "opinion", value * 100, 100, 12, pooled=0.2)
    cell = Cell(outlet, "measure", "opinion")
    return Reading(made, value, value - 0.1, value + 0.1, sign, cell)


def panel(outlet: str = "Lake Courier") -> Panel:
    return Panel(
        "opinion",
        MEASURES["opinion"],
        [reading(outlet, 0.5, 1), reading("Hill Herald", 0.2)],
        [TooFew("Dale Post", 3, 27)],
        Scale(0, 0.6),
        0.3,
        27,
        0,
    )


def test_each_figure_is_written_twice_and_again_the_same(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "out") as writer:
        writer.finish([], {"model": "toy@0"})
    row = profiles.estimate_row(
        Estimate(Group("Lake Courier"), "opinion", 4, 9, 9, low=0.3, high=0.6)
    )
    write_derived(tmp_path / "out", {"profiles": [row]})
    results = read_results(tmp_path / "out")
    written = write_figures(results, tmp_path / "figures")
    assert [p.name for p in written] == ["outlets-opinion.png", "outlets-opinion.svg"]
    with Image.open(written[0]) as image:
        assert image.width == 7 * 150
    before = [p.read_bytes() for p in written]
    assert [
        p.read_bytes() for p in write_figures(results, tmp_path / "figures")
    ] == before


def test_without_profiles_no_figure_is_written(tmp_path: Path) -> None:
    with ResultsWriter(tmp_path / "out") as writer:
        writer.finish([], {"model": "toy@0"})
    assert write_figures(read_results(tmp_path / "out"), tmp_path / "figures") == []


def test_captions_say_how_much_there_is_and_what_is_left_out() -> None:
    caption = " ".join(measure_figure(panel()).get_supxlabel().split())
    assert "n = 27 articles of 3 outlets" in caption
    assert "1 outlet with not enough data" in caption


@pytest.mark.parametrize(
    "name", ["$\\frac{1}{", "a & <b>", "\ufffe\x00\x1b[0m", "新華社", "x" * 10_000, ""]
)
def test_hostile_names_break_neither_the_figure_nor_its_file(
    name: str, tmp_path: Path
) -> None:
    with ResultsWriter(tmp_path / "out") as writer:
        writer.finish([], {"model": "toy@0"})
    row = profiles.estimate_row(
        Estimate(Group(name), "opinion", 4, 9, 9, low=0.3, high=0.6)
    )
    write_derived(tmp_path / "out", {"profiles": [row]})
    _, svg = write_figures(read_results(tmp_path / "out"), tmp_path / "figures")
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")


def test_narrator_and_quoted_voices_are_drawn_apart() -> None:
    rows = [
        ("Lake Courier", {"outlet": reading("x", 0.3), "quoted": reading("x", 0.1)})
    ]
    figure = stance_figure(StancePanel(ACTOR, rows, [], Scale(-1, 1)))  # type: ignore[arg-type]
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines]
    assert "white" in faces
    assert "24 mentions in 12 articles" in " ".join(figure.get_supxlabel().split())


def test_shares_are_printed_in_the_cells_of_the_matrix() -> None:
    cell = NamingCell(Share(3, 4, 0.2, 0.9), Cell("x", "naming", "regime", "a"))
    row = NameRow("regime", "-", "government", [cell, None])
    matrix = NamingMatrix(["A", "B"], [NamingGroup(ACTOR, [row], [4, 0])], 0, 0)
    axes = naming_figure(matrix).axes[0]
    assert [text.get_text() for text in axes.texts] == ["75\xa0%"]
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "Ellorian government: − regime"
    ]


def test_the_axis_shows_outlets_above_what_loads_on_it() -> None:
    places = (
        AxisPlace("naming", "Ellorian government: regime", -1.2),
        AxisPlace("outlet", "Lake Courier", 0.5, 0.1, 0.9),
    )
    axes = axis_figure(OutletAxis(0.4, 0.001, True, "", places)).axes[0]
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["Lake Courier", "Ellorian government: regime"]
