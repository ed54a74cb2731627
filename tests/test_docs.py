"""What docs/ tells a reader to do works, and prints what it says; the site is whole.

A page is followed block by block in one folder:

    ```python title="NAME"      is saved as a file
    ```sh, ```python, ```sql    are run
    ```text                     is what the block before it printed
    <!-- not run: REASON -->    before a block that a test cannot run
    <!-- stopped at: WORDS -->  before a command that runs until Ctrl-C

Pages under how-to/ go on in the folder that the tutorial leaves.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from doctest import ELLIPSIS, OutputChecker
from html.parser import HTMLParser
from pathlib import Path
from threading import Timer

import duckdb
import httpx
import pyarrow as pa
import pytest
from markdown_it import MarkdownIt
from typer.main import get_command
from typer.testing import CliRunner

from annotator.cli import app
from annotator.store import Results
from annotator.store.decisions import DECISIONS, MARKED
from annotator.store.derived import DERIVED
from annotator.store.folder import TABLES
from annotator.store.sources import TALLIES
from annotator.store.tables import PASSAGE, SPAN, share_columns

TOP = Path(__file__).parents[1]
DOCS = TOP / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TUTORIAL = DOCS / "tutorial.md"
RUN = ("sh", "console", "python", "sql")
HARMLESS = re.compile(
    r"(annotator|cp|echo|head|ls|mkdir|python \w+\.py|sed|sha256sum|tar|wc)\b[^;&|`$]*"
)
"""Commands that change nothing but the folder they are run in."""
NOT_RUN, STOPPED_AT = (
    re.compile(rf"<!-- {words}: (.+) -->") for words in ("not run", "stopped at")
)
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Block:
    """A block of code, and what stands directly before it."""

    language: str
    title: str | None
    text: str
    not_run: str | None
    stopped_at: str | None

    @property
    def is_run(self) -> bool:
        return self.language in RUN and not self.title and not self.not_run


def blocks(page: Path) -> Iterator[Block]:
    before = ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            language, _, rest = token.info.partition(" ")
            title = re.search(r'title="([^"]+)"', rest)
            found = [re.search(said, before) for said in (NOT_RUN, STOPPED_AT)]
            not_run, stopped_at = (match and match[1] for match in found)
            name = title and title[1]
            yield Block(language, name, token.content, not_run, stopped_at)
        before = token.content if token.type == "html_block" else ""


BLOCKS = {page: list(blocks(page)) for page in PAGES}
FOLLOWED = [page for page, found in BLOCKS.items() if any(b.is_run for b in found)]
WHY_NOT_RUN = [b.not_run for found in BLOCKS.values() for b in found if b.not_run]
MOST_NOT_RUN = 20
"""Clusters, releases and trainings: whatever else there is can be run."""


def follow(page: Path, folder: Path) -> None:
    """Do in a folder what a page says, and compare what is printed."""
    printed: str | None = None
    for block in BLOCKS[page]:
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.is_run:
            printed = "".join(run(block, folder))
        elif block.not_run:
            printed = None
        elif block.language == "text" and printed is not None:
            assert says(printed, block.text), f"{block.text}\nnot in\n{printed}"


def says(printed: str, expected: str) -> bool:
    """Whether it is what was expected, white space aside; dots stand for anything."""
    got, want = (" ".join(text.split()) for text in (printed, expected))
    return OutputChecker().check_output(want, got, ELLIPSIS)


def run(block: Block, folder: Path) -> Iterator[str]:
    if block.language == "sql":
        yield str(duckdb.sql(block.text))
    elif block.language == "python":
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(block.text, "page", "exec"), {"__name__": "__main__"})
        yield out.getvalue()
    else:
        for line in block.text.replace("\\\n", "").splitlines():
            assert HARMLESS.fullmatch(line), f"{line}: say why it is not run"
            if block.stopped_at:
                yield stopped(line, block.stopped_at, folder)
            elif line.startswith("annotator "):
                yield annotator(line, folder)
            else:
                yield shell(line, folder)


def shell(line: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout


def annotator(line: str, folder: Path) -> str:
    """Run a command in this process, where torch is loaded already."""
    words = shell(f"printf '%s\\0' {line}", folder).split("\0")[1:-1]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert done.exit_code == 0, f"{line}: {done.output}{done.exception!r}"
    return done.stdout


def stopped(line: str, words: str, folder: Path) -> str:
    """Run a command until it has printed some words, then press Ctrl-C."""
    command = line.split()
    if {"--port"} & {o for p in COMMANDS[command[1]].params for o in p.opts}:
        command += ["--port", "0"]  # another test may hold the usual one
    started = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert started.stdout
    hangs = Timer(120, started.kill)
    hangs.start()
    printed = ""
    for printed_line in started.stdout:
        printed += printed_line
        if words in printed_line:
            for address in re.findall(r"http://[\d.:]+", printed_line):
                wait_for(address)
            started.send_signal(signal.SIGINT)
    hangs.cancel()
    assert words in printed, f"{line}: {printed}"
    assert started.wait() == 0, f"{line}: {printed}"
    return printed


def wait_for(address: str) -> None:
    """Wait until a server answers, whatever it says."""
    transport = httpx.HTTPTransport(retries=8)  # half a second, doubled each time
    with httpx.Client(transport=transport, timeout=60) as client:
        client.get(address)


@pytest.fixture(scope="module")
def after_the_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of somebody who has followed the tutorial to its end."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        follow(TUTORIAL, folder)
    return folder


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda p: str(p.relative_to(DOCS)))
def test_a_page_can_be_followed(
    page: Path,
    after_the_tutorial: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if page == TUTORIAL:
        return  # The fixture has followed it.
    folder = shutil.copytree(after_the_tutorial, tmp_path / "folder")
    monkeypatch.chdir(folder)
    follow(page, folder)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    assert [reason for reason in WHY_NOT_RUN if len(reason.split()) < 3] == []
    assert len(WHY_NOT_RUN) <= MOST_NOT_RUN


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
def test_no_command_hides_from_the_test(page: Path) -> None:
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    indented = "".join(t.content for t in tokens if t.type == "code_block")
    fenced = "".join(b.text for b in BLOCKS[page] if b.language not in RUN)
    command = re.compile(r"^\s*\$?\s*(annotator|python|pip|make) [a-z-]", re.M)
    assert not command.search(indented + fenced)


ON_DISK = {**TABLES, **DERIVED, "decisions": DECISIONS}
TYPES = {
    "text": {pa.string()},
    "integer": {pa.int32(), pa.int64()},
    "number": {pa.float64()},
    "boolean": {pa.bool_()},
    "time": {pa.timestamp("us", "UTC")},
    "tally": {TALLIES},
    "list of text": {pa.list_(pa.string())},
    "list of spans": {pa.list_(SPAN)},
    "list of passages": {pa.list_(PASSAGE)},
    "list of marks": {pa.list_(MARKED)},
}


def described() -> dict[str, dict[str, set[pa.DataType]]]:
    """The columns of each table, as the page on the results folder has them."""
    page = (DOCS / "reference" / "tables.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^### (?=\w+\.parquet$)", page, flags=re.M)
    return {text.partition(".")[0]: dict(columns(text)) for text in sections}


def columns(section: str) -> Iterator[tuple[str, set[pa.DataType]]]:
    for cell, kind in re.findall(r"^\| (`.+?`) \| ([\w ]+) \|", section, re.M):
        for name in re.findall(r"`([\w*]+)`", cell):
            if kind == "share":
                parts = share_columns(name.removesuffix("_*"))
                yield from ((part, {type_}) for part, type_ in parts.items())
            else:
                yield name, TYPES[kind]


def test_every_table_is_described_and_no_other() -> None:
    assert set(described()) == set(ON_DISK)


@pytest.mark.parametrize("table", ON_DISK)
def test_the_columns_described_are_those_written(table: str) -> None:
    told, schema = described()[table], ON_DISK[table]
    assert set(told) == set(schema.names)
    assert [n for n in told if schema.field(n).type not in told[n]] == []


MODEL = TOP / "models" / "compact"


@pytest.mark.parametrize("page", ["limits.md", "calibration.md"])
def test_figures_of_the_model_are_those_of_its_card(page: str) -> None:
    figure = re.compile(r"\b[01]\.\d{3}\b")
    quoted = figure.findall((DOCS / page).read_text(encoding="utf-8"))
    card = figure.findall((MODEL / "card.md").read_text(encoding="utf-8"))
    assert quoted
    assert set(quoted) - set(card) == set()


def test_what_mistakes_do_to_shares_follows_from_the_confusions() -> None:
    page = (DOCS / "limits.md").read_text(encoding="utf-8")
    said = " ".join(page.split())
    metrics = json.loads((MODEL / "metrics.json").read_text(encoding="utf-8"))
    (scores,) = (s for n, s in metrics["scores"].items() if n.startswith("compact@"))
    was = scores["confusion"]
    there = [sum(row) for row in was]
    shown = [sum(column) for column in zip(*was, strict=True)]
    n = sum(there)
    fact, claim, opinion, allegation = range(4)
    assert (
        f"{was[claim][fact]} of {there[claim]} attributed claims, "
        f"{was[opinion][fact]} of {there[opinion]} opinions and "
        f"{was[allegation][fact]} of {there[allegation]} allegations"
    ) in said
    assert f"{shown[fact] / n:.1%} fact where".replace("%", " %") in said
    assert f"where there is {there[fact] / n:.1%}".replace("%", " %") in said
    recall: float = was[allegation][allegation] / there[allegation]
    false: float = (shown[allegation] - was[allegation][allegation]) / (
        n - there[allegation]
    )

    def seen(share: float) -> float:
        return recall * share + false * (1 - share)

    assert f"without a single allegation is shown with {100 * seen(0):.1f} %" in said
    assert f"with 2 % is shown with {100 * seen(0.02):.1f} %" in said
    assert f"with 20 % is shown with {100 * seen(0.2):.0f} %" in said
    assert round(3 * false * 0.98 / seen(0.02)) == 1, "a third of them are none"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site; a link, an anchor or a docstring that is wrong ends it."""
    folder = tmp_path_factory.mktemp("site")
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(
        [*mkdocs, "--quiet", "--site-dir", str(folder)],
        cwd=TOP,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Page(HTMLParser):
    """What a page fetches, and which anchors it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        if tag != "a":
            self.fetched += filter(None, (given.get("src"), given.get("href")))


def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    elsewhere = re.compile(r"(?:[a-z]+:)?//")
    for path in site.rglob("*.html"):
        assert [url for url in Page(path).fetched if elsewhere.match(url)] == [], path
    for path in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", path.read_text("utf-8")), path


def test_the_site_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    assert {"limits.html", "reference/command-line.html"} <= {
        entry["location"] for entry in index["docs"]
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_has_every_command_with_all_that_it_takes(
    name: str, site: Path
) -> None:
    path = site / "reference" / "command-line.html"
    assert f"annotator-{name}" in Page(path).anchors
    html = path.read_text(encoding="utf-8")
    section = html.partition(f'id="annotator-{name}"')[2].partition("<h2")[0]
    for parameter in COMMANDS[name].params:
        shown = [o for o in parameter.opts if o.startswith("--")] or [parameter.name]
        assert any(f"<code>{option}" in section for option in shown), shown


def test_the_reference_has_what_a_results_folder_can_be_asked(site: Path) -> None:
    anchors = Page(site / "reference" / "python.html").anchors
    asked = {name for name in vars(Results) if not name.startswith("_")}
    assert {f"annotator.store.Results.{name}" for name in asked} <= anchors
    assert {"annotator.Annotator.tag", "annotator.Annotator.score"} <= anchors
