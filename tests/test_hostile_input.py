"""Whatever bytes come in: spans stay inside, nothing is lost, and time is bounded.

What each format and stage promises stands in `fuzz/targets.py`.
"""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path

import pytest
from fuzz.cases import cases, seeds
from fuzz.targets import MODEL, TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.attribute import attribute, find_actors
from annotator.errors import UnreadableInput
from annotator.ingest import Options
from annotator.ingest.articles import Origin, articles_of
from annotator.ingest.document import Document, Facts
from annotator.ingest.files import Found
from annotator.ingest.reading import READERS
from annotator.records import Article, Failure, Passage, TaggedSentence
from annotator.segment import segment
from annotator.tag.windows import WindowBuilder, WindowShape

LIKELY = (0.7, 0.1, 0.1, 0.1)

ANY = [
    b"",
    b" ",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"a",
    b"It ran. ",
    b"\xe2\x80\x9c",
    b'"',
    b"'",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xf0\x9f\x94\xa5",
    b"\xcc\x81",
    b"\xd8\x9f",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"Gen. ",
    b"By Ana Roe\n",
    b"12 May 2031\n",
    b"Share\n",
    b"\xe2\x80\xa2 ",
    b"said ",
]
MARKS = {
    "md": [
        b"#",
        b"*",
        b"_",
        b"`",
        b"[",
        b"](",
        b"|",
        b"---\n",
        b"title: a\n",
        b"> ",
        b"<a>",
    ],
    "html": [
        b"<html>",
        b"<body>",
        b"<p>",
        b"</p>",
        b"<div",
        b">",
        b"<!--",
        b"-->",
        b"&#x0;",
        b"&amp",
        b"<![CDATA[",
        b"<script>",
        b"<meta charset=",
        b"'",
        b"<title>",
        b"<svg>",
    ],
    "json": [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"text"',
        b'"a"',
        b"1e999",
        b"NaN",
        b"null",
    ],
    "csv": [b",", b";", b'"', b'""', b"text", b"text,id\n", b"\r"],
    "docx": [
        b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/"
        b"main'>",
        b"<w:body>",
        b"<w:p>",
        b"<w:r>",
        b"<w:t>",
        b"</w:t>",
        b"</w:r>",
        b"</w:p>",
        b"</w:body>",
        b"</w:document>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
    ],
    "pdf": [
        b"%PDF-1.4\n",
        b"1 0 obj",
        b"<<",
        b">>",
        b"/Type/Page",
        b"/Kids[1 0 R]",
        b"endobj\n",
        b"stream\n",
        b"endstream",
        b"xref\n",
        b"trailer",
        b"/Root 1 0 R",
        b"startxref\n0",
    ],
    "parquet": [b"PAR1", b"\x15\x00", b"\x00\x00\x00\x10"],
}
ALIKE = {"jsonl": "json", "answers": "json", "training": "json", "tsv": "csv"}


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Bytes in the manner of a format, whole files of it with a piece put in or cut."""
    marks = MARKS.get(ALIKE.get(target, target), [])
    pieces = st.sampled_from([*ANY, *marks, *marks]) | st.binary(max_size=3)
    made = st.lists(pieces, max_size=12).map(b"".join)
    whole = st.sampled_from(list(seeds(target)))
    return made | st.tuples(whole, made, st.integers(0), st.integers(0)).map(_spoilt)


def _spoilt(drawn: tuple[bytes, bytes, int, int]) -> bytes:
    whole, piece, start, length = drawn
    start %= len(whole) + 1
    return whole[:start] + piece + whole[start + length % 20 :]


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_bytes_are_read_whole_and_in_place_or_refused(
    target: str, data: st.DataObject
) -> None:
    TARGETS[target](data.draw(inputs(target)))


BROKEN = [(target, data) for target in TARGETS for data in cases(target)]


@pytest.mark.parametrize(("target", "data"), BROKEN, ids=lambda v: str(v)[:24])
def test_what_broke_a_promise_once_keeps_it_now(target: str, data: bytes) -> None:
    TARGETS[target](data)


def origin_of(suffix: str) -> Origin:
    return Origin(Found(Path(f"a{suffix}"), suffix, False), Facts(), None, {})


def attributed(text: str) -> None:
    article = Article("a", "", text)
    body = [s for s in segment(article) if s.skipped is None]
    find_actors(text, body)
    attribute(article, [(s, TaggedSentence(LIKELY, 1.0, ())) for s in body])


def read_text(text: str) -> None:
    (document,) = READERS[".txt"](io.BytesIO(text.encode()), Options())
    assert isinstance(document, Document)
    assert list(articles_of(document, origin_of(".txt"), Options()))


QUADRATIC_ONCE = {
    "lines to be mended and dropped": (read_text, "â€™\n", 10_000),
    "nothing but line ends": (attributed, "\n", 6_000),
}


@pytest.mark.parametrize("name", QUADRATIC_ONCE)
def test_four_times_the_text_takes_about_four_times_the_time(name: str) -> None:
    stage, unit, length = QUADRATIC_ONCE[name]

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        taken = []
        for _ in range(2):
            began = time.process_time()
            stage(text)
            taken.append(time.process_time() - began)
        return min(taken)

    # Quadratic would be sixteen times.
    assert seconds(4 * length) < 8 * max(seconds(length), 0.02)


# What is read of what is too long


def refused(suffix: str, data: str, max_chars: int) -> str:
    """Why nothing is read of a file; empty if something is."""
    options = Options(max_chars=max_chars)
    try:
        (document,) = READERS[suffix](io.BytesIO(data.encode()), options)
    except UnreadableInput as fault:
        return str(fault)
    assert isinstance(document, Document)
    (found,) = articles_of(document, origin_of(suffix), options)
    return found.reason if isinstance(found, Failure) else ""


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        (".txt", "It ran.\n" * 101, "101 lines: expected at most 100; split the file"),
        (".md", "It ran.\n" * 101, "101 lines: expected at most 100"),
        (".json", json.dumps({"text": "a\n" * 101 + "a"}), "101 lines: expected at"),
        (".md", "It ran. " + "[" * 51, "51 marks of Markdown: expected at most 50"),
        (".txt", "a" * 1_001, "a line of 1,001 characters: expected at most 1,000"),
    ],
)
def test_what_is_too_long_is_refused_by_a_limit_that_can_be_raised(
    suffix: str, data: str, reason: str
) -> None:
    assert refused(suffix, data, max_chars=1_000).startswith(reason)
    assert refused(suffix, data, max_chars=3_000) == ""


WORDS = ["Ana", "ran.", "“No,”", "🔥", "ا", "e\u0301", "1."]


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 60)), min_size=1),
    st.sampled_from(["", "\t", "\u2003"]),
)
def test_white_space_without_end_becomes_one_space_and_spans_hold(
    words: list[tuple[str, int]], more: str
) -> None:
    text = "".join(word + (" " + more) * n for word, n in words)
    document = Document(text, pieces=(Passage(0, len(text), 0, len(text)),))
    (read,) = articles_of(document, origin_of(".txt"), Options())
    assert isinstance(read, Article)
    assert not re.search(r"\s{20}", read.text)
    assert read.text.split() == text.split()
    for p in read.passages:
        assert read.text[p.start : p.end] == text[p.source_start : p.source_end]


@pytest.fixture(scope="module")
def builder() -> WindowBuilder:
    return WindowBuilder(MODEL / "tokenizer.json", WindowShape())


TOKENS = [
    "the ",
    "minister ",
    "aaaaaaa",
    " ",
    "é",
    "e\u0301",
    "漢",
    "ا",
    "🔥",
    ".",
    "_",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*TOKENS, "x" * 50]), max_size=300).map("".join),
    st.integers(1, 8),
)
def test_the_first_tokens_of_a_text_are_those_of_its_whole(
    builder: WindowBuilder, text: str, limit: int
) -> None:
    (first,) = builder.tokenize([text], limit)
    (whole,) = builder.tokenize([text], len(text) + 1)
    assert first.ids == whole.ids[:limit]
    assert first.offsets == whole.offsets[:limit]
    assert first.words == whole.words[:limit]
