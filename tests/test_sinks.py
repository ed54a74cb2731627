"""Text that would do harm where it goes out: each way out leaves it text.

Beside these: cells of CSV in `test_export.py`, `test_profile_command.py` and
`test_scores.py`; tables in `test_report.py`, `test_sources.py` and
`test_corroborate.py`; the review page in `test_review_browser.py`; the log of a review
in `test_review_log.py`.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from browser import EVIL_OUTLET, HOSTILE
from decision_log import log as decisions
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from annotator.cli import main
from annotator.records import Failure
from annotator.report.html import write_report
from annotator.report.terminal import safe
from annotator.store import ResultsWriter, read_results
from annotator.store.reviews import open_log

pytest_plugins = ["browser"]

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys, line ends and tabs left out, and what reorders a line."""
OWNED = "\x1b]0;owned\x07\x1b[2J\u202e[bold red]\x9b31m"
STORY = "The board met on Monday.\n\nOfficials said that the quay will be closed.\n"


# The terminal


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_what_is_made_safe_steers_nothing_and_stays_as_it_is(text: str) -> None:
    made = safe(text)
    assert not STEERING.search(made)
    assert not re.search("[\n\t\x85\u2028\u2029\ud800-\udfff]", made)
    assert safe(made) == made
    if text.isalnum():
        assert made == text


def shown(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str | Path,
) -> str:
    """Everything a command writes, on both its ways out."""
    monkeypatch.setattr(sys, "argv", ["annotator", *map(str, arguments)])
    with pytest.raises(SystemExit):
        main()
    out, err = capsys.readouterr()
    return f"{out}{err}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article and a file that is none, both in a folder whose names do harm."""
    made = tmp_path / f"news {OWNED.replace('/', '')}"
    made.mkdir()
    (made / "story.txt").write_text(STORY)
    (made / f"empty{OWNED}.txt").touch()
    (made / f"line\nend{OWNED}.txt").touch()
    return made


@pytest.mark.parametrize("terminal", [False, True], ids=["a file", "a terminal"])
def test_scoring_shows_no_name_of_a_file_or_outlet_that_steers(
    folder: Path,
    tmp_path: Path,
    tiny_model: Path,
    terminal: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    told = shown(
        capsys,
        monkeypatch,
        *("score", folder, "--outlet-from-folder", "--model", tiny_model),
        *("--out", tmp_path / "results"),
    )
    assert "⟨1B⟩]0;owned⟨07⟩" in told
    assert "empty" in told
    assert not re.search("\x1b]|\x1b\\[2J|\x07|\x9b|\u202e", told)
    if not terminal:
        assert not STEERING.search(told)


@pytest.mark.parametrize(
    "command",
    [
        ["score", OWNED, "--manifest", OWNED],
        ["score", "x.txt", "--aliases", OWNED],
        ["score", "x.txt", "--model", OWNED],
        ["score", "x.txt", "--actors", OWNED],
        ["sources", OWNED],
        ["corroborate", OWNED],
        ["profile", OWNED],
        ["review", OWNED],
        ["export", OWNED, "--format", "csv", "--out", "x.csv"],
        ["import", OWNED, OWNED, "--format", "doccano"],
        ["evaluate", OWNED, "--data", OWNED],
        ["gate", OWNED, "--data", OWNED],
        ["audit", OWNED, "--data", OWNED],
        ["train", "--config", OWNED, "--claims", OWNED],
        ["learn", OWNED],
        [OWNED],
        ["sources", "results", OWNED],
        [f"--{OWNED}"],
        ["sources", f"--{OWNED}"],
    ],
    ids=lambda command: command[0][:9],
)
def test_an_error_that_tells_what_was_given_steers_nothing(
    command: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.txt").write_text(STORY)
    told = shown(capsys, monkeypatch, *command)
    assert "owned" in told
    assert not STEERING.search(told)


# Files of lines


def test_a_failure_is_one_line_of_json_whatever_its_words(tmp_path: Path) -> None:
    told = f"a\nb\r{OWNED}\u2028"
    with ResultsWriter(tmp_path / "results") as out:
        out.add_failure(Failure(told, "ingest", told))
        out.finish([], {})
    written = (tmp_path / "results" / "errors.jsonl").read_text("utf-8")
    (line,) = written.removesuffix("\n").split("\n")
    assert not STEERING.search(line)
    assert json.loads(line) == {"path": told, "stage": "ingest", "reason": told}
    assert not re.search("[\x00-\x1f]", line)


# HTML


def test_the_report_of_hostile_articles_runs_nothing_in_a_browser(
    harbour: Path, tmp_path: Path, chromium: Browser
) -> None:
    page = tmp_path / "report.html"
    write_report(read_results(harbour), page)
    context = chromium.new_context()
    opened = context.new_page()
    faults = _faults(opened)
    opened.goto(page.as_uri())
    for summary in opened.locator("summary").all():
        summary.click()
    opened.keyboard.press("Escape")
    text = opened.locator("body").inner_text()
    assert faults == []
    assert HOSTILE.partition(" ")[0] in text
    assert EVIL_OUTLET.partition(" \u202e")[0] in text
    assert not STEERING.search(text)
    context.close()


def _faults(page: Page) -> list[str]:
    """What must not happen on a page, as it happens: a list that fills."""
    faults: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda sent: None if sent.url.startswith("file:") else faults.append(sent.url),
    )
    return faults


# SQL

INJECTED = [
    "'; DROP TABLE decisions; --",
    '" OR 1=1 --',
    "a' UNION SELECT password FROM accounts --",
    "%",
    "_",
    "\\",
    ":name",
    "{0}",
    "$1",
    "?",
]


@pytest.mark.parametrize("text", INJECTED)
def test_words_of_sql_in_a_decision_are_words(tmp_path: Path, text: str) -> None:
    first, second = decisions("Ana a:0 fact", "Ben a:1 opinion")
    hostile = replace(
        second, sentence_id=text, article_id=text, reviewer=text, note=text, model=text
    )
    with open_log(tmp_path) as log:
        assert [log.record(d, None) for d in (first, hostile)] == [first, hostile]
        assert list(log.decisions()) == [first, hostile]
        assert log.last(text, text) == hostile.decision_id
