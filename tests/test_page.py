"""Saved plain-text pages: which lines are body, whose they are, why others are not."""

from __future__ import annotations

import gc
import re
import time
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.ingest.page import SplitPage, split_page
from annotator.ingest.page.furniture import look

TESTS = Path(__file__).parent
SEEDS = TESTS.parent / "seeds"
PAGES = TESTS / "pages"
READING = tomllib.loads((TESTS / "seeds_reading.toml").read_text("utf-8"))
LINE_END = re.compile(r"\r\n|\r|\n")


def fates(text: str, page: SplitPage) -> dict[int, tuple[int | None, str]]:
    """Text and its split -> by line from 1: story and fate ("body" or a reason)."""
    starts = [0, *(m.end() for m in LINE_END.finditer(text))]
    kept = {
        bisect_right(starts, span.start): (number, block.kind)
        for number, story in enumerate(page.stories)
        for block in story.blocks
        for span in block.lines
    }
    return kept | {d.line: (d.story, d.reason) for d in page.dropped}


def body_of(text: str, page: SplitPage) -> list[str]:
    """Give the body, a paragraph an item, subheadings marked as in `pages/`."""
    return [
        ("## " if block.kind == "heading" else "")
        + " ".join(text[start:end] for start, end in block.lines)
        for story in page.stories
        for block in story.blocks
    ]


# The seed pages, against a person's reading


def seed(name: str) -> str:
    return (SEEDS / name).read_bytes().decode("utf-8")


def numbers(ranges: list[str], text: str) -> set[int]:
    """Line ranges -> the numbers in them of lines that are not blank."""
    lines = LINE_END.split(text)
    bounds = [[int(n) for n in r.split("-")] for r in ranges]
    return {n for b in bounds for n in range(b[0], b[-1] + 1) if lines[n - 1].strip()}


@pytest.mark.parametrize("name", READING)
def test_every_story_of_a_seed_is_told_apart_with_what_the_page_says_of_it(name):
    found = [
        {"title": s.title, "outlet": s.outlet, "author": s.author, "date": s.published}
        for s in split_page(seed(name)).stories
    ]
    expected = [
        {
            "title": s.get("title"),
            "outlet": s.get("outlet"),
            "author": s.get("author"),
            "date": s.get("published"),
        }
        for s in READING[name]["story"]
    ]
    assert found == expected


@pytest.mark.parametrize("name", READING)
def test_no_body_line_of_a_seed_is_lost_or_given_to_another_story(name):
    text = seed(name)
    found = fates(text, split_page(text))
    for number, story in enumerate(READING[name]["story"]):
        for kind, key in (("body", "body"), ("heading", "headings")):
            for line in numbers(story.get(key, []), text):
                assert found[line] == (number, kind), f"line {line}"


@pytest.mark.parametrize("name", READING)
def test_nothing_else_of_a_seed_is_in_a_body(name):
    text = seed(name)
    reading = READING[name]
    wanted = {n for s in reading["story"] for n in numbers(s["body"], text)}
    wanted |= {
        n for s in reading["story"] for n in numbers(s.get("headings", []), text)
    }
    doubtful = numbers(reading.get("prose_captions", []), text)
    kept = {
        n
        for n, (_, fate) in fates(text, split_page(text)).items()
        if fate in ("body", "heading")
    }
    assert kept - wanted - doubtful == set()


@pytest.mark.xfail(reason="a caption in whole sentences looks like a paragraph")
@pytest.mark.parametrize("line", [114, 130, 131])
def test_captions_in_whole_sentences_are_dropped(line):
    text = seed("002_ef2179ba170a4ab1.txt")
    assert fates(text, split_page(text))[line][1] == "caption"


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("000_b64ac94ca46209b0.txt", 25, "reader comment"),
        ("000_b64ac94ca46209b0.txt", 70, "reader comment"),
        ("000_b64ac94ca46209b0.txt", 94, "comment form"),
        ("001_4fc37e36cfcd5aaf.txt", 5, "donation appeal"),
        ("001_4fc37e36cfcd5aaf.txt", 7, "title"),
        ("001_4fc37e36cfcd5aaf.txt", 11, "repeated title"),
        ("001_4fc37e36cfcd5aaf.txt", 29, "outlet name"),
        ("001_4fc37e36cfcd5aaf.txt", 41, "reader comment"),
        ("002_ef2179ba170a4ab1.txt", 23, "related links"),
        ("002_ef2179ba170a4ab1.txt", 97, "related links"),
        ("002_ef2179ba170a4ab1.txt", 104, "caption"),
        ("002_ef2179ba170a4ab1.txt", 112, "caption"),
        ("002_ef2179ba170a4ab1.txt", 120, "embedded post"),
        ("002_ef2179ba170a4ab1.txt", 122, "caption"),
        ("002_ef2179ba170a4ab1.txt", 124, "embedded post"),
        ("002_ef2179ba170a4ab1.txt", 139, "caption"),
        ("002_ef2179ba170a4ab1.txt", 155, "byline"),
        ("003_08963c1b09683d1f.txt", 2, "navigation"),
        ("003_08963c1b09683d1f.txt", 8, "date"),
        ("003_08963c1b09683d1f.txt", 9, "byline"),
        ("003_08963c1b09683d1f.txt", 11, "caption"),
        ("003_08963c1b09683d1f.txt", 64, "related links"),
    ],
)
def test_a_dropped_line_of_a_seed_says_why(name, line, reason):
    text = seed(name)
    assert fates(text, split_page(text))[line][1] == reason


# Other sites' manners


def cases() -> dict[str, list[tuple[str, str]]]:
    """`pages/cases.txt` -> by name, the lines of a page with their marks.

    Marks: a digit for a body line of that story, h for a subheading, t for a line
    that holds a story's title, - for any other line.
    """
    pages: dict[str, list[tuple[str, str]]] = {}
    for line in (PAGES / "cases.txt").read_text("utf-8").splitlines():
        if line.startswith("=== "):
            lines = pages[line[4:]] = []
        else:
            lines.append((line[:1], line[2:]))
    return pages


CASES = cases()
FAULTS = {
    "What do the farmers want?": "a subheading that ends as a sentence does",
    "First result from the north": "a subheading where captions mostly stand",
    "“In a spirit of good neighbourliness”": "a pull quote looks like a quotation",
}


def marked(name: str) -> Iterator[tuple[str, str, str]]:
    """Give of each line that is not blank: its text, expected and found mark."""
    lines = CASES[name]
    text = "\n".join(line for _, line in lines)
    found = fates(text, split_page(text))
    for number, (mark, line) in enumerate(lines, 1):
        if line.strip():
            story, fate = found[number]
            kept = {"body": str((story or 0) + 1), "heading": "h"}
            yield line, mark.replace("t", "-"), kept.get(fate, "-")


@pytest.mark.parametrize("name", CASES)
def test_body_and_furniture_are_told_apart_on(name):
    wrong = [
        (line, expected, found)
        for line, expected, found in marked(name)
        if expected != found and line not in FAULTS
    ]
    assert wrong == []


@pytest.mark.xfail(reason="; ".join(FAULTS.values()))
@pytest.mark.parametrize("line", FAULTS)
def test_known_faults_are_mended(line):
    assert all(
        expected == found
        for name in CASES
        for text, expected, found in marked(name)
        if text == line
    )


@pytest.mark.parametrize("name", CASES)
def test_the_title_is_found_on(name):
    lines = CASES[name]
    page = split_page("\n".join(line for _, line in lines))
    titles = [" ".join(line.split()) for mark, line in lines if mark == "t"]
    assert [s.title for s in page.stories] == (titles or [None])


@pytest.mark.parametrize(
    ("start", "outlet", "author", "published"),
    [
        ("newspaper page", None, None, "2021-05-04"),
        ("broadcaster page", None, None, "2022-04-07"),
        ("blog post", "The Kerrin Post", "admin", "2018-06-02"),
        ("newsletter post", "The Long Ledger", "Dora Lind", "2023-02-11"),
        ("related links in the middle", None, "Amal Said", "2016-04-09"),
        ("column in the first person", None, "Nils Arvid", None),
        ("party newspaper", None, "Ida Kranz", None),
        ("analysis with footnote", None, "Jonas Hagel", "2019-03-21"),
        ("short one-line paragraphs", None, None, None),
    ],
)
def test_outlet_author_and_date_are_what_the_page_says(
    start, outlet, author, published
):
    name = next(name for name in CASES if name.startswith(start))
    page = split_page("\n".join(line for _, line in CASES[name]))
    story = page.stories[0]
    assert (story.outlet, story.author, story.published) == (outlet, author, published)


@pytest.mark.parametrize("name", ["harbour", "ceasefire", "audit"])
def test_a_page_saved_as_text_has_the_body_of_its_html(name):
    text = (PAGES / f"{name}.txt").read_text("utf-8")
    expected = (PAGES / f"{name}.expected.txt").read_text("utf-8").splitlines()
    assert body_of(text, split_page(text)) == expected


# Records and extracted text


def test_a_record_loses_only_what_no_body_can_hold():
    text = (
        "Rebels take the bridge\n"
        "Short line without a stop\n"
        "Maria Gomez\n"
        "Sign up for our daily newsletter\n"
        "Advertisement\n"
        "Read more: Who holds the bridge?\n"
        "Image copyright AFP Image caption The bridge on Monday\n"
        "Comments\n"
        "lol no way!!\n"
    )
    page = split_page(text, several=False, title="Rebels Take the Bridge")
    assert body_of(text, page) == [
        "Short line without a stop",
        "Maria Gomez",
        "Comments",
        "lol no way!!",
    ]
    assert [d.reason for d in page.dropped] == [
        "repeated title",
        "newsletter sign-up",
        "advertisement",
        "related links",
        "caption",
    ]
    assert page.stories[0].title == "Rebels Take the Bridge"


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff\n\u200b"])
def test_a_text_without_words_has_no_story(text):
    assert split_page(text).stories == ()


def test_a_text_of_nothing_but_short_lines_is_kept():
    text = "bombs fell on the town\nnobody came"
    assert body_of(text, split_page(text)) == text.split("\n")


# A line by itself


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("Leave a Reply", "opens", "comment form"),
        ("7 Kommentare", "opens", "comment form"),
        ("مقالات ذات صلة", "opens", "related links"),
        ("Читайте также", "opens", "related links"),
        ("Tweet Share Print", "furniture", "share button"),
        ("Published 3 May 2017", "date", "date"),
        ("2017-05-03", "date", "date"),
        ("03/04/2017", "furniture", "number or symbol"),
        ("By Jane Doe and John Roe", "byline", "byline"),
        ("By noon the town had fallen", "label", ""),
        ("Cranes at the port (Jo Bell/Reuters)", "credited", "caption"),
        ("@someone", "handle", "embedded post"),
        ("Olga Brant says:", "signed", ""),
        ("Q: And then?", "speaker", ""),
        ("“Nobody,” he said", "label", ""),
        ("“Nobody”", "sentence", ""),
        ("He was shot on May 3, 2017.", "sentence", ""),
        ("هل انتهت الحرب؟", "sentence", ""),
    ],
)
def test_a_line_by_itself_looks_like(text, kind, reason):
    assert (look(text).kind, look(text).reason) == (kind, reason)


# Invariants

LINES = st.sampled_from(sorted({line for lines in CASES.values() for _, line in lines}))
ANY_TEXT = st.text() | st.lists(LINES | st.text(max_size=30), max_size=30).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n"]).map(
        lambda end: end.join(lines)
    )
)


@given(ANY_TEXT, st.booleans())
def test_every_line_is_in_one_block_or_dropped_once_and_spans_are_its_text(
    text, several
):
    page = split_page(text, several=several)
    spans = [s for story in page.stories for b in story.blocks for s in b.lines]
    spans += [d.span for d in page.dropped]
    starts = [0, *(m.end() for m in LINE_END.finditer(text))]
    lines = LINE_END.split(text)
    found = sorted(bisect_right(starts, span.start) for span in spans)
    assert found == [n for n, line in enumerate(lines, 1) if line.strip()]
    for start, end in spans:
        line = lines[bisect_right(starts, start) - 1]
        assert line.strip().endswith(text[start:end])
        assert text[start:end] == text[start:end].strip() != ""
    assert all(bisect_right(starts, d.span.start) == d.line for d in page.dropped)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_nothing_on(name, end):
    text = "\n".join(line for _, line in CASES[name])
    other = text.replace("\n", end)
    assert body_of(other, split_page(other)) == body_of(text, split_page(text))


@pytest.mark.parametrize(
    "unit",
    [
        "word " * 20,
        "x",
        '"',
        "Home\n",
        "Some Title Here Now\n",
        "John Smith\nhe said\n",
    ],
)
def test_four_times_the_text_takes_about_four_times_the_time(unit):
    def seconds(text: str) -> float:
        begin = time.process_time()
        split_page(text)
        return time.process_time() - begin

    small = unit * (4_000 // len(unit))
    gc.disable()
    try:
        once = min(seconds(small) for _ in range(3))
        fourfold = min(seconds(small * 4) for _ in range(3))
    finally:
        gc.enable()
    assert fourfold < 10 * max(once, 0.01)
